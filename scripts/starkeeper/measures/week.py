"""Takes the facts and what of the desk is meant; gives the numbers of the last whole week and of the four before it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from msgspec import Struct

from starkeeper.measures.feedback import FeedbackNumbers, feedback_numbers, feedback_of, feedback_questions
from starkeeper.measures.stars import (
    REPEATED_WITHIN,
    StarNumbers,
    issues_of,
    star_numbers,
    star_questions,
    stars_of,
)
from starkeeper.measures.weeks import Period, weeks_until
from starkeeper.model.facets import Facet, FacetNeeded
from starkeeper.model.facts import Facts
from starkeeper.model.measures import WeekMeasures
from starkeeper.model.resources import Subject


class Week(Struct, frozen=True):
    """The last whole week first, then those before it of which something is known, newest first.

    `regions` are the same for what came while each was on shift, in the order of the rotation; empty where its table
    of shifts names none. `feedback` is empty where no tracker of it is measured.
    """

    period: Period
    stars: tuple[StarNumbers, ...]
    regions: Mapping[str, tuple[StarNumbers, ...]]
    feedback: tuple[FeedbackNumbers, ...]


def read_since(until: dt.datetime) -> dt.datetime:
    """So far back the closed issues of the trackers must be listed, by their last update; the open ones all."""
    return _since(until) - REPEATED_WITHIN


def needs_of(measures: WeekMeasures, facts: Facts, until: dt.datetime) -> frozenset[tuple[Facet, Subject]]:
    """What must be read before `week_of` can answer, as far as can be told; nothing more once it is empty."""
    questions = [*star_questions(measures, facts, _since(until))]
    if measures.feedback:
        questions += feedback_questions(measures.feedback, facts, _since(until))
    needs: set[tuple[Facet, Subject]] = set()
    for ask in questions:
        try:
            ask()
        except FacetNeeded as need:
            needs |= need.needs
    return frozenset(needs)


def week_of(measures: WeekMeasures, facts: Facts, until: dt.datetime) -> Week:
    """The measures of the last week that had ended by then; raises FacetNeeded where `needs_of` is not empty."""
    last, *before = weeks_until(until)
    stars = stars_of(measures, facts, _since(until))
    known = [last, *(each for each in before if _began_before(each, measures.tracker, facts))]
    regions = {
        region: tuple(
            star_numbers((each for each in stars if each.region == region), week, measures, facts) for week in known
        )
        for region in _regions(measures, facts)
    }
    total = tuple(star_numbers(stars, week, measures, facts) for week in known)
    return Week(last, total, regions, tuple(_feedback_weeks(measures, facts, until)))


def _since(until: dt.datetime) -> dt.datetime:
    return weeks_until(until)[-1].starts_at


def _feedback_weeks(measures: WeekMeasures, facts: Facts, until: dt.datetime) -> Iterator[FeedbackNumbers]:
    mapping = measures.feedback
    if mapping is None:
        return
    every = feedback_of(mapping, facts, _since(until))
    last = weeks_until(until)[0]
    for week in weeks_until(until):
        if week == last or _began_before(week, mapping.tracker, facts):
            yield feedback_numbers(every, week, mapping, facts)


def _began_before(week: Period, tracker: str, facts: Facts) -> bool:
    """Whether the tracker was in use by then: a week before that had no small numbers, but none."""
    issues = issues_of(tracker, facts)
    return bool(issues) and issues[0].created_at < week.ends_at


def _regions(measures: WeekMeasures, facts: Facts) -> tuple[str, ...]:
    """As the shifts of a day name them. With one of them the total says the same."""
    people = facts.desk.people
    shifts = facts.desk.rotations[measures.rotation].shifts
    of_shifts = (each.region or (people[each.person].region if each.person in people else "") for each in shifts)
    names = tuple(dict.fromkeys(each for each in of_shifts if each))
    return names if len(names) > 1 else ()
