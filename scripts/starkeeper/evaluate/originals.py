"""Where the original of a resource is, which a rule may act on as well."""

from __future__ import annotations

from starkeeper.evaluate.state import Pass
from starkeeper.evaluate.steps import Wanted, wanted_elsewhere
from starkeeper.evaluate.undone import is_undone
from starkeeper.model.resources import Resource
from starkeeper.model.rules import Match, Rule


def elsewhere(rule: Rule, match: Match, state: Pass) -> tuple[tuple[int, Resource] | None, Wanted]:
    """Where the original of the resource is, as it is by now, and what the rule wants of it."""
    original = match.names.get("original")
    if not isinstance(original, Resource) or not any(act.action.elsewhere for act in rule.actions):
        return None, Wanted()
    there = state.shelves[original.tracker, original.type].find(original.key)
    if there is None or is_excluded(rule, there[1], state) or is_undone(rule, there[1], state.facts):
        return None, Wanted()
    return there, wanted_elsewhere(rule, match, there[1], state.render)


def is_excluded(rule: Rule, resource: Resource, state: Pass) -> bool:
    """Whether the rule is not to be asked there."""
    return (rule.name, resource.tracker, resource.key) in state.excluded
