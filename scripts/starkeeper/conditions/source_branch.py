"""Takes the branch that a merge request comes from; says whether it is the one that the rule names."""

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
        yaml="feature/login",
        gives=True,
        resource={"type": "merge_requests", "source_branch": "feature/login"},
    ),
    Example(
        says="a star stands for any run of characters",
        yaml='"feature/*"',
        gives=True,
        resource={"type": "merge_requests", "source_branch": "feature/login"},
    ),
    Example(
        says="another branch",
        yaml='"feature/*"',
        gives=False,
        resource={"type": "merge_requests", "source_branch": "main"},
    ),
)


@CONDITIONS.register("source_branch")
class SourceBranch(Condition, frozen=True):
    """The merge request comes from this branch; `*` stands for any run of characters."""

    types: ClassVar[frozenset[ResourceType]] = frozenset({"merge_requests"})

    value: str

    def holds(self, resource: Resource, facts: Facts) -> bool:
        return isinstance(resource, MergeRequest) and is_named(resource.source_branch, self.value)

    def explain(self, resource: Resource, facts: Facts) -> str:
        return (
            f"it comes from {resource.source_branch}" if isinstance(resource, MergeRequest) else "it has no such branch"
        )

    def asks(self) -> frozenset[tuple[str, str]]:
        return asks_branch("source_branch", self.value)
