"""Takes an issue on which a rule holds; gives its move to another project."""

from __future__ import annotations

import re
from typing import ClassVar

from starkeeper.model.desk import Desk
from starkeeper.model.plan import MoveStep, Step
from starkeeper.model.resources import ResourceType
from starkeeper.model.rules import Action, Match, Renderer, Rule
from starkeeper.registry import ACTIONS, Example

EXAMPLES = (
    Example(says="to another project", yaml="support/archive", gives=[{"action": "move", "to": "support/archive"}]),
    Example(
        says="already there, nothing to do", yaml="support/archive", gives=[], resource={"project": "support/archive"}
    ),
    Example(says="a closed issue stays where it is", yaml="support/archive", gives=[], resource={"state": "closed"}),
)


@ACTIONS.register("move")
class Move(Action, frozen=True):
    """Moves the issue to the project of this path.

    GitLab opens it anew there and closes the one that it was; so closed issues are not moved.
    """

    types: ClassVar[frozenset[ResourceType]] = frozenset({"issues"})

    value: str

    def plan(self, rule: str, match: Match, render: Renderer) -> tuple[Step, ...]:
        # GitLab takes a path in any case.
        if match.resource.state == "closed" or match.resource.project.casefold() == self.value.casefold():
            return ()
        return (MoveStep(rule=rule, to=self.value),)

    def problems(self, desk: Desk, rule: Rule) -> tuple[str, ...]:
        if not re.fullmatch(r"[\w.-]+(/[\w.-]+)+", self.value):
            return (f"'{self.value}' is no path of a project; write it like group/project",)
        trackers = (desk.trackers[each] for each in rule.trackers if each in desk.trackers)
        return tuple(
            f"'move' names the project that tracker '{each.name}' is; name another one"
            for each in trackers
            if each.source == "projects" and each.path.casefold() == self.value.casefold()
        )
