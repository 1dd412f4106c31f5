"""Takes a resource on which a rule holds; closes it or opens it again."""

from __future__ import annotations

from typing import Literal

from starkeeper.model.plan import StatusStep, Step
from starkeeper.model.rules import Action, Match, Renderer
from starkeeper.registry import ACTIONS, Example

EXAMPLES = (
    Example(says="an open issue is closed", yaml="close", gives=[{"action": "status", "state": "closed"}]),
    Example(says="already so, nothing to do", yaml="close", gives=[], resource={"state": "closed"}),
    Example(
        says="a closed one is opened again",
        yaml="reopen",
        gives=[{"action": "status", "state": "opened"}],
        resource={"state": "closed"},
    ),
    Example(
        says="a merged merge request stays merged",
        yaml="close",
        gives=[],
        resource={"type": "merge_requests", "state": "merged"},
    ),
)


@ACTIONS.register("status")
class Status(Action, frozen=True):
    """Closes it (`close`) or opens it again (`reopen`).

    It is read once more just before: if a person changed it meanwhile, nothing is done and the next sweep decides anew.
    A merge request that is merged, or being merged, stays as it is.
    """

    value: Literal["close", "reopen"]

    def plan(self, rule: str, match: Match, render: Renderer) -> tuple[Step, ...]:
        wanted: Literal["closed", "opened"] = "closed" if self.value == "close" else "opened"
        if match.resource.state in (wanted, "merged", "locked"):
            return ()
        return (StatusStep(rule=rule, state=wanted),)
