"""Takes a rule and a record of a resource; says whether it holds, or why that cannot be told. Notes nothing."""

from __future__ import annotations

from starkeeper.errors import RenderError
from starkeeper.evaluate.undone import is_undone
from starkeeper.model.facets import BULK_FACETS, FacetNeeded, Unanswerable
from starkeeper.model.facts import Facts
from starkeeper.model.resources import Resource
from starkeeper.model.rules import Clause, Rule

Trouble = FacetNeeded | Unanswerable | RenderError
"""Why it cannot be told, yet or at all, whether a rule holds on a resource."""


def rule_holds(rule: Rule, resource: Resource, facts: Facts) -> bool:
    """Whether every condition of the rule holds on that record of the resource; may raise FacetNeeded."""
    return all(clause.condition.holds(resource, facts) for clause in cheap_first(rule.conditions))


def may_hold(rule: Rule, resource: Resource, facts: Facts) -> bool:
    """Whether the rule holds on that record of the resource, or would as far as is known."""
    return told(rule, cheap_first(rule.conditions), resource, facts) is not False


def cheap_first(clauses: tuple[Clause, ...]) -> tuple[Clause, ...]:
    """Those first for which nothing more need be read."""
    return tuple(sorted(clauses, key=lambda clause: len(clause.condition.facets)))


def told(rule: Rule, clauses: tuple[Clause, ...], resource: Resource, facts: Facts) -> bool | Trouble:
    """Whether it holds, or why that cannot be told."""
    troubles: list[Trouble] = []
    for clause in clauses:
        try:
            if not clause.condition.holds(resource, facts):
                return False
        except (FacetNeeded, Unanswerable, RenderError) as trouble:
            troubles.append(trouble)
    if not troubles:
        try:
            return not is_undone(rule, resource, facts)
        except (FacetNeeded, Unanswerable) as trouble:
            troubles.append(trouble)
    # What is cheapest to read may be enough to know; what fails has to be said only where nothing else decides.
    return min(troubles, key=_cost)


def _cost(trouble: Trouble) -> int:
    """Notes are read in bulk, all else one by one."""
    return 2 if not isinstance(trouble, FacetNeeded) else 0 if trouble.facet in BULK_FACETS else 1
