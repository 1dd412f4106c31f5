"""Takes groups of conditions; says whether at least one group holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starkeeper.conditions._groups import Group, explain_groups, group_binds, group_holds
from starkeeper.model.facts import FacetNeeded, Facts
from starkeeper.model.resources import Resource
from starkeeper.registry import CONDITIONS, Example

EXAMPLES = (
    Example(
        says="the second of two", yaml="[{labels: [bug]}, {labels: [ux]}]", gives=True, resource={"labels": ("ux",)}
    ),
    Example(
        says="neither of two", yaml="[{labels: [bug]}, {labels: [ux]}]", gives=False, resource={"labels": ("docs",)}
    ),
    Example(
        says="within one group all must hold",
        yaml="[{labels: [bug], state: closed}, {labels: [ux], state: closed}]",
        gives=False,
        resource={"labels": ("bug",)},
    ),
)


@CONDITIONS.register("any_of")
class AnyOf(Group, frozen=True):
    """At least one of these groups of conditions holds; within a group all must."""

    def holds(self, resource: Resource, facts: Facts) -> bool:
        cheap_first = sorted(self.value, key=lambda group: max(len(each.condition.facets) for each in group))
        need: FacetNeeded | None = None
        for group in cheap_first:
            try:
                if group_holds(group, resource, facts):
                    return True
            except FacetNeeded as needed:
                need = need or needed
        if need is not None:
            raise need
        return False

    def explain(self, resource: Resource, facts: Facts) -> str:
        return explain_groups(self.value, resource, facts)

    def binds(self, resource: Resource, facts: Facts) -> Mapping[str, Any]:
        held = (group for group in self.value if group_holds(group, resource, facts))
        return next((group_binds(group, resource, facts) for group in held), {})
