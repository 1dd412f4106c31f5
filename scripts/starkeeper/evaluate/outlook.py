"""Takes the rules and a resource; says in what order they will act on it if nothing happens, for a person to read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import structs

from starkeeper.evaluate.foresight import foresee
from starkeeper.evaluate.steps import match_of, wanted_steps
from starkeeper.model.facts import Facts, Unanswerable
from starkeeper.model.resources import Resource
from starkeeper.model.rules import Renderer, Rule

_MOST = 10


def outlook_of(
    rules: Sequence[Rule], facts: Facts, resource: Resource, render: Renderer
) -> tuple[Mapping[str, Any], ...]:
    """The next acts of the rules on that resource, soonest first: `rule`, and `at`.

    Each rule is looked at by itself, as if the others did nothing. Raises FacetNeeded as long as a facet is missing.
    """
    found = sorted(_foreseen(rules, facts, resource, render))[:_MOST]
    return tuple({"rule": name, "at": at} for at, name in found)


def _foreseen(
    rules: Sequence[Rule], facts: Facts, resource: Resource, render: Renderer
) -> Iterator[tuple[dt.datetime, str]]:
    for rule in rules:
        is_for_it = resource.tracker in rule.trackers and resource.type == rule.type
        # What is asked of the bot is being answered; and an answer that foresees itself would never end.
        if not is_for_it or any(clause.key == "command" for clause in rule.conditions):
            continue
        try:
            at = foresee(rule.conditions, resource, facts)
        except Unanswerable:
            continue
        if at is not None and _would_act(rule, resource, structs.replace(facts, now=at), render):
            yield at, rule.name


def _would_act(rule: Rule, resource: Resource, facts: Facts, render: Renderer) -> bool:
    return bool(wanted_steps(rule, match_of(rule, resource, facts), render).steps)
