"""Takes a plan and its outcomes; gives what people and programs read: a table, JSON, the plan file, an exit status."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from starkeeper.model.plan import Outcome, Plan

DONE, MUST_CORRECT, NOT_ALL_DONE = 0, 1, 3


def plan_file(plan: Plan) -> bytes:
    """The plan file, version 1: JSON with two spaces of indentation; the same plan gives the same bytes."""
    return msgspec.json.format(msgspec.json.encode(plan), indent=2) + b"\n"


def as_json(plan: Plan, outcomes: Sequence[Outcome], run: str = "") -> bytes:
    """The plan file's object with `run`, the name of the run, and `outcomes` beside it; both are empty in a dry run."""
    whole = {"run": run, **msgspec.to_builtins(plan), "outcomes": msgspec.to_builtins(outcomes)}
    return msgspec.json.format(msgspec.json.encode(whole), indent=2) + b"\n"


def exit_status(plan: Plan, outcomes: Sequence[Outcome]) -> int:
    """0 all done, 1 a policy must be corrected, 3 something could not be read or written.

    A step that waits because a person was faster is no failure; a conflict is: two rules must be told apart.
    """
    if any(failure.must_correct for failure in plan.errors) or plan.conflicts:
        return MUST_CORRECT
    if plan.errors or any(outcome.result == "failed" for outcome in outcomes):
        return NOT_ALL_DONE
    return DONE
