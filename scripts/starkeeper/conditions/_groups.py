"""What `any_of`, `all_of` and `none_of` share: groups of conditions, asked cheap ones first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, ClassVar

from starkeeper.model.desk import Desk
from starkeeper.model.facets import Facet
from starkeeper.model.facts import Facts
from starkeeper.model.resources import EVERY_TYPE, Resource, ResourceType
from starkeeper.model.rules import Clause, Condition, Occasion, Rule, each_with_each


class Group(Condition, frozen=True):
    """A list of groups; a group is a mapping of conditions that holds when all of them do."""

    types: ClassVar[frozenset[ResourceType]] = frozenset(EVERY_TYPE)

    value: tuple[tuple[Clause, ...], ...]

    @property
    def facets(self) -> frozenset[Facet]:
        return frozenset(facet for clause in self._clauses for facet in clause.condition.facets)

    def problems(self, desk: Desk, rule: Rule) -> tuple[str, ...]:
        return tuple(each for clause in self._clauses for each in clause.condition.problems(desk, rule))

    def looks_at(self, rule: Rule) -> frozenset[str]:
        return frozenset(name for clause in self._clauses for name in clause.condition.looks_at(rule))

    def next_change(self, resource: Resource, facts: Facts) -> dt.datetime | None:
        turns = (each.condition.next_change(resource, facts) for each in self._clauses)
        return min((each for each in turns if each and each > facts.now), default=None)

    @property
    def _clauses(self) -> tuple[Clause, ...]:
        return tuple(clause for group in self.value for clause in group)


def group_holds(group: tuple[Clause, ...], resource: Resource, facts: Facts) -> bool:
    """Whether every condition of one group holds; those that cost a request are asked only when the others do."""
    return all(clause.condition.holds(resource, facts) for clause in sorted(group, key=_cost))


def group_binds(group: tuple[Clause, ...], resource: Resource, facts: Facts) -> Mapping[str, Any]:
    """The names that the conditions of one group bind; the fields that they find are put together."""
    names: dict[str, Any] = {}
    fields: dict[str, str] = {}
    for clause in group:
        bound = clause.condition.binds(resource, facts)
        fields.update(bound.get("fields", {}))
        names.update(bound)
    return {**names, "fields": fields} if fields else names


def group_occasions(group: tuple[Clause, ...], resource: Resource, facts: Facts) -> tuple[Occasion, ...]:
    """On which occasions a group holds: those of its conditions, each with each; one without a name where it is all
    the same to them."""
    return each_with_each(each.condition.occasions(resource, facts) for each in group)


def group_held_since(group: tuple[Clause, ...], resource: Resource, facts: Facts) -> dt.datetime | None:
    """Since when a group holds because of the time alone: since the last of its conditions does."""
    times = (each.condition.held_since(resource, facts) for each in group)
    return max((each for each in times if each), default=None)


def explain_groups(groups: tuple[tuple[Clause, ...], ...], resource: Resource, facts: Facts) -> str:
    """Each condition of each group with what was seen, groups apart by «or»."""
    return "; or: ".join(
        ", ".join(f"{c.key}: {c.condition.explain(resource, facts)}" for c in group) for group in groups
    )


def _cost(clause: Clause) -> int:
    return len(clause.condition.facets)
