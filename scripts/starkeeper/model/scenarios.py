"""What came of a scenario: where it went another way than it says, which rules that concerns, and what still waits."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from msgspec import Struct

from starkeeper.errors import Where
from starkeeper.model.explanations import Explanation
from starkeeper.model.resources import Resource


class Explained(Struct, frozen=True, kw_only=True):
    """Some rules on an issue as a sweep at that time found it; `others` more concern the same and are not shown."""

    at: dt.datetime
    resource: Resource
    explanations: tuple[Explanation, ...]
    others: int = 0


class Difference(Struct, frozen=True, kw_only=True):
    """One thing that is not as the scenario says, at its place there; `details` are lines below the message."""

    where: Where
    message: str
    details: tuple[str, ...] = ()
    explained: Explained | None = None


class Waiting(Struct, frozen=True):
    """A step that was not played, because these systems are not connected yet."""

    where: Where
    systems: tuple[str, ...]


class Played(Struct, frozen=True, kw_only=True):
    """One scenario that was played up to its first difference.

    `expectations` counts what was compared. `swept_at` are the times of its sweeps, `changed_at` those at which one
    changed something. `seconds` is added by whoever looked at a watch.
    """

    name: str
    where: Where
    differences: tuple[Difference, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    expectations: int = 0
    swept_at: tuple[dt.datetime, ...] = ()
    changed_at: tuple[dt.datetime, ...] = ()
    seconds: float = 0.0

    @property
    def status(self) -> Literal["ok", "failed", "waiting"]:
        """It waits where nothing of it could be compared yet."""
        if self.differences:
            return "failed"
        return "waiting" if self.waiting and not self.expectations else "ok"
