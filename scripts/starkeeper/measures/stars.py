"""Takes the STARs of a tracker; gives the numbers of one week, of all of them or of those that one region received."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial

from msgspec import Struct

from starkeeper.desk.calendars import is_open, open_time
from starkeeper.desk.rotations import duties_of, on_duty
from starkeeper.measures.answers import Answer, answer_of
from starkeeper.measures.numbers import Share, Times, times_of
from starkeeper.measures.weeks import Period
from starkeeper.model.facts import Facts
from starkeeper.model.measures import WeekMeasures
from starkeeper.model.resources import Issue, Resource
from starkeeper.model.values import LabelPattern

REPEATED_WITHIN = dt.timedelta(days=30)


class Star(Struct, frozen=True, kw_only=True):
    """What is known of one STAR. Of one that came before the weeks in question only how it ended is.

    `acknowledged_after` counts open time, up to the label that says so; `earlier` is the one before it for the same
    ticket. `region` is the one on shift when it came.
    """

    issue: Issue
    region: str
    outside: bool
    acknowledged_at: dt.datetime | None = None
    acknowledged_after: dt.timedelta | None = None
    answer: Answer | None = None
    earlier: Resource | None = None


class StarNumbers(Struct, frozen=True, kw_only=True):
    """One week. Each STAR counts in the week in which the thing happened to it: it came, it was acknowledged, its
    answer was given or fell due, it was closed. `resolved` counts open time, `resolved_by_clock` all of it."""

    received: int
    outside: int
    acknowledged: Times
    answered: Share
    late: tuple[Star, ...]
    resolved: Times
    resolved_by_clock: Times
    unstarred: Share
    repeats: tuple[Star, ...]
    unlabelled: tuple[Star, ...]
    slowest: tuple[Star, ...]
    trends: Mapping[str, int]


def stars_of(measures: WeekMeasures, facts: Facts, since: dt.datetime) -> tuple[Star, ...]:
    """Every STAR, oldest first; raises FacetNeeded where one that came since then must be read further."""
    return tuple(_star(measures, each, facts, since) for each in issues_of(measures.tracker, facts))


def star_questions(measures: WeekMeasures, facts: Facts, since: dt.datetime) -> Iterator[Callable[[], object]]:
    """What `stars_of` will ask, each question by itself, so that all that must be read can be read at once."""
    for each in issues_of(measures.tracker, facts):
        if each.created_at >= since:
            yield partial(_acknowledged_at, measures.acknowledged, each, facts)
            yield partial(answer_of, measures.clock, each, facts)


def issues_of(tracker: str, facts: Facts) -> tuple[Issue, ...]:
    """The issues of a tracker, oldest first, without what moved ones left behind."""
    found = (each for each in facts.resources if isinstance(each, Issue) and each.tracker == tracker)
    return tuple(sorted((each for each in found if not each.moved), key=lambda each: (each.created_at, each.iid)))


def star_numbers(stars: Iterable[Star], period: Period, measures: WeekMeasures, facts: Facts) -> StarNumbers:
    """The numbers of a week."""
    stars = tuple(stars)
    received = [each for each in stars if period.has(each.issue.created_at)]
    acknowledged = [each for each in stars if each.acknowledged_after is not None and period.has(each.acknowledged_at)]
    decided = [(each, each.answer) for each in stars if each.answer and period.has(each.answer.decided_at)]
    closed = [each for each in stars if each.issue.state == "closed" and period.has(each.issue.closed_at)]
    labels = (name for each in received for name in measures.trends.matching(each.issue.labels))
    calendar = facts.desk.calendars[measures.calendar]
    spans = [(each.issue.created_at, each.issue.closed_at) for each in closed]
    return StarNumbers(
        received=len(received),
        outside=sum(each.outside for each in received),
        acknowledged=times_of(_length(each) for each in acknowledged),
        answered=Share(sum(answer.in_time for _, answer in decided), len(decided)),
        late=tuple(star for star, answer in decided if not answer.in_time),
        resolved=times_of(open_time(calendar, start, end) for start, end in spans if end),
        resolved_by_clock=times_of(end - start for start, end in spans if end),
        unstarred=Share(sum(measures.unstarred.matches(each.issue.labels) for each in closed), len(closed)),
        repeats=tuple(each for each in received if each.earlier),
        unlabelled=tuple(each for each in closed if not measures.trends.matches(each.issue.labels)),
        slowest=tuple(sorted(acknowledged, key=_length, reverse=True)),
        trends=Counter(labels),
    )


def _star(measures: WeekMeasures, issue: Issue, facts: Facts, since: dt.datetime) -> Star:
    calendar = facts.desk.calendars[measures.calendar]
    region = _region_at(measures.rotation, issue.created_at, facts)
    outside = not is_open(calendar, issue.created_at)
    if issue.created_at < since:
        return Star(issue=issue, region=region, outside=outside)
    acknowledged_at = _acknowledged_at(measures.acknowledged, issue, facts)
    return Star(
        issue=issue,
        region=region,
        outside=outside,
        acknowledged_at=acknowledged_at,
        acknowledged_after=open_time(calendar, issue.created_at, acknowledged_at) if acknowledged_at else None,
        answer=answer_of(measures.clock, issue, facts),
        earlier=_earlier(issue, facts),
    )


def _acknowledged_at(label: LabelPattern, issue: Issue, facts: Facts) -> dt.datetime | None:
    """When the label was first set, whoever has taken it off since."""
    events = (each for each in facts.label_events(issue) if each.action == "add" and each.label)
    return next((each.created_at for each in events if each.label and label.matches((each.label,))), None)


def _earlier(issue: Issue, facts: Facts) -> Resource | None:
    """The last one before it about the same, within so many days."""
    field = facts.desk.trackers[issue.tracker].same_by
    since = issue.created_at - REPEATED_WITHIN
    born = (issue.created_at, issue.iid)
    same = (each for each in facts.alike(issue, field) if since <= each.created_at) if field else ()
    before = [each for each in same if (each.created_at, each.iid) < born and not getattr(each, "moved", False)]
    return before[-1] if before else None


def _region_at(rotation: str, at: dt.datetime, facts: Facts) -> str:
    """As the table of shifts has it, for nobody remembers who was on call weeks ago; "" where there is none."""
    duty = on_duty(duties_of(facts.desk.rotations[rotation], at), at)
    person = facts.desk.people.get(duty.person) if duty else None
    return (duty.region if duty else "") or (person.region if person else "")


def _length(star: Star) -> dt.timedelta:
    return star.acknowledged_after or dt.timedelta(0)
