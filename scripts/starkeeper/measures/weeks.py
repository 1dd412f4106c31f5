"""Takes an instant; gives the week that had ended by then and the four before it. Weeks begin Monday 00:00 UTC."""

from __future__ import annotations

import datetime as dt

from msgspec import Struct

BEFORE = 4
"""A week is compared with so many before it."""
_DAY = dt.timedelta(days=1)


class Period(Struct, frozen=True):
    """A week: from a Monday up to, and not including, the next."""

    starts_at: dt.datetime

    @property
    def ends_at(self) -> dt.datetime:
        return self.starts_at + 7 * _DAY

    def has(self, at: dt.datetime | None) -> bool:
        """Whether that instant lies in it; never where there is none."""
        return at is not None and self.starts_at <= at < self.ends_at


def weeks_until(until: dt.datetime) -> tuple[Period, ...]:
    """The last whole week, then those before it."""
    utc = until.astimezone(dt.UTC)
    monday = dt.datetime.combine(utc.date() - utc.weekday() * _DAY, dt.time(), dt.UTC)
    return tuple(Period(monday - 7 * number * _DAY) for number in range(1, BEFORE + 2))
