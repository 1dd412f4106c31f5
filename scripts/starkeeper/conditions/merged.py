"""Takes a branch; says whether it is merged."""

from __future__ import annotations

from typing import ClassVar

from starkeeper.model.facts import Facts
from starkeeper.model.resources import Branch, Resource, ResourceType
from starkeeper.model.rules import Condition
from starkeeper.registry import CONDITIONS, Example

EXAMPLES = (
    Example(
        says="everything on it has arrived", yaml="true", gives=True, resource={"type": "branches", "merged": True}
    ),
    Example(says="there is work on it still", yaml="true", gives=False, resource={"type": "branches"}),
)


@CONDITIONS.register("merged")
class Merged(Condition, frozen=True):
    """The branch is merged into the default branch of its project (`true`), or is not (`false`)."""

    types: ClassVar[frozenset[ResourceType]] = frozenset({"branches"})

    value: bool

    def holds(self, resource: Resource, facts: Facts) -> bool:
        return isinstance(resource, Branch) and resource.merged is self.value

    def explain(self, resource: Resource, facts: Facts) -> str:
        return (
            "it is merged into the default branch"
            if isinstance(resource, Branch) and resource.merged
            else "it is not merged into the default branch"
        )
