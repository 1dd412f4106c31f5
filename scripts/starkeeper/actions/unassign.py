"""Takes a resource on which a rule holds; gives the assignees to take away."""

from __future__ import annotations

from typing import ClassVar, Literal

from starkeeper.actions._people import OnCall, people_meant, unknown_rotation
from starkeeper.model.desk import Desk
from starkeeper.model.plan import AssignStep, Step
from starkeeper.model.resources import ResourceType
from starkeeper.model.rules import Action, Match, Renderer, Rule
from starkeeper.model.values import Text
from starkeeper.registry import ACTIONS, Example

EXAMPLES = (
    Example(
        says="one of two",
        yaml="[kim]",
        gives=[{"action": "assign", "add": [], "remove": ["kim"]}],
        resource={"assignees": ("kim", "lou")},
    ),
    Example(
        says="everybody",
        yaml="Any",
        gives=[{"action": "assign", "add": [], "remove": ["kim", "lou"]}],
        resource={"assignees": ("kim", "lou")},
    ),
    Example(says="already so, nothing to do", yaml="[kim]", gives=[], resource={"assignees": ("lou",)}),
)


@ACTIONS.register("unassign")
class Unassign(Action, frozen=True):
    """Takes these assignees away: user names, `{on_call: ROTATION}`, or `Any` for everybody."""

    types: ClassVar[frozenset[ResourceType]] = frozenset({"issues", "merge_requests"})

    value: Literal["Any"] | tuple[Text, ...] | OnCall

    def plan(self, rule: str, match: Match, render: Renderer) -> tuple[Step, ...]:
        assigned = tuple(user.username for user in match.resource.assignees)
        if isinstance(self.value, str):
            remove = assigned
        else:
            meant = {each.casefold() for each in people_meant(self.value, match, render)}
            remove = tuple(name for name in assigned if name.casefold() in meant)
        return (AssignStep(rule=rule, remove=remove),) if remove else ()

    def problems(self, desk: Desk, rule: Rule) -> tuple[str, ...]:
        return unknown_rotation(self.value, desk)
