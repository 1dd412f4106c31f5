"""Takes a table of shifts, or who is on call when; says who is on call at an instant, and who is next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from zoneinfo import ZoneInfo

from msgspec import structs

from starkeeper.model.desk import Rotation, Shift
from starkeeper.model.resources import Duty

BACK = dt.timedelta(days=1)
AHEAD = dt.timedelta(days=2)
"""So far back and ahead of now it is known who is on call."""
_DAY = dt.timedelta(days=1)


# Asked of every resource in a list, and the same for all of them.
@lru_cache(maxsize=64)
def duties_of(rotation: Rotation, now: dt.datetime) -> tuple[Duty, ...]:
    """Who is on call by the table of shifts, from a day before that instant to two days after; whole shifts, in order.

    Where clocks change, a time that comes twice is the first of the two, and one that is left out comes as much later
    as the clock was put on: so each shift begins and ends once.
    """
    zone = ZoneInfo(rotation.zone)
    since, until = now - BACK, now + AHEAD
    days = _days(since.astimezone(zone).date() - _DAY, until.astimezone(zone).date())
    every = joined(_duty(shift, day, zone) for day in days for shift in rotation.shifts)
    return tuple(each for each in every if each.ends > since and each.starts < until)


def on_duty(duties: Iterable[Duty], at: dt.datetime) -> Duty | None:
    """Whoever is on call at that instant; with two at once the one that began first, None for nobody.

    A shift belongs to its beginning and not to its end: at 16:00 the one from 16:00 is on call.
    """
    return min((each for each in duties if each.starts <= at < each.ends), key=_beginning, default=None)


def next_duty(duties: Iterable[Duty], at: dt.datetime) -> Duty | None:
    """The first that begins after that instant."""
    return min((each for each in duties if each.starts > at), key=_beginning, default=None)


def joined(duties: Iterable[Duty]) -> tuple[Duty, ...]:
    """The same in order, and what one person has without a pause as one: nothing is handed over there."""
    found: list[Duty] = []
    for duty in sorted(duties, key=lambda each: (each.starts, each.ends, each.person, each.name)):
        place = _place_before(duty, found)
        if place is None:
            found.append(duty)
        else:
            found[place] = structs.replace(found[place], ends=max(found[place].ends, duty.ends))
    return tuple(found)


def _place_before(duty: Duty, found: Sequence[Duty]) -> int | None:
    """Where in the list the same person's time stands that this one goes on with."""
    whose = _whose(duty)
    places = (place for place, each in enumerate(found) if _whose(each) == whose and each.ends >= duty.starts)
    return next(places, None)


def _whose(duty: Duty) -> tuple[str, str, str]:
    return duty.person, duty.name, duty.region


def _beginning(duty: Duty) -> dt.datetime:
    return duty.starts


def _duty(shift: Shift, day: dt.date, zone: ZoneInfo) -> Duty:
    last = day if shift.starts < shift.ends else day + _DAY
    starts, ends = (
        dt.datetime.combine(on, clock, zone).astimezone(dt.UTC)
        for on, clock in ((day, shift.starts), (last, shift.ends))
    )
    return Duty(person=shift.person, starts=starts, ends=ends, region=shift.region)


def _days(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    while first <= last:
        yield first
        first += _DAY
