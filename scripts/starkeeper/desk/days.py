"""Takes a moment and an interval; gives the day that is so far ahead, in UTC."""

from __future__ import annotations

import calendar
import datetime as dt

from starkeeper.model.values import Interval


def day_ahead(now: dt.datetime, interval: Interval) -> dt.date:
    """The day, in the zone of `now`, this long after it; the 31st and a month is the last day of the next month.

    Where the calendar does not reach that far it is the calendar's last day.
    """
    if interval.unit in ("months", "years"):
        return _months_ahead(now.date(), interval.amount * (12 if interval.unit == "years" else 1))
    try:
        return (now + dt.timedelta(**{interval.unit: interval.amount})).date()
    except OverflowError:
        return dt.date.max


def _months_ahead(day: dt.date, months: int) -> dt.date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > dt.MAXYEAR:
        return dt.date.max
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
