"""Takes a calendar and instants; gives open time between them, the instant after so much of it, and openings. Exact.

A calendar is open at an instant when the wall clock of its zone shows a time in one of its windows, on a day that is
neither closed nor a holiday. So a whole day has 23 or 25 hours when clocks change, and a window in the hour that comes
twice is open twice.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import lru_cache
from itertools import accumulate
from zoneinfo import ZoneInfo

from msgspec import Struct

from starkeeper.desk import holidays
from starkeeper.model.desk import Calendar

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)
_MINUTES = 60_000_000
_DAY = 1440 * _MINUTES
_FIRST_DAY, _LAST_DAY = (each.toordinal() - _EPOCH.toordinal() for each in (dt.date.min, dt.date.max))
# A calendar with a window in the week opens at least once in so many years, whatever days are closed.
_YEARS = 60


def is_open(calendar: Calendar, at: dt.datetime) -> bool:
    """Whether the calendar is open at that instant."""
    stretches, at_number = _year(calendar, _utc(at).year), _number(at)
    place = bisect_right(stretches.starts, at_number) - 1
    return place >= 0 and at_number < stretches.ends[place]


def open_time(calendar: Calendar, start: dt.datetime, end: dt.datetime) -> dt.timedelta:
    """How long the calendar is open from one instant to another; nothing where the second is not the later."""
    first, last = _utc(start).year, _utc(end).year
    if end <= start:
        return dt.timedelta(0)
    between = sum(_year(calendar, year).total for year in range(first, last))
    return (between + _open_by(calendar, end) - _open_by(calendar, start)) * _MICROSECOND


def after(calendar: Calendar, start: dt.datetime, open_time: dt.timedelta) -> dt.datetime:
    """The first instant, in UTC, by which the calendar has been open for so long since the start.

    Raises ValueError where the calendar never is open for so long in all the years that are looked at.
    """
    if open_time <= dt.timedelta(0):
        return _utc(start)
    year = _utc(start).year
    wanted = _open_by(calendar, start) + open_time // _MICROSECOND
    for each in range(year, min(year + _YEARS, dt.MAXYEAR)):
        stretches = _year(calendar, each)
        if wanted <= stretches.total:
            place = bisect_left(stretches.sums, wanted)
            return _EPOCH + (stretches.ends[place] - (stretches.sums[place] - wanted)) * _MICROSECOND
        wanted -= stretches.total
    raise ValueError(f"calendar '{calendar.name}' is not open for so long")


def before(calendar: Calendar, end: dt.datetime, open_time: dt.timedelta) -> dt.datetime:
    """The last instant, in UTC, since which the calendar has been open for so long by the end; ValueError as above."""
    if open_time <= dt.timedelta(0):
        return _utc(end)
    year = _utc(end).year
    wanted = open_time // _MICROSECOND - _open_by(calendar, end)
    for each in range(year, max(year - _YEARS, dt.MINYEAR), -1):
        if wanted <= 0:
            stretches = _year(calendar, each)
            # What was open in that year up to the instant; it lies in the stretch that holds the next of it.
            place = bisect_right(stretches.sums, -wanted)
            return _EPOCH + (stretches.ends[place] - (stretches.sums[place] + wanted)) * _MICROSECOND
        wanted -= _year(calendar, each - 1).total
    raise ValueError(f"calendar '{calendar.name}' was not open for so long")


def next_opening(calendar: Calendar, at: dt.datetime) -> dt.datetime:
    """That instant, in UTC, if the calendar is open then, else when it opens next; ValueError as for `after`."""
    return _utc(at) if is_open(calendar, at) else after(calendar, at, _MICROSECOND) - _MICROSECOND


def next_closing(calendar: Calendar, at: dt.datetime) -> dt.datetime | None:
    """That instant, in UTC, if the calendar is closed then, else when it closes next; None where it never does."""
    year, reached = _utc(at).year, _number(at)
    for each in range(year, min(year + _YEARS, dt.MAXYEAR)):
        stretches = _year(calendar, each)
        is_whole = stretches.total == _year_ends(each) - _year_ends(each - 1)
        if is_whole and not _closes_after(calendar, each):
            return None
        place = bisect_right(stretches.starts, reached) - 1
        reached = max(reached, stretches.ends[place]) if place >= 0 else reached
        if reached < _year_ends(each):
            return _EPOCH + reached * _MICROSECOND
    return None


class _Stretches(Struct, frozen=True):
    """The open stretches of a year of UTC in microseconds since 1970, in order, and how much is open up to the end of
    each."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    sums: tuple[int, ...]

    @property
    def total(self) -> int:
        return self.sums[-1] if self.sums else 0


def _open_by(calendar: Calendar, at: dt.datetime) -> int:
    """The open microseconds of the year up to that instant."""
    stretches, at_number = _year(calendar, _utc(at).year), _number(at)
    place = bisect_right(stretches.starts, at_number) - 1
    if place < 0:
        return 0
    return stretches.sums[place] - max(0, stretches.ends[place] - at_number)


def _closes_after(calendar: Calendar, year: int) -> bool:
    """Whether later years have days on which it is closed although its week is not."""
    return bool(calendar.holidays) or any(day.year > year for day in calendar.closed)


@lru_cache(maxsize=512)
def _year(calendar: Calendar, year: int) -> _Stretches:
    found: list[tuple[int, int]] = []
    closed = _closed(calendar, year)
    for start, end, offset in _segments(ZoneInfo(calendar.zone), _year_ends(year - 1), _year_ends(year)):
        for opens, closes in _windows(calendar, closed, start + offset, end + offset):
            first, last = max(start, opens - offset), min(end, closes - offset)
            if found and found[-1][1] >= first:
                first, last = found[-1][0], max(found.pop()[1], last)
            found.append((first, last))
    sums = tuple(accumulate(end - start for start, end in found))
    return _Stretches(tuple(start for start, _ in found), tuple(end for _, end in found), sums)


def _year_ends(year: int) -> int:
    return (dt.date(year, 12, 31).toordinal() + 1 - _EPOCH.toordinal()) * _DAY if year else _FIRST_DAY * _DAY


def _closed(calendar: Calendar, year: int) -> frozenset[int]:
    """Closed days and holidays of the year and of its neighbours, in which some of its local days lie."""
    days = set(calendar.closed)
    for name in calendar.holidays:
        for each in range(max(year - 1, dt.MINYEAR), min(year + 1, dt.MAXYEAR) + 1):
            days |= holidays.in_year(name, each)
    return frozenset(day.toordinal() - _EPOCH.toordinal() for day in days)


def _segments(zone: ZoneInfo, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """A stretch of time in parts within which the clock's offset does not change: start, end and offset."""
    since, offset = start, _offset(zone, start)
    for day in range(start, end, _DAY):
        if _offset(zone, day + _DAY) == offset:
            continue
        same, other = day, day + _DAY
        while other - same > 1:
            middle = (same + other) // 2
            same, other = (middle, other) if _offset(zone, middle) == offset else (same, middle)
        if other < end:
            yield since, other, offset
            since, offset = other, _offset(zone, day + _DAY)
    yield since, end, offset


def _offset(zone: ZoneInfo, at: int) -> int:
    """What the clock of the zone is ahead of UTC; where a date cannot be so early or late, what it is a day from it."""
    within = min(max(at, (_FIRST_DAY + 1) * _DAY), _LAST_DAY * _DAY)
    offset = (_EPOCH + within * _MICROSECOND).astimezone(zone).utcoffset()
    return (offset or dt.timedelta(0)) // _MICROSECOND


def _windows(calendar: Calendar, closed: frozenset[int], start: int, end: int) -> Iterator[tuple[int, int]]:
    """The windows that have a part in a stretch of the wall clock, in order; days count from 1970, a Thursday."""
    week = [sorted((each.starts, each.ends) for each in calendar.windows if each.weekday == day) for day in range(7)]
    for day in range(start // _DAY, (end - 1) // _DAY + 1):
        for opens, closes in week[(day + 3) % 7] if day not in closed else ():
            first, last = day * _DAY + opens * _MINUTES, day * _DAY + closes * _MINUTES
            if first < end and last > start:
                yield first, last


def _number(at: dt.datetime) -> int:
    return (at - _EPOCH) // _MICROSECOND


def _utc(at: dt.datetime) -> dt.datetime:
    return at.astimezone(dt.UTC)
