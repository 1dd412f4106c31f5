"""Takes an interval and a calendar, if one is named; gives the instant so long ago, open time counted only."""

from __future__ import annotations

import datetime as dt

from starkeeper.desk.calendars import after, before
from starkeeper.desk.days import day_ahead
from starkeeper.errors import nearest
from starkeeper.model.desk import Desk
from starkeeper.model.values import Interval


def ago(interval: Interval, now: dt.datetime, calendar: str, desk: Desk) -> dt.datetime:
    """The instant this long before now; with a calendar, the last one since which it has been open for so long.

    Where the calendar was never open for so long it is the calendar's first instant, further back than anything.
    """
    if not calendar:
        return interval.before(now)
    try:
        return before(desk.calendars[calendar], now, dt.timedelta(**{interval.unit: interval.amount}))
    except (ValueError, OverflowError):
        return dt.datetime.min.replace(tzinfo=dt.UTC)


def ahead(interval: Interval, at: dt.datetime, calendar: str, desk: Desk) -> dt.datetime:
    """The instant from which on `at` is so long ago; the calendar's last instant where it never is."""
    try:
        if calendar:
            return after(desk.calendars[calendar], at, interval.length)
        if interval.unit in ("months", "years"):
            return dt.datetime.combine(day_ahead(at, interval), at.timetz())
        return at + interval.length
    except (ValueError, OverflowError):
        return dt.datetime.max.replace(tzinfo=dt.UTC)


def calendar_problems(calendar: str, unit: str, desk: Desk) -> tuple[str, ...]:
    """What is wrong with counting so by a calendar: that there is none of that name, or that its days differ."""
    if not calendar:
        return ()
    if calendar not in desk.calendars:
        remedy = nearest(calendar, desk.calendars) or "define it there under 'calendars'"
        return (f"there is no calendar '{calendar}' in desk.yml; {remedy}",)
    if unit not in ("minutes", "hours"):
        return (f"{unit} of a calendar can be of any length; write hours: 8 hours open, or 24 hours on a whole day",)
    return ()
