"""Takes a clock of the desk, an issue and what is known of it; says since when it runs, how far it is, when it is due.

It is a stopwatch: what would start it while it runs changes nothing; what starts it after it was stopped begins a new
run, counted from 1. Only open time of its calendar counts, and none while the issue carries a label that pauses it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from msgspec import structs

from starkeeper.desk import calendars
from starkeeper.desk.commands import says_something
from starkeeper.desk.stopwatch import Run, Stop, Stretch
from starkeeper.model.desk import Calendar, Clock, ClockStop
from starkeeper.model.facts import Facts
from starkeeper.model.people import belongs, said
from starkeeper.model.resources import LabelEvent, Resource
from starkeeper.model.values import LabelPattern


def read_run(clock: Clock, resource: Resource, facts: Facts) -> Run:
    """The present run of the clock; raises FacetNeeded where notes or label events must be read for it.

    A stop before the calendar opens counts as well: who answered early has answered. A label that is gone again stops
    nothing, for its mark was taken back. An issue that was reopened counts as never closed.
    """
    starts, why = _starts(clock, resource, facts)
    bare = Run(name=clock.name, length=length_of(clock, resource), calendar=_calendar(clock, facts))
    if not starts:
        return structs.replace(bare, why=why)
    stops = sorted(_stops(clock, resource, facts))
    number, started_at = 1, starts[0]
    for start in starts[1:]:
        if any(started_at <= stop.at <= start for stop in stops):
            number, started_at = number + 1, start
    counts = clock.starts.at is not None
    stop = next((each for each in stops if counts or each.at >= started_at), None)
    if stop is None and started_at > facts.now:
        why = "it has not begun yet"
    end = max(stop.at, started_at) if stop else None
    stretches = tuple(_without(_pauses(clock, resource, facts), started_at, end))
    return structs.replace(bare, number=number, started_at=started_at, stop=stop, stretches=stretches, why=why)


def most_elapsed(clock: Clock, resource: Resource, facts: Facts) -> dt.timedelta | None:
    """What can have counted at most, told without a request; None where that cannot be told."""
    if clock.starts.label is not None:
        return None
    starts, _ = _starts(clock, resource, facts)
    calendar = _calendar(clock, facts)
    return Run(name="", stretches=tuple((each, None) for each in starts), calendar=calendar).elapsed(facts.now)


def length_of(clock: Clock, resource: Resource) -> dt.timedelta | None:
    """How long it may run on that issue; None where no label of it says so."""
    if not isinstance(clock.length, tuple):
        return clock.length.length if clock.length else None
    found = (interval for label, interval in clock.length if label.matches(resource.labels))
    return next((each.length for each in found), None)


def _calendar(clock: Clock, facts: Facts) -> Calendar | None:
    return facts.desk.calendars[clock.calendar] if clock.calendar else None


def _starts(clock: Clock, resource: Resource, facts: Facts) -> tuple[list[dt.datetime], str]:
    """When something started it, in order; where nothing did, why."""
    starts = clock.starts
    if starts.label is not None:
        return _label_starts(starts.label, clock, resource, facts)
    if starts.field:
        return _field_start(starts.field, resource)
    calendar = _calendar(clock, facts)
    if starts.at == "opening" and calendar is not None:
        return [calendars.next_opening(calendar, resource.created_at)], ""
    return [resource.created_at], ""


def _label_starts(label: LabelPattern, clock: Clock, resource: Resource, facts: Facts) -> tuple[list[dt.datetime], str]:
    events = [each for each in facts.label_events(resource) if _is_setting(each, label)]
    by = clock.starts.by
    found = [each.created_at for each in events if belongs(each.user, by, resource, facts, each.created_at)]
    if not found and not events and label.matches(resource.labels):
        return [], f"it carries the label '{label.source}', and GitLab does not tell who set it when"
    return found, "" if found else f"{said(clock.starts.by)} has not set the label '{label.source}'"


def _field_start(name: str, resource: Resource) -> tuple[list[dt.datetime], str]:
    """The text is somebody's: it stays out of what is said of it."""
    try:
        at = dt.datetime.fromisoformat(resource.fields.get(name, "").strip().removesuffix(" UTC"))
        return [(at if at.tzinfo else at.replace(tzinfo=dt.UTC)).astimezone(dt.UTC)], ""
    except (ValueError, OverflowError):
        return [], f"the field '{name}' holds no time such as 2026-11-30 09:00"


def _stops(clock: Clock, resource: Resource, facts: Facts) -> Iterator[Stop]:
    """All that stops it, cheap ones first, for one may be enough to know."""
    for stop in sorted(clock.stops, key=lambda each: ("closed", "comment", "label").index(each.what)):
        if stop.what == "closed":
            if resource.state != "opened":
                yield Stop(_ended_at(resource) or facts.now, "closing")
        elif stop.what == "comment":
            notes = (each for each in facts.notes(resource) if not each.system)
            said = (each for each in notes if says_something(each, facts))
            mine = (each for each in said if belongs(each.author, stop.by, resource, facts, each.created_at))
            yield from (Stop(each.created_at, f"a comment by {each.author}") for each in mine)
        elif stop.label is not None:
            yield from _label_stops(stop, stop.label, resource, facts)


def _ended_at(resource: Resource) -> dt.datetime | None:
    """When it was closed, or merged."""
    merged_at: dt.datetime | None = getattr(resource, "merged_at", None)
    return resource.closed_at or merged_at


def _label_stops(stop: ClockStop, label: LabelPattern, resource: Resource, facts: Facts) -> Iterator[Stop]:
    for name in label.matching(resource.labels):
        events = [each for each in facts.label_events(resource) if each.label == name]
        last = events[-1] if events else None
        if last and last.action == "add" and belongs(last.user, stop.by, resource, facts, last.created_at):
            yield Stop(last.created_at, f"the label '{name}' by {last.user}")


def _is_setting(event: LabelEvent, label: LabelPattern) -> bool:
    return event.action == "add" and event.label is not None and label.matches((event.label,))


def _pauses(clock: Clock, resource: Resource, facts: Facts) -> Iterator[Stretch]:
    """When the issue carried a label that pauses the clock, one label after the other."""
    if not clock.pauses:
        return
    events: dict[str, list[LabelEvent]] = {}
    for event in facts.label_events(resource):
        if event.label is not None and any(each.matches((event.label,)) for each in clock.pauses):
            events.setdefault(event.label, []).append(event)
    for label in {*events, *(name for each in clock.pauses for name in each.matching(resource.labels))}:
        # What a rule has only just set, GitLab does not tell of either.
        first = resource.created_at if facts.had_label(label, resource) else facts.now
        yield from _carried(label in resource.labels, events.get(label, []), first)


def _carried(is_on: bool, events: Iterable[LabelEvent], first: dt.datetime) -> Iterator[Stretch]:
    """When a label was on: since the issue was opened where the first thing known of it is that it went."""
    since: dt.datetime | None = first
    is_known = False
    for event in events:
        if event.action == "add":
            since = event.created_at if since is None or not is_known else since
        elif since is not None:
            yield since, event.created_at
            since = None
        is_known = True
    if is_on and since is not None:
        yield since, None


def _without(pauses: Iterable[Stretch], start: dt.datetime, end: dt.datetime | None) -> Iterator[Stretch]:
    """What is left of a stretch without the pauses."""
    for pause, until in sorted(pauses, key=lambda each: each[0]):
        if end is not None and pause >= end:
            break
        if until is not None and until <= start:
            continue
        if pause > start:
            yield start, pause
        if until is None:
            return
        start = until
    if end is None or start < end:
        yield start, end
