"""Takes lengths of time, instants and names; says them as people do. Instants are in UTC unless a zone is named."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def duration(length: dt.timedelta) -> str:
    """`50 min`, `1 h`, `20 h 32 min`, and from four days on `5 d 4 h`; what is left of a minute is left out."""
    minutes = int(length.total_seconds() // 60)
    if minutes < 0:
        return f"-{duration(-length)}"
    parts = ((minutes // 60, "h"), (minutes % 60, "min"))
    if minutes >= 96 * 60:
        parts = ((minutes // 1440, "d"), (minutes // 60 % 24, "h"))
    return " ".join(f"{number} {unit}" for number, unit in parts if number) or "0 min"


def instant(at: dt.datetime) -> str:
    """`Tue 2026-12-01 18:30 UTC`."""
    utc = at.astimezone(dt.UTC)
    return f"{_DAYS[utc.weekday()]} {utc:%Y-%m-%d %H:%M} UTC"


def instant_in(at: dt.datetime, zone: str) -> str:
    """The same with the reader's own clock beside it: `Tue 2026-12-01 18:30 UTC (Tue 19:30 Europe/Amsterdam)`."""
    local = local_time(at, zone)
    return f"{instant(at)} ({local})" if local else instant(at)


def local_time(at: dt.datetime, zone: str) -> str:
    """`Tue 19:30 Europe/Amsterdam`; "" on the clock of UTC, which stands there anyway."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{_DAYS[local.weekday()]} {local:%H:%M} {zone}" if zone != "UTC" else ""


def day_and_time(at: dt.datetime) -> str:
    """`Tue 18:30 UTC`: the same words whenever they are read."""
    utc = at.astimezone(dt.UTC)
    return f"{_DAYS[utc.weekday()]} {utc:%H:%M} UTC"


def short_instant(at: dt.datetime, now: dt.datetime) -> str:
    """`18:30 UTC` when it is today, `Tue 18:30 UTC` within six days of now, and further off the whole instant."""
    utc, today = at.astimezone(dt.UTC), now.astimezone(dt.UTC).date()
    if utc.date() == today:
        return f"{utc:%H:%M} UTC"
    return day_and_time(at) if abs((utc.date() - today).days) <= 6 else instant(at)


def printable(name: str) -> str:
    """What somebody outside called something, fit for an error or a log: one short line that moves no cursor."""
    return "".join(each for each in name if each.isprintable())[:60]
