"""A clock that runs ahead of another one, for a world whose time somebody moves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from msgspec import Struct


class Ahead(Struct, frozen=True):
    """Tells the time of `base`, later by `offset`: a clock that stands still stays so, one that runs goes on."""

    base: Callable[[], dt.datetime]
    offset: dt.timedelta

    def __call__(self) -> dt.datetime:
        return self.base() + self.offset


def ahead(clock: Callable[[], dt.datetime], by: dt.timedelta) -> Ahead:
    """The clock moved on; moving one again makes no chain of clocks."""
    return Ahead(clock.base, clock.offset + by) if isinstance(clock, Ahead) else Ahead(clock, by)
