"""Takes a branch; says whether it is protected."""

from __future__ import annotations

from typing import ClassVar

from starkeeper.model.facts import Facts
from starkeeper.model.resources import Branch, Resource, ResourceType
from starkeeper.model.rules import Condition
from starkeeper.registry import CONDITIONS, Example

EXAMPLES = (
    Example(says="a protected branch", yaml="true", gives=True, resource={"type": "branches", "protected": True}),
    Example(says="an ordinary one", yaml="true", gives=False, resource={"type": "branches"}),
)


@CONDITIONS.register("protected")
class Protected(Condition, frozen=True):
    """The branch is protected (`true`), or is not (`false`). Without this condition a rule looks at both."""

    types: ClassVar[frozenset[ResourceType]] = frozenset({"branches"})

    value: bool

    def holds(self, resource: Resource, facts: Facts) -> bool:
        return isinstance(resource, Branch) and resource.protected is self.value

    def explain(self, resource: Resource, facts: Facts) -> str:
        return "it is protected" if isinstance(resource, Branch) and resource.protected else "it is not protected"
