"""Takes an issue that has an original; holds the actions that are for that one."""

from __future__ import annotations

from typing import ClassVar

from starkeeper.model.desk import Desk
from starkeeper.model.plan import Step
from starkeeper.model.resources import ResourceType
from starkeeper.model.rules import Act, Action, Match, Renderer, Rule
from starkeeper.registry import ACTIONS, Example

EXAMPLES = (
    Example(
        says="nothing is planned for this issue itself; the original gets the note",
        yaml="{comment: 'A second one was opened: {{ duplicate.full_reference }}'}",
        gives=[],
        resource={"fields": {"ticket": "123456"}},
        others=({"iid": 1, "fields": {"ticket": "123456"}, "created_at": "2026-11-30T09:00:00Z"},),
    ),
)


@ACTIONS.register("original")
class OnOriginal(Action, frozen=True):
    """Does these actions on the issue that `duplicate_of` found, instead of on this one.

    Templates see the original as the issue itself, and this one as `duplicate`. What is said there is said once for
    each duplicate.
    """

    types: ClassVar[frozenset[ResourceType]] = frozenset({"issues"})
    elsewhere: ClassVar[bool] = True

    value: tuple[Act, ...]

    def acts(self) -> tuple[Act, ...]:
        return self.value

    def looks_at(self, rule: Rule) -> frozenset[str]:
        return frozenset(name for act in self.value for name in act.action.looks_at(rule))

    def plan(self, rule: str, match: Match, render: Renderer) -> tuple[Step, ...]:
        return ()

    def problems(self, desk: Desk, rule: Rule) -> tuple[str, ...]:
        found = tuple(text for act in self.value for text in act.action.problems(desk, rule))
        if any(act.action.elsewhere or act.action.gathers for act in self.value):
            return (*found, "'original' takes only actions on one issue; put the others beside it")
        return found
