"""Takes a calendar and instants; gives open time between them, the instant after so much of it, and openings. Exact.

A calendar is open at an instant when the wall clock of its zone shows a time in one of its windows, on a day that is
not closed. So a whole day has 23 or 25 hours when clocks change, and a window in the hour that comes twice is open
twice.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from calendar import isleap
from collections.abc import Iterator
from functools import lru_cache
from itertools import accumulate
from zoneinfo import ZoneInfo

from msgspec import Struct

from starkeeper.model.desk import Calendar

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)
_DAY = dt.timedelta(days=1)
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


@lru_cache(maxsize=512)
def _year(calendar: Calendar, year: int) -> _Stretches:
    first = _number(dt.datetime(year, 1, 1, tzinfo=dt.UTC))
    last = first + (366 if isleap(year) else 365) * _DAY // _MICROSECOND
    found: list[tuple[int, int]] = []
    for start, end in _days(calendar, year):
        start, end = max(start, first), min(end, last)
        if start >= end:
            continue
        if found and found[-1][1] >= start:
            before = found.pop()
            start, end = before[0], max(before[1], end)
        found.append((start, end))
    sums = tuple(accumulate(end - start for start, end in found))
    return _Stretches(tuple(start for start, _ in found), tuple(end for _, end in found), sums)


def _days(calendar: Calendar, year: int) -> Iterator[tuple[int, int]]:
    """The open stretches of every local day that has a part in the year, and those of its neighbours."""
    zone = ZoneInfo(calendar.zone)
    day = dt.date(year, 1, 1) - _DAY if year > dt.MINYEAR else dt.date(year, 1, 1)
    while day.year <= year or (day.month, day.day) == (1, 1):
        if day not in calendar.closed:
            yield from _open_on(calendar, zone, day)
        if day == dt.date.max:
            return
        day += _DAY


def _open_on(calendar: Calendar, zone: ZoneInfo, day: dt.date) -> Iterator[tuple[int, int]]:
    windows = sorted((each.starts, each.ends) for each in calendar.windows if each.weekday == day.weekday())
    if not windows:
        return
    midnight = dt.datetime.combine(day, dt.time())
    for start, end, offset in _segments(zone, midnight):
        for opens, closes in windows:
            first = max(start, _number((midnight + dt.timedelta(minutes=opens)).replace(tzinfo=dt.UTC)) - offset)
            last = min(end, _number((midnight + dt.timedelta(minutes=closes)).replace(tzinfo=dt.UTC)) - offset)
            if first < last:
                yield first, last


def _segments(zone: ZoneInfo, midnight: dt.datetime) -> Iterator[tuple[int, int, int]]:
    """A local day in parts within which the clock's offset does not change: start, end and offset in microseconds."""
    start, end = (_number(each.replace(tzinfo=zone)) for each in (midnight, midnight + _DAY))
    while start < end:
        offset = _offset(zone, start)
        if offset == _offset(zone, end - 1):
            yield start, end, offset
            return
        same, other = start, end - 1
        while other - same > 1:
            middle = (same + other) // 2
            same, other = (middle, other) if _offset(zone, middle) == offset else (same, middle)
        yield start, other, offset
        start = other


def _offset(zone: ZoneInfo, at: int) -> int:
    offset = (_EPOCH + at * _MICROSECOND).astimezone(zone).utcoffset()
    return (offset or dt.timedelta(0)) // _MICROSECOND


def _number(at: dt.datetime) -> int:
    return (at - _EPOCH) // _MICROSECOND


def _utc(at: dt.datetime) -> dt.datetime:
    return at.astimezone(dt.UTC)
