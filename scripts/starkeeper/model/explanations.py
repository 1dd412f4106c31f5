"""Why a rule holds on an issue or does not, in words."""

from __future__ import annotations

from msgspec import Struct

from starkeeper.model.plan import Step


class Reason(Struct, frozen=True):
    """One condition: whether it holds, and what it saw."""

    condition: str
    holds: bool
    seen: str


class Explanation(Struct, frozen=True):
    """One rule on one resource: its conditions in the order of the policy, and what it would do if all hold.

    `listed` says that it lists those on which it holds in an issue of their own.
    """

    rule: str
    where: str
    holds: bool
    reasons: tuple[Reason, ...]
    steps: tuple[Step, ...]
    listed: bool = False
