"""Takes the clocks of desk.yml as they are written; gives clocks of the desk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

from starkeeper.model.desk import Clock, ClockStart, ClockStop, Group, Who
from starkeeper.model.values import Interval, LabelPattern
from starkeeper.policies.desk_grammar import ClockEntry, StartEntry, StopEntry
from starkeeper.policies.grammar import Word

StopWritten = Literal["closed"] | StopEntry


def make_clock(name: str, entry: ClockEntry) -> Clock:
    """The clock of a checked entry."""
    return Clock(
        name=name,
        calendar=entry.calendar.text if entry.calendar else "",
        starts=_start(entry.starts),
        stops=tuple(make_stop(each) for each in stops_of(entry)),
        pauses=entry.pauses,
        length=_length(entry.length),
    )


def stops_of(entry: ClockEntry) -> tuple[StopWritten, ...]:
    """One may stand without its list."""
    return entry.stops if isinstance(entry.stops, tuple) else (entry.stops,)


def make_stop(entry: StopWritten) -> ClockStop:
    """One thing that stops a clock, which may not be right yet."""
    if not isinstance(entry, StopEntry):
        return ClockStop(what=entry)
    if entry.label is None:
        return ClockStop(what="comment", by=make_who("people" if entry.comment is None else entry.comment))
    return ClockStop(what="label", label=entry.label, by=make_who("people" if entry.by is None else entry.by))


def names_in(entry: ClockEntry) -> tuple[Word, ...]:
    """Every user name that it gives."""
    parts = [each for each in (entry.starts, *stops_of(entry)) if isinstance(each, Struct)]
    given = [getattr(each, key, None) for each in parts for key in ("by", "comment")]
    return tuple(word for each in given if isinstance(each, tuple) for word in each)


def make_who(entry: Group | tuple[Word, ...]) -> Who:
    """A group, or user names."""
    return entry if isinstance(entry, str) else tuple(each.text for each in entry)


def _start(entry: Literal["opened", "opening"] | StartEntry) -> ClockStart:
    if not isinstance(entry, StartEntry):
        return ClockStart(at=entry)
    if entry.field is not None:
        return ClockStart(field=entry.field.text)
    return ClockStart(label=entry.label, by=make_who("anyone" if entry.by is None else entry.by))


def _length(
    entry: Interval | Mapping[str, Interval] | None,
) -> Interval | tuple[tuple[LabelPattern, Interval], ...] | None:
    if entry is None or isinstance(entry, Interval):
        return entry
    return tuple((LabelPattern.parse(label), length) for label, length in entry.items())
