"""Takes groups of conditions; says whether at least one group holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from starkeeper.conditions._groups import (
    Group,
    explain_groups,
    group_binds,
    group_held_since,
    group_holds,
    group_occasions,
)
from starkeeper.model.facets import FacetNeeded
from starkeeper.model.facts import Facts
from starkeeper.model.resources import Resource
from starkeeper.model.rules import Occasion
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

    def occasions(self, resource: Resource, facts: Facts) -> tuple[Occasion, ...]:
        """Those of every group that holds; one that tells none apart is one of its own."""
        held = [group for group in self.value if group_holds(group, resource, facts)]
        found = [each for group in held for each in group_occasions(group, resource, facts)]
        return tuple(found) if any(each.about for each in found) else ()

    def held_since(self, resource: Resource, facts: Facts) -> dt.datetime | None:
        held = (group for group in self.value if group_holds(group, resource, facts))
        times = [group_held_since(group, resource, facts) for group in held]
        known = [each for each in times if each is not None]
        return min(known) if known and len(known) == len(times) else None

    def explain(self, resource: Resource, facts: Facts) -> str:
        return explain_groups(self.value, resource, facts)

    def binds(self, resource: Resource, facts: Facts) -> Mapping[str, Any]:
        held = (group for group in self.value if group_holds(group, resource, facts))
        return next((group_binds(group, resource, facts) for group in held), {})
