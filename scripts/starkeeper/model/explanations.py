"""Why a rule holds on an issue or does not, in words."""

from __future__ import annotations

import datetime as dt

from msgspec import Struct

from starkeeper.model.plan import Step


class Reason(Struct, frozen=True):
    """One condition: whether it holds, and what it saw; `from_at` is when it begins to hold if nothing happens."""

    condition: str
    holds: bool
    seen: str
    from_at: dt.datetime | None = None


class Explanation(Struct, frozen=True):
    """One rule on one resource: its conditions in the order of the policy, and what it would do if all hold.

    `listed` says that it lists those on which it holds in an issue of their own, `elsewhere` is what it would do to
    another one. `from_at` is when all conditions begin to hold if nothing happens.
    """

    rule: str
    where: str
    holds: bool
    reasons: tuple[Reason, ...]
    steps: tuple[Step, ...]
    listed: bool = False
    elsewhere: tuple[tuple[str, Step], ...] = ()
    from_at: dt.datetime | None = None
