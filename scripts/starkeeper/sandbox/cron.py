"""The next time at which a line of cron comes due, in its own time zone."""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo

from msgspec import Struct

MOST_DAYS = 4 * 366
MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
_PART = re.compile(r"(?:\*|(\d+)(?:-(\d+))?)(?:/(\d+))?")


class Cron(Struct, frozen=True):
    """The five fields as sets of numbers; of the two kinds of days a line means either, where it names both."""

    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    any_day: bool
    any_weekday: bool

    def is_on(self, day: dt.date) -> bool:
        if day.month not in self.months:
            return False
        by_day, by_weekday = day.day in self.days, day.isoweekday() % 7 in self.weekdays
        if self.any_day or self.any_weekday:
            return by_day and by_weekday
        return by_day or by_weekday


def read_cron(line: str) -> Cron | None:
    """None where the line is no cron: five fields of numbers, names, ranges, lists and steps."""
    fields = line.lower().split()
    if len(fields) != 5:
        return None
    minutes, hours, days = _numbers(fields[0], 0, 59), _numbers(fields[1], 0, 23), _numbers(fields[2], 1, 31)
    months = _numbers(_named(fields[3], MONTHS, 1), 1, 12)
    weekdays = frozenset(each % 7 for each in _numbers(_named(fields[4], DAYS, 0), 0, 7))
    if not (minutes and hours and days and months and weekdays):
        return None
    return Cron(minutes, hours, days, months, weekdays, fields[2].startswith("*"), fields[4].startswith("*"))


def next_run(line: str, zone: str, after: dt.datetime) -> dt.datetime | None:
    """The first time after this one, in UTC; None where there is none within four years."""
    cron = read_cron(line)
    if cron is None:
        return None
    where = ZoneInfo(zone)
    today = after.astimezone(where).date()
    for day in (today + dt.timedelta(days=each) for each in range(MOST_DAYS)):
        if not cron.is_on(day):
            continue
        for hour in sorted(cron.hours):
            for minute in sorted(cron.minutes):
                found = dt.datetime.combine(day, dt.time(hour, minute), where).astimezone(dt.UTC)
                if found > after:
                    return found
    return None


def is_zone(name: str) -> bool:
    """Zones by their names in the tz database; Rails' own names for some of them are not known here."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def _named(field: str, names: list[str], first: int) -> str:
    for number, name in enumerate(names, first):
        field = re.sub(rf"\b{name}\b", str(number), field)
    return field


def _numbers(field: str, least: int, most: int) -> frozenset[int]:
    """The numbers of one field; none at all where a part of it is wrong."""
    found: set[int] = set()
    for part in field.split(","):
        read = _PART.fullmatch(part)
        if read is None or read[3] == "0":
            return frozenset()
        start = int(read[1]) if read[1] else least
        end = int(read[2]) if read[2] else (most if read[3] or not read[1] else start)
        if not least <= start <= end <= most:
            return frozenset()
        found.update(range(start, end + 1, int(read[3] or 1)))
    return frozenset(found)
