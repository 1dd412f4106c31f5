"""Takes groups of conditions; says whether every group holds."""

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
from starkeeper.model.facts import Facts
from starkeeper.model.resources import Resource
from starkeeper.model.rules import Occasion
from starkeeper.registry import CONDITIONS, Example

EXAMPLES = (
    Example(
        says="two conditions of one kind, which one mapping cannot hold",
        yaml="[{title: upgrade}, {title: '18\\.'}]",
        gives=True,
        resource={"title": "upgrade to 18.6"},
    ),
    Example(
        says="one of them fails",
        yaml="[{title: upgrade}, {title: '18\\.'}]",
        gives=False,
        resource={"title": "upgrade to 17.11"},
    ),
)


@CONDITIONS.register("all_of")
class AllOf(Group, frozen=True):
    """Every one of these groups of conditions holds: for two conditions of one kind, or inside `any_of`."""

    def holds(self, resource: Resource, facts: Facts) -> bool:
        return all(group_holds(group, resource, facts) for group in self.value)

    def occasions(self, resource: Resource, facts: Facts) -> tuple[Occasion, ...]:
        found = group_occasions(self._clauses, resource, facts)
        return found if any(each.about for each in found) else ()

    def held_since(self, resource: Resource, facts: Facts) -> dt.datetime | None:
        return group_held_since(self._clauses, resource, facts)

    def explain(self, resource: Resource, facts: Facts) -> str:
        return explain_groups(self.value, resource, facts).replace("; or: ", "; and: ")

    def asks(self) -> frozenset[tuple[str, str]]:
        return frozenset(pair for clause in self._clauses for pair in clause.condition.asks())

    def binds(self, resource: Resource, facts: Facts) -> Mapping[str, Any]:
        return group_binds(self._clauses, resource, facts)
