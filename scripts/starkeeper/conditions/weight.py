"""Takes an issue's weight; says whether it is the one that the rule names."""

from __future__ import annotations

from typing import ClassVar

from starkeeper.conditions._amounts import NoneOrAny, is_set_as
from starkeeper.model.desk import Desk
from starkeeper.model.facts import Facts
from starkeeper.model.resources import Issue, Resource, ResourceType
from starkeeper.model.rules import Condition, Rule
from starkeeper.registry import CONDITIONS, Example

EXAMPLES = (
    Example(says="this weight", yaml="3", gives=True, resource={"weight": 3}),
    Example(says="no weight at all", yaml="None", gives=True),
    Example(says="a weight of 0 is one", yaml="None", gives=False, resource={"weight": 0}),
    Example(says="any weight", yaml="Any", gives=True, resource={"weight": 0}),
)


@CONDITIONS.register("weight")
class Weight(Condition, frozen=True):
    """The issue has this weight; `None` and `Any` ask whether it has one at all.

    Weights need a paid edition of GitLab; on the free one no issue has any.
    """

    types: ClassVar[frozenset[ResourceType]] = frozenset({"issues"})

    value: int | NoneOrAny

    def holds(self, resource: Resource, facts: Facts) -> bool:
        weight = _weight(resource)
        return is_set_as(weight is not None, self.value) if isinstance(self.value, str) else weight == self.value

    def explain(self, resource: Resource, facts: Facts) -> str:
        weight = _weight(resource)
        return "it has no weight" if weight is None else f"its weight is {weight}"

    def problems(self, desk: Desk, rule: Rule) -> tuple[str, ...]:
        if isinstance(self.value, str) or self.value >= 0:
            return ()
        return ("no weight is less than 0; write a whole number, None or Any",)

    def asks(self) -> frozenset[tuple[str, str]]:
        return frozenset({("weight", str(self.value).capitalize())})


def _weight(resource: Resource) -> int | None:
    return resource.weight if isinstance(resource, Issue) else None
