"""Takes an issue's type; says whether it is one of those that the rule names."""

from __future__ import annotations

from typing import ClassVar, Literal

from starkeeper.model.facts import Facts
from starkeeper.model.resources import Issue, Resource, ResourceType
from starkeeper.model.rules import Condition
from starkeeper.registry import CONDITIONS, Example

TypeName = Literal["issue", "incident", "test_case", "task"]

EXAMPLES = (
    Example(says="an incident", yaml="incident", gives=True, resource={"issue_type": "incident"}),
    Example(says="an ordinary issue is no incident", yaml="incident", gives=False),
    Example(says="one of two", yaml="[issue, incident]", gives=False, resource={"issue_type": "task"}),
)


@CONDITIONS.register("issue_type")
class IssueType(Condition, frozen=True):
    """The issue is of this type; of a list, any one of them."""

    types: ClassVar[frozenset[ResourceType]] = frozenset({"issues"})

    value: TypeName | tuple[TypeName, ...]

    def holds(self, resource: Resource, facts: Facts) -> bool:
        return isinstance(resource, Issue) and resource.issue_type in self._wanted

    def explain(self, resource: Resource, facts: Facts) -> str:
        return f"its type is {resource.issue_type}" if isinstance(resource, Issue) else "it is no issue"

    def asks(self) -> frozenset[tuple[str, str]]:
        return frozenset({("issue_type", self._wanted[0])}) if len(self._wanted) == 1 else frozenset()

    @property
    def _wanted(self) -> tuple[str, ...]:
        return (self.value,) if isinstance(self.value, str) else self.value
