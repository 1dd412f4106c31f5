"""Takes a resource on which a rule holds; gives the people to assign who are not assigned yet."""

from __future__ import annotations

from typing import ClassVar

from starkeeper.actions._people import Like, OnCall, people_meant, unknown_rotation
from starkeeper.model.desk import Desk
from starkeeper.model.plan import AssignStep, Step
from starkeeper.model.resources import ResourceType
from starkeeper.model.rules import Action, Match, Renderer, Rule
from starkeeper.model.values import Text
from starkeeper.registry import ACTIONS, Example

EXAMPLES = (
    Example(says="by user name", yaml="[kim]", gives=[{"action": "assign", "add": ["kim"], "remove": []}]),
    Example(says="already so, nothing to do", yaml="[kim]", gives=[], resource={"assignees": ("kim", "lou")}),
    Example(
        says="whoever is on call (emil, at 09:30 UTC)",
        yaml="{on_call: support_manager}",
        gives=[{"action": "assign", "add": ["emil"], "remove": []}],
    ),
)


@ACTIONS.register("assign")
class Assign(Action, frozen=True):
    """Assigns people, beside those who are assigned: user names, `{on_call: ROTATION}` or `{like: original}`.

    Where nobody is on call nobody is assigned: never the last known person. The free edition of GitLab keeps one
    assignee; a second one is then reported as a failed step.
    """

    types: ClassVar[frozenset[ResourceType]] = frozenset({"issues", "merge_requests"})

    value: tuple[Text, ...] | OnCall | Like

    def plan(self, rule: str, match: Match, render: Renderer) -> tuple[Step, ...]:
        assigned = {user.username.casefold() for user in match.resource.assignees}
        add = tuple(each for each in people_meant(self.value, match, render) if each.casefold() not in assigned)
        return (AssignStep(rule=rule, add=add),) if add else ()

    def problems(self, desk: Desk, rule: Rule) -> tuple[str, ...]:
        return unknown_rotation(self.value, desk)
