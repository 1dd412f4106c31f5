"""Takes the rules and a resource; says in what order they will act on it if nothing happens, for a person to read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import structs

from starkeeper.errors import RenderError
from starkeeper.evaluate.foresight import foresee
from starkeeper.evaluate.speech import next_turn
from starkeeper.evaluate.steps import is_answer, match_of, wanted_elsewhere, wanted_steps
from starkeeper.evaluate.undone import is_undone
from starkeeper.model.facets import Unanswerable
from starkeeper.model.facts import Facts
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
        if not is_for_it or is_answer(rule):
            continue
        try:
            at = None if is_undone(rule, resource, facts) else _next_act(rule, resource, facts, render)
        except (Unanswerable, RenderError):
            # The sweep says so itself, where that rule stands.
            continue
        if at is not None:
            yield at, rule.name


def _next_act(rule: Rule, resource: Resource, facts: Facts, render: Renderer) -> dt.datetime | None:
    """When it holds and has something to do; one that repeats itself also when it is its turn again."""
    at = foresee(rule.conditions, resource, facts)
    if at is None or _would_act(rule, resource, structs.replace(facts, now=at), render):
        return at
    again = next_turn(rule, resource, facts)
    later = foresee(rule.conditions, resource, structs.replace(facts, now=max(at, again))) if again else None
    return later if later and _would_act(rule, resource, structs.replace(facts, now=later), render) else None


def _would_act(rule: Rule, resource: Resource, facts: Facts, render: Renderer) -> bool:
    match = match_of(rule, resource, facts)
    original = match.names.get("original")
    if isinstance(original, Resource) and wanted_elsewhere(rule, match, original, render).steps:
        return True
    return bool(wanted_steps(rule, match, render).steps)
