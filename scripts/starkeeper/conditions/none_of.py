"""Takes groups of conditions; says whether no group holds."""

from __future__ import annotations

from starkeeper.conditions._groups import Group, explain_groups, group_holds
from starkeeper.model.facts import Facts
from starkeeper.model.resources import Resource
from starkeeper.registry import CONDITIONS, Example

EXAMPLES = (
    Example(says="none holds", yaml="[{labels: [frozen]}, {state: closed}]", gives=True),
    Example(says="one holds", yaml="[{labels: [frozen]}, {state: closed}]", gives=False, resource={"state": "closed"}),
    Example(
        says="a group of two is excluded only when both hold",
        yaml="[{labels: [frozen], state: closed}]",
        gives=True,
        resource={"labels": ("frozen",)},
    ),
)


@CONDITIONS.register("none_of")
class NoneOf(Group, frozen=True):
    """None of these groups of conditions holds; a group holds when all of its conditions do."""

    def holds(self, resource: Resource, facts: Facts) -> bool:
        return not any(group_holds(group, resource, facts) for group in self.value)

    def explain(self, resource: Resource, facts: Facts) -> str:
        return explain_groups(self.value, resource, facts)
