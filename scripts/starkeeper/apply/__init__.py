"""Takes a plan; does what it says, issue by issue, and gives each step an outcome. The only caller of writes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from msgspec import structs

from starkeeper.apply.changes import apply_change, left_out
from starkeeper.apply.entries import Record
from starkeeper.apply.target import Target, Targets
from starkeeper.model.facts import Facts
from starkeeper.model.plan import Change, Outcome, Plan
from starkeeper.model.resources import Resource, ResourceKey
from starkeeper.model.services import Services

__all__ = ["apply_plan"]

Listing = tuple[str, str]
"""The tracker and the rule of a summary."""
UNLISTED = "the summary of this rule could not be written; the next sweep tries again"


def apply_plan(
    plan: Plan,
    facts: Facts,
    target: Target,
    watch: Callable[[int, int], None] | None = None,
    record: Record | None = None,
    services: Services | None = None,
) -> tuple[Outcome, ...]:
    """Applies every change in order; one that fails does not stop the others.

    Only where a summary could not be written, what its rule does to the resources in it is left for the next sweep:
    done to them, the rule may no longer hold, and they would be listed nowhere.

    `services` are what is written to beside the `target`. `watch` is told after each issue how many are done, and of
    how many; `record` what each write did, at once.
    """
    wanted = {(change.tracker, change.key) for change in plan.changes}
    seen = {place: each for each in facts.resources if (place := (each.tracker, each.key)) in wanted}
    outcomes: list[Outcome] = []
    unlisted: set[Listing] = set()
    for done, change in enumerate(plan.changes, start=1):
        made = _apply(change, unlisted, seen, Targets(target, services or Services()), record or _forget)
        unlisted.update((each.tracker, each.rule) for each in made if _is_unlisted(each))
        outcomes.extend(made)
        if watch:
            watch(done, len(plan.changes))
    return tuple(outcomes)


def _apply(
    change: Change,
    unlisted: Collection[Listing],
    seen: Mapping[tuple[str, ResourceKey], Resource],
    targets: Targets,
    record: Record,
) -> tuple[Outcome, ...]:
    """An outcome for each step in order, where those of the rules in `unlisted` wait."""
    waits = [(change.tracker, step.rule) in unlisted for step in change.steps]
    left = tuple(step for step, waiting in zip(change.steps, waits, strict=True) if not waiting)
    made = iter(apply_change(structs.replace(change, steps=left), seen, targets, record))
    return tuple(
        left_out(change, [step], "skipped", UNLISTED, record)[0] if waiting else next(made)
        for step, waiting in zip(change.steps, waits, strict=True)
    )


def _forget(entries: object) -> None:
    """A run without a journal."""


def _is_unlisted(outcome: Outcome) -> bool:
    return outcome.action == "summarize" and outcome.result == "failed"
