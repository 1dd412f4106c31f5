"""Takes an expression over the names that templates see; says whether it is true."""

from __future__ import annotations

from typing import ClassVar

from starkeeper.model.facts import Facts
from starkeeper.model.resources import EVERY_TYPE, Resource, ResourceType
from starkeeper.model.rules import Condition
from starkeeper.model.values import Expression
from starkeeper.registry import CONDITIONS, Example
from starkeeper.render.expressions import evaluate_expression

EXAMPLES = (
    Example(says="a comparison", yaml="upvotes > 10", gives=True, resource={"upvotes": 12}),
    Example(says="a label", yaml="'\"bug\" in labels and upvotes == 0'", gives=True, resource={"labels": ("bug",)}),
    Example(says="not true", yaml="state == 'closed'", gives=False),
)


@CONDITIONS.register("expr")
class Expr(Condition, frozen=True):
    """A Jinja expression is true; it sees the names that templates see and can change nothing.

    For what no other condition says. It costs no request; where another condition says the same, that one is better:
    it is explained in words and narrows what is read.
    """

    types: ClassVar[frozenset[ResourceType]] = frozenset(EVERY_TYPE)

    value: Expression

    def holds(self, resource: Resource, facts: Facts) -> bool:
        return bool(evaluate_expression(self.value, resource, facts))

    def explain(self, resource: Resource, facts: Facts) -> str:
        return f"the expression is {'true' if self.holds(resource, facts) else 'false'}"
