"""Takes the branch that a merge request goes into; says whether it is the one that the rule names."""

from __future__ import annotations

from typing import ClassVar

from starkeeper.conditions._branches import asks_branch, is_named
from starkeeper.model.facts import Facts
from starkeeper.model.resources import MergeRequest, Resource, ResourceType
from starkeeper.model.rules import Condition
from starkeeper.registry import CONDITIONS, Example

EXAMPLES = (
    Example(
        says="by name",
        yaml="release-18",
        gives=True,
        resource={"type": "merge_requests", "target_branch": "release-18"},
    ),
    Example(
        says="a star stands for any run of characters",
        yaml='"release-*"',
        gives=True,
        resource={"type": "merge_requests", "target_branch": "release-18"},
    ),
    Example(
        says="another branch",
        yaml='"release-*"',
        gives=False,
        resource={"type": "merge_requests", "target_branch": "main"},
    ),
)


@CONDITIONS.register("target_branch")
class TargetBranch(Condition, frozen=True):
    """The merge request goes into this branch; `*` stands for any run of characters."""

    types: ClassVar[frozenset[ResourceType]] = frozenset({"merge_requests"})

    value: str

    def holds(self, resource: Resource, facts: Facts) -> bool:
        return isinstance(resource, MergeRequest) and is_named(resource.target_branch, self.value)

    def explain(self, resource: Resource, facts: Facts) -> str:
        return (
            f"it goes into {resource.target_branch}" if isinstance(resource, MergeRequest) else "it has no such branch"
        )

    def asks(self) -> frozenset[tuple[str, str]]:
        return asks_branch("target_branch", self.value)
