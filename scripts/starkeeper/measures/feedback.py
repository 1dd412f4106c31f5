"""Takes the feedback of a tracker; gives the numbers of one week."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial

from msgspec import Struct

from starkeeper.measures.answers import Answer, answer_of
from starkeeper.measures.numbers import Share, Times, times_of
from starkeeper.measures.stars import issues_of
from starkeeper.measures.weeks import Period
from starkeeper.model.facts import Facts
from starkeeper.model.measures import FeedbackMeasures
from starkeeper.model.resources import Issue

OVERDUE_AFTER = dt.timedelta(days=7)
OTHER = "other"
"""A kind that the desk has no word for: what stands in its place is a customer's, and is not told."""


class Feedback(Struct, frozen=True):
    """One issue; `contact` is how the clock went where it asks for contact and came within the weeks in question."""

    issue: Issue
    asked: bool
    contact: Answer | None


class FeedbackNumbers(Struct, frozen=True, kw_only=True):
    """One week. `contacted` are those that were due or done in it, in time; `overdue` are open at its end for long."""

    received: int
    kinds: Mapping[str, int]
    asked: int
    contacted: Share
    contact_times: Times
    overdue: tuple[Issue, ...]
    good: tuple[Issue, ...]
    trends: Mapping[str, int]


def feedback_of(measures: FeedbackMeasures, facts: Facts, since: dt.datetime) -> tuple[Feedback, ...]:
    """Every issue, oldest first; raises FacetNeeded where one that came since then must be read further."""
    return tuple(_feedback(measures, each, facts, since) for each in issues_of(measures.tracker, facts))


def feedback_questions(measures: FeedbackMeasures, facts: Facts, since: dt.datetime) -> Iterator[Callable[[], object]]:
    """What `feedback_of` will ask, each question by itself."""
    for each in issues_of(measures.tracker, facts):
        yield partial(_feedback, measures, each, facts, since)


def feedback_numbers(
    every: Iterable[Feedback], period: Period, measures: FeedbackMeasures, facts: Facts
) -> FeedbackNumbers:
    """The numbers of a week."""
    every = tuple(every)
    received = [each for each in every if period.has(each.issue.created_at)]
    contacts = [each.contact for each in every if each.contact]
    decided = [each for each in contacts if period.has(each.decided_at)]
    labels = (name for each in received for name in measures.trends.matching(each.issue.labels))
    return FeedbackNumbers(
        received=len(received),
        kinds=_kinds(received, measures, facts),
        asked=sum(each.asked for each in received),
        contacted=Share(sum(each.in_time for each in decided), len(decided)),
        contact_times=times_of(each.took for each in contacts if each.took is not None and period.has(each.stopped_at)),
        overdue=tuple(each.issue for each in every if _is_overdue(each.issue, period.ends_at)),
        good=tuple(each.issue for each in received if measures.good.matches(each.issue.labels)),
        trends=Counter(labels),
    )


def _feedback(measures: FeedbackMeasures, issue: Issue, facts: Facts, since: dt.datetime) -> Feedback:
    asked = measures.asked.matches(issue.labels)
    is_looked_at = asked and issue.created_at >= since
    return Feedback(issue, asked, answer_of(measures.clock, issue, facts) if is_looked_at else None)


def _kinds(received: Iterable[Feedback], measures: FeedbackMeasures, facts: Facts) -> dict[str, int]:
    """In the order of desk.yml, those that nobody sent as well."""
    known = facts.desk.trackers[measures.tracker].values.get(measures.kind, {})
    found = Counter(each.issue.fields.get(measures.kind, "") for each in received)
    kinds = {kind: found.pop(kind, 0) for kind in dict.fromkeys(known.values())}
    return {**kinds, OTHER: found.total()} if found.total() else kinds


def _is_overdue(issue: Issue, at: dt.datetime) -> bool:
    """Whether it had been open for so long then, and was not closed before."""
    was_open = issue.state == "opened" or (issue.closed_at is not None and issue.closed_at >= at)
    return was_open and issue.created_at <= at - OVERDUE_AFTER
