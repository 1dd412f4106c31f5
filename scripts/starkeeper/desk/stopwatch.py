"""One run of a clock: what has counted by when, when so much will have, and what templates see of it.

Only open time of its calendar counts, and none while it is paused.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from starkeeper.desk import calendars
from starkeeper.model.desk import Calendar

_NEVER = dt.timedelta(0)
Stretch = tuple[dt.datetime, dt.datetime | None]
"""From one instant up to another; None where it goes on."""


class Stop(Struct, frozen=True, order=True):
    """When a clock was stopped, and what did it, in words."""

    at: dt.datetime
    by: str


class Run(Struct, frozen=True, kw_only=True):
    """One run of a clock on one issue. `started_at` is None where it has not begun, and `why` then says so.

    `stretches` are when it ran, closed hours of `calendar` and all; the last one is open where it still does.
    """

    name: str
    number: int = 1
    started_at: dt.datetime | None = None
    stop: Stop | None = None
    stretches: tuple[Stretch, ...] = ()
    calendar: Calendar | None = None
    length: dt.timedelta | None = None
    why: str = ""

    @property
    def is_paused(self) -> bool:
        """Whether it stands still for a label, though nothing has stopped it."""
        return self.started_at is not None and self.stop is None and all(end for _, end in self.stretches)

    def elapsed(self, now: dt.datetime) -> dt.timedelta:
        """What has counted by that instant."""
        return sum((self._between(start, min(end or now, now)) for start, end in self.stretches), _NEVER)

    def reaches(self, amount: dt.timedelta) -> dt.datetime | None:
        """The instant at which so much has counted, past or to come if nothing happens; None where it never will."""
        for start, end in self.stretches:
            counted = self._between(start, end) if end else None
            if counted is None or counted >= amount:
                return self._after(start, amount)
            amount -= counted
        return None

    @property
    def due_at(self) -> dt.datetime | None:
        """The instant at which its whole length has counted."""
        return self.reaches(self.length) if self.length is not None else None

    def rings_at(self, amount: dt.timedelta) -> dt.datetime | None:
        """The first instant, from the one at which so much has counted, at which its calendar is open."""
        reached = self.reaches(amount)
        return calendars.next_opening(self.calendar, reached) if reached and self.calendar else reached

    def is_open(self, now: dt.datetime) -> bool:
        """Whether its calendar is open: outside it, it counts nothing and reminds nobody."""
        return self.calendar is None or calendars.is_open(self.calendar, now)

    def _between(self, start: dt.datetime, end: dt.datetime) -> dt.timedelta:
        if self.calendar is not None:
            return calendars.open_time(self.calendar, start, end)
        return max(end - start, _NEVER)

    def _after(self, start: dt.datetime, amount: dt.timedelta) -> dt.datetime | None:
        try:
            return calendars.after(self.calendar, start, amount) if self.calendar else start + amount
        except (ValueError, OverflowError):
            return None


CLOCK_ATTRIBUTES = frozenset(
    {"name", "started_at", "due_at", "elapsed", "remaining", "length", "stopped_at", "stopped_by"}
)


def clock_values(run: Run, now: dt.datetime) -> Mapping[str, Any]:
    """What templates see of a clock."""
    left = run.length - run.elapsed(now) if run.length is not None and run.started_at else None
    return {
        "name": run.name,
        "started_at": run.started_at,
        "due_at": run.due_at,
        "elapsed": run.elapsed(now) if run.started_at else None,
        "remaining": max(left, dt.timedelta(0)) if left is not None else None,
        "length": run.length,
        "stopped_at": run.stop.at if run.stop else None,
        "stopped_by": run.stop.by if run.stop else None,
    }
