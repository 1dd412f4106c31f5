"""Takes a resource on which a rule holds; locks its discussion or unlocks it."""

from __future__ import annotations

from typing import ClassVar

from starkeeper.model.plan import LockStep, Step
from starkeeper.model.resources import ResourceType
from starkeeper.model.rules import Action, Match, Renderer
from starkeeper.registry import ACTIONS, Example

EXAMPLES = (
    Example(says="an open discussion is locked", yaml="true", gives=[{"action": "lock", "locked": True}]),
    Example(says="already so, nothing to do", yaml="true", gives=[], resource={"locked": True}),
    Example(
        says="a locked one is unlocked",
        yaml="false",
        gives=[{"action": "lock", "locked": False}],
        resource={"locked": True},
    ),
)


@ACTIONS.register("lock")
class Lock(Action, frozen=True):
    """Locks the discussion, so that only members can write (`true`), or unlocks it (`false`)."""

    types: ClassVar[frozenset[ResourceType]] = frozenset({"issues", "merge_requests"})

    value: bool

    def plan(self, rule: str, match: Match, render: Renderer) -> tuple[Step, ...]:
        return () if match.resource.locked is self.value else (LockStep(rule=rule, locked=self.value),)
