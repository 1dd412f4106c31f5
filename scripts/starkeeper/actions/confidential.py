"""Takes an issue on which a rule holds; hides it from people outside the project, or shows it to them."""

from __future__ import annotations

from starkeeper.model.plan import ConfidentialStep, Step
from starkeeper.model.rules import Action, Match, Renderer
from starkeeper.registry import ACTIONS, Example

EXAMPLES = (
    Example(says="a public issue is hidden", yaml="true", gives=[{"action": "confidential", "confidential": True}]),
    Example(says="already so, nothing to do", yaml="true", gives=[], issue={"confidential": True}),
)


@ACTIONS.register("confidential")
class Confidential(Action, frozen=True):
    """Makes the issue confidential (`true`) or public within its project (`false`)."""

    value: bool

    def plan(self, rule: str, match: Match, render: Renderer) -> tuple[Step, ...]:
        if match.issue.confidential is self.value:
            return ()
        return (ConfidentialStep(rule=rule, confidential=self.value),)
