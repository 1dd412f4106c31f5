"""Takes a plan; does what it says, issue by issue, and gives each step an outcome. The only caller of writes."""

from __future__ import annotations

from collections.abc import Callable

from starkeeper.apply.changes import apply_change
from starkeeper.apply.target import Target
from starkeeper.model.facts import Facts
from starkeeper.model.plan import Outcome, Plan

__all__ = ["apply_plan"]


def apply_plan(
    plan: Plan, facts: Facts, target: Target, watch: Callable[[int, int], None] | None = None
) -> tuple[Outcome, ...]:
    """Applies every change in order; one that fails does not stop the others.

    `watch` is told after each issue how many are done, and of how many.
    """
    wanted = {(change.tracker, change.key) for change in plan.changes}
    seen = {place: each for each in facts.resources if (place := (each.tracker, each.key)) in wanted}
    outcomes: list[Outcome] = []
    for done, change in enumerate(plan.changes, start=1):
        outcomes.extend(apply_change(change, seen, target))
        if watch:
            watch(done, len(plan.changes))
    return tuple(outcomes)
