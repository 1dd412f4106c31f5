"""Takes a branch on which a rule holds; deletes it."""

from __future__ import annotations

from typing import ClassVar

from starkeeper.model.plan import DeleteStep, Step
from starkeeper.model.resources import Branch, ResourceType
from starkeeper.model.rules import Action, Match, Renderer
from starkeeper.registry import ACTIONS, Example

EXAMPLES = (
    Example(
        says="as long as its last commit is the one that the rule saw",
        yaml="true",
        gives=[{"action": "delete", "commit": "7b5c3cc8"}],
        resource={"type": "branches", "commit": "7b5c3cc8"},
    ),
    Example(
        says="a protected branch stays",
        yaml="true",
        gives=[],
        resource={"type": "branches", "commit": "7b5c3cc8", "protected": True},
    ),
    Example(
        says="so does the default branch",
        yaml="true",
        gives=[],
        resource={"type": "branches", "commit": "7b5c3cc8", "default": True},
    ),
)


@ACTIONS.register("delete")
class Delete(Action, frozen=True):
    """Deletes the branch (`true`). A protected branch, and the default branch of a project, always stay.

    It is read once more just before: with another commit on it, it stays, and the next sweep decides anew.
    """

    types: ClassVar[frozenset[ResourceType]] = frozenset({"branches"})

    value: bool

    def plan(self, rule: str, match: Match, render: Renderer) -> tuple[Step, ...]:
        branch = match.resource
        if not self.value or not isinstance(branch, Branch) or branch.protected or branch.default:
            return ()
        return (DeleteStep(rule=rule, commit=branch.commit),)
