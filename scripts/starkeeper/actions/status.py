"""Takes an issue on which a rule holds; closes it or opens it again."""

from __future__ import annotations

from typing import Literal

from starkeeper.model.plan import StatusStep, Step
from starkeeper.model.rules import Action, Match, Renderer
from starkeeper.registry import ACTIONS, Example

EXAMPLES = (
    Example(says="an open issue is closed", yaml="close", gives=[{"action": "status", "state": "closed"}]),
    Example(says="already so, nothing to do", yaml="close", gives=[], issue={"state": "closed"}),
    Example(
        says="a closed one is opened again",
        yaml="reopen",
        gives=[{"action": "status", "state": "opened"}],
        issue={"state": "closed"},
    ),
)


@ACTIONS.register("status")
class Status(Action, frozen=True):
    """Closes the issue (`close`) or opens it again (`reopen`).

    The issue is read once more just before: if a person changed it meanwhile, nothing is done and the next sweep
    decides anew.
    """

    value: Literal["close", "reopen"]

    def plan(self, rule: str, match: Match, render: Renderer) -> tuple[Step, ...]:
        wanted: Literal["closed", "opened"] = "closed" if self.value == "close" else "opened"
        return () if match.issue.state == wanted else (StatusStep(rule=rule, state=wanted),)
