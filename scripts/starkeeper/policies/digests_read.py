"""Takes the `digests` of one policy file, bound to their records; gives each as the run knows it."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct, structs

from starkeeper.model.digests import Digest, DigestIssue, DigestList, DigestMessage
from starkeeper.model.measures import FeedbackMeasures, WeekMeasures
from starkeeper.model.rules import Rule
from starkeeper.policies.grammar import (
    DigestEntry,
    DigestIssueEntry,
    DigestListEntry,
    FeedbackMeasuresEntry,
    WeekMeasuresEntry,
    Word,
)
from starkeeper.policies.nodes import MapNode


class DigestRead(Struct, frozen=True):
    """A digest, its entry with the place of each name, and its text as nodes."""

    digest: Digest
    entry: DigestEntry
    node: MapNode


def digest_read(entry: DigestEntry, node: MapNode, shown: str) -> DigestRead:
    """The clocks of a list that names none are all of the desk, which is not known here: see `with_clocks`."""
    name, slack, measures = entry.name.text.strip(), entry.slack, entry.measures
    digest = Digest(
        name=name,
        policy=shown,
        where=entry.where,
        rotation=entry.rotation.text,
        draft_before=entry.draft_before,
        lists=tuple(_list(each, name, shown) for each in entry.lists),
        pages=tuple(word.text for word in words(entry.pages)),
        weekend=entry.weekend.text if entry.weekend else "",
        week=_week(measures.week) if measures else None,
        issue=_issue(entry.issue) if entry.issue else None,
        slack=DigestMessage(channel=slack.post.text, template=slack.template, draft=slack.draft) if slack else None,
    )
    return DigestRead(digest, entry, node)


def with_clocks(digest: Digest, every: tuple[str, ...]) -> Digest:
    """The digest with every clock of the desk in each list that names none."""
    lists = (structs.replace(each, clocks=every) if each.clocks is None else each for each in digest.lists)
    return structs.replace(digest, lists=tuple(lists))


def words(value: Word | tuple[Word, ...] | None) -> tuple[Word, ...]:
    """Names said as one or as a list."""
    return value if isinstance(value, tuple) else (value,) if value else ()


def places(entry: DigestEntry) -> Iterator[tuple[str, Word]]:
    """Every name of the desk in it, with what it is a name of."""
    yield "rotation", entry.rotation
    yield from (("service", word) for word in words(entry.pages))
    yield from [("calendar", entry.weekend)] if entry.weekend else []
    yield from [("tracker", entry.issue.tracker)] if entry.issue else []
    yield from [("channel", entry.slack.post)] if entry.slack else []
    for each in entry.lists:
        yield "tracker", each.tracker
        yield from (("clock", word) for word in words(each.clocks))
    if entry.measures:
        week = entry.measures.week
        yield from (("tracker", week.tracker), ("clock", week.clock), ("calendar", week.calendar))
        yield "rotation", week.rotation
        if week.feedback:
            yield from (("tracker", week.feedback.tracker), ("clock", week.feedback.clock))


def _list(entry: DigestListEntry, digest: str, shown: str) -> DigestList:
    rule = Rule(
        name=f"{digest}: {entry.name.text}",
        policy=shown,
        where=entry.where,
        trackers=(entry.tracker.text,),
        conditions=entry.conditions,
    )
    clocks = None if entry.clocks is None else tuple(word.text for word in words(entry.clocks))
    return DigestList(name=entry.name.text, rule=rule, clocks=clocks)


def _issue(entry: DigestIssueEntry) -> DigestIssue:
    return DigestIssue(
        tracker=entry.tracker.text,
        title=entry.title,
        template=entry.template,
        confidential=entry.confidential,
        assigns_incoming=entry.assign == "incoming",
    )


def _week(entry: WeekMeasuresEntry) -> WeekMeasures:
    return WeekMeasures(
        tracker=entry.tracker.text,
        clock=entry.clock.text,
        calendar=entry.calendar.text,
        rotation=entry.rotation.text,
        acknowledged=entry.acknowledged,
        unstarred=entry.unstarred,
        trends=entry.trends,
        feedback=_feedback(entry.feedback) if entry.feedback else None,
    )


def _feedback(entry: FeedbackMeasuresEntry) -> FeedbackMeasures:
    return FeedbackMeasures(
        tracker=entry.tracker.text,
        kind=entry.kind.text,
        asked=entry.asked,
        clock=entry.clock.text,
        good=entry.good,
        trends=entry.trends,
    )
