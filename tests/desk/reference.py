"""A slow second opinion on calendars, which looks at the wall clock of the zone every minute, and cases to ask it."""

from __future__ import annotations

import datetime as dt
import random
from bisect import bisect_left
from functools import cache
from zoneinfo import ZoneInfo

from holidays import country_holidays
from msgspec import Struct

from starkeeper.desk.calendars import after, before, is_open, next_closing, next_opening, open_time
from starkeeper.model.desk import Calendar, Window

# Offsets and changes of every odd kind: half hours, changes at midnight or just after it, days that never were.
ZONES = (
    "UTC", "Africa/Cairo", "Africa/Casablanca", "America/Argentina/San_Luis", "America/Caracas", "America/Havana",
    "America/Los_Angeles", "America/New_York", "America/Nuuk", "America/Santiago", "America/Scoresbysund",
    "America/St_Johns", "Antarctica/Casey", "Antarctica/Troll", "Asia/Beirut", "Asia/Dhaka", "Asia/Gaza",
    "Asia/Kathmandu", "Asia/Kolkata", "Asia/Pyongyang", "Asia/Tehran", "Atlantic/Azores", "Australia/Brisbane",
    "Australia/Lord_Howe", "Europe/Amsterdam", "Europe/Dublin", "Europe/London", "Pacific/Apia", "Pacific/Chatham",
    "Pacific/Kiritimati", "Pacific/Marquesas", "Pacific/Norfolk",
)  # fmt: skip
COUNTRIES = ("NL", "US-CA", "DE-BY", "JP", "GB-SCT", "ZA", "NO", "BR", "KR", "SA")
YEARS = range(1975, 2046)
MINUTE = dt.timedelta(minutes=1)
SECOND = dt.timedelta(seconds=1)


class Case(Struct, frozen=True):
    """A calendar, a stretch of whole minutes, two instants in it, and an amount of open time to be counted off."""

    calendar: Calendar
    start: dt.datetime
    minutes: int
    between: tuple[int, int]
    amount: dt.timedelta

    @property
    def end(self) -> dt.datetime:
        return self.start + self.minutes * MINUTE


def seen_open(calendar: Calendar, start: dt.datetime, count: int) -> list[bool]:
    """Whether it is open in each of so many minutes, by the wall clock."""
    zone = ZoneInfo(calendar.zone)
    closed = calendar.closed.union(*(public_holidays(name) for name in calendar.holidays))
    week = [[(each.starts, each.ends) for each in calendar.windows if each.weekday == day] for day in range(7)]
    seen = []
    for number in range(count):
        wall = (start + number * MINUTE).astimezone(zone)
        minute = wall.hour * 60 + wall.minute
        in_window = any(starts <= minute < ends for starts, ends in week[wall.weekday()])
        seen.append(in_window and wall.date() not in closed)
    return seen


@cache
def public_holidays(name: str) -> frozenset[dt.date]:
    country, _, part = name.partition("-")
    return frozenset(country_holidays(country, subdiv=part or None, years=range(YEARS[0] - 1, YEARS[-1] + 2)))


def differences(case: Case) -> list[str]:
    """Where the calendar and the reference do not agree, one line each."""
    seen = seen_open(case.calendar, case.start, case.minutes)
    counted = _counted(seen)
    first, last = (case.start + each * SECOND for each in case.between)
    checks = {
        "open_time": (
            open_time(case.calendar, first, last),
            _by(counted, seen, case.between[1]) - _by(counted, seen, case.between[0]),
        ),
        "after": (_inside(case, after(case.calendar, case.start, case.amount)), _after(case, counted)),
        "before": (_inside(case, before(case.calendar, case.end, case.amount)), _before(case, counted)),
        "next_opening": (_inside(case, next_opening(case.calendar, case.start)), _first(case, seen, True)),
        "next_closing": (_inside(case, next_closing(case.calendar, case.start)), _first(case, seen, False)),
    }
    wrong = [f"{name}: {found}, seen {told}" for name, (found, told) in checks.items() if found != told]
    turns = [number for number in range(case.minutes) if number == 0 or seen[number] != seen[number - 1]]
    for number in {each for turn in turns for each in (turn - 1, turn, turn + 1) if 0 <= each < case.minutes}:
        for at in (case.start + number * MINUTE, case.start + number * MINUTE + 59 * SECOND):
            if is_open(case.calendar, at) is not seen[number]:
                wrong.append(f"is_open at {at}: seen {seen[number]}")
    return [f"{each} ({case})" for each in wrong]


def _counted(seen: list[bool]) -> list[int]:
    """The open minutes up to the end of each."""
    total, counted = 0, []
    for each in seen:
        total += each
        counted.append(total)
    return counted


def _by(counted: list[int], seen: list[bool], seconds: int) -> dt.timedelta:
    """What is open by so many seconds from the start."""
    minute, rest = divmod(seconds, 60)
    whole = counted[minute - 1] if minute else 0
    return whole * MINUTE + (rest * SECOND if rest and seen[minute] else dt.timedelta(0))


def _inside(case: Case, at: dt.datetime | None) -> dt.datetime | None:
    """Outside the stretch nobody has looked."""
    return at if at is not None and case.start <= at < case.end else None


def _after(case: Case, counted: list[int]) -> dt.datetime | None:
    """The end of the amount lies in the first minute by which it is reached."""
    minute = bisect_left(counted, -(-case.amount // MINUTE))
    if minute == len(counted):
        return None
    return _inside(case, case.start + (minute + 1) * MINUTE - (counted[minute] * MINUTE - case.amount))


def _before(case: Case, counted: list[int]) -> dt.datetime | None:
    """Its beginning, counted from the end, lies in the last minute from which on so much is open."""
    left = counted[-1] * MINUTE - case.amount
    if left < dt.timedelta(0):
        return None
    minute = bisect_left(counted, left // MINUTE + 1)
    return case.start + (minute + 1) * MINUTE - (counted[minute] * MINUTE - left)


def _first(case: Case, seen: list[bool], value: bool) -> dt.datetime | None:
    return case.start + seen.index(value) * MINUTE if value in seen else None


def make_case(chance: random.Random) -> Case:
    """Any case; more often than by chance one in which clocks change, a year ends or a holiday comes."""
    zone, names = chance.choice(ZONES), tuple(chance.sample(COUNTRIES, chance.choice((0, 0, 1, 1, 2))))
    minutes = chance.randint(1, chance.choice((60, 720, 720, 2880, 2880, 2880, 7 * 1440)))
    if chance.random() < 0.005:
        minutes = chance.randint(1440, 60 * 1440)
    start = _turning_point(chance, zone, names) - chance.randint(0, minutes) * MINUTE
    days = [(start + chance.randint(-1, minutes // 1440 + 1) * dt.timedelta(days=1)).date() for _ in range(3)]
    calendar = Calendar(
        name="any",
        zone=zone,
        windows=_week(chance),
        closed=frozenset(chance.sample(days, chance.choice((0, 0, 1, 2)))),
        holidays=names,
    )
    first, last = sorted(chance.randint(0, minutes * 60 - 1) for _ in range(2))
    amount = chance.randint(1, chance.choice((3600, minutes * 60, minutes * 20 + 1))) * SECOND
    return Case(calendar, start, minutes, (first, last), amount)


def _turning_point(chance: random.Random, zone: str, names: tuple[str, ...]) -> dt.datetime:
    """An instant around which something may go wrong, on a whole minute."""
    any_time = dt.datetime(YEARS[0], 1, 3, tzinfo=dt.UTC) + chance.randint(0, len(YEARS) * 525_000) * MINUTE
    kind = chance.choice(("any", "change", "change", "year", "holiday"))
    if kind == "change" and clock_changes(zone):
        return chance.choice(clock_changes(zone))
    if kind == "year":
        return any_time.replace(month=1, day=1, hour=0, minute=0)
    if kind == "holiday" and names:
        day = chance.choice(sorted(public_holidays(names[0])))
        return dt.datetime.combine(day, dt.time(), tzinfo=dt.UTC) if day.year in YEARS else any_time
    return any_time


@cache
def clock_changes(zone: str) -> tuple[dt.datetime, ...]:
    """The minutes at which the clock of the zone is put forward or back."""
    clock, day = ZoneInfo(zone), dt.datetime(YEARS[0], 1, 3, tzinfo=dt.UTC)
    offset, found = day.astimezone(clock).utcoffset(), []
    while day.year in YEARS:
        before, day = day, day + dt.timedelta(days=1)
        if day.astimezone(clock).utcoffset() != offset:
            offset = day.astimezone(clock).utcoffset()
            minutes = (before + number * MINUTE for number in range(1, 1441))
            found.append(next(at for at in minutes if _changes_at(clock, at)))
    return tuple(found)


def _changes_at(clock: ZoneInfo, at: dt.datetime) -> bool:
    return (at - MINUTE).astimezone(clock).utcoffset() != at.astimezone(clock).utcoffset()


def _week(chance: random.Random) -> tuple[Window, ...]:
    """Hours on some days, such as people write them; those past midnight go on the next day."""
    windows = []
    days = chance.sample(range(7), chance.choice((1, 3, 5, 7)))
    for _ in range(chance.choice((1, 1, 2))):
        quarter = chance.choice((1, 15, 60))
        starts, ends = (chance.randrange(0, 1440, quarter) for _ in range(2))
        if chance.random() < 0.15:
            starts, ends = 0, 1440
        for day in days:
            if starts < ends:
                windows.append(Window(day, starts, ends))
            else:
                windows.append(Window(day, starts, 1440))
                windows += [Window((day + 1) % 7, 0, ends)] if ends else []
    return tuple(windows)
