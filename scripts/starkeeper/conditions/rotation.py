"""Takes a shift; says whether it is one of the rotations that the rule is for."""

from __future__ import annotations

from typing import ClassVar

from starkeeper.errors import nearest
from starkeeper.model.desk import Desk
from starkeeper.model.facts import Facts
from starkeeper.model.resources import Resource, ResourceType
from starkeeper.model.rules import Condition, Rule
from starkeeper.registry import CONDITIONS, Example

EXAMPLES = (
    Example(says="a shift of that rotation", yaml="support_manager", gives=True, resource={"type": "shifts"}),
    Example(
        says="a shift of another one",
        yaml="support_manager",
        gives=False,
        resource={"type": "shifts", "project": "other"},
    ),
)


@CONDITIONS.register("rotation")
class RotationIs(Condition, frozen=True):
    """The rotations of desk.yml whose shifts the rule is for: one, or a list. Each rule for shifts names them.

    A rule looks at the shifts that begin within a day of now, before or after it.
    """

    types: ClassVar[frozenset[ResourceType]] = frozenset({"shifts"})

    value: str | tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return (self.value,) if isinstance(self.value, str) else self.value

    def holds(self, resource: Resource, facts: Facts) -> bool:
        return resource.project in self.names

    def explain(self, resource: Resource, facts: Facts) -> str:
        return f"it is a shift of {resource.project}"

    def problems(self, desk: Desk, rule: Rule) -> tuple[str, ...]:
        return tuple(
            f"there is no rotation '{name}' in desk.yml; {nearest(name, desk.rotations)}"
            for name in self.names
            if name not in desk.rotations
        )
