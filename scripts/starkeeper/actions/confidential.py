"""Takes a resource on which a rule holds; hides it from people outside the project, or shows it to them."""

from __future__ import annotations

from typing import ClassVar

from starkeeper.model.plan import ConfidentialStep, Step
from starkeeper.model.resources import ResourceType
from starkeeper.model.rules import Action, Match, Renderer
from starkeeper.registry import ACTIONS, Example

EXAMPLES = (
    Example(says="a public issue is hidden", yaml="true", gives=[{"action": "confidential", "confidential": True}]),
    Example(says="already so, nothing to do", yaml="true", gives=[], resource={"confidential": True}),
)


@ACTIONS.register("confidential")
class Confidential(Action, frozen=True):
    """Makes the issue or epic confidential (`true`), or visible to all who see its project or group (`false`)."""

    types: ClassVar[frozenset[ResourceType]] = frozenset({"issues", "epics"})

    value: bool

    def plan(self, rule: str, match: Match, render: Renderer) -> tuple[Step, ...]:
        if match.resource.confidential is self.value:
            return ()
        return (ConfidentialStep(rule=rule, confidential=self.value),)
