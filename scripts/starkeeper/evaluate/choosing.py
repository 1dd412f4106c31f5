"""Takes rules that only choose; gives the resources on which each holds, with the names that its templates see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from starkeeper.evaluate.passes import matching
from starkeeper.evaluate.state import Pass, Shortlist
from starkeeper.evaluate.steps import match_of
from starkeeper.model.decisions import Chosen
from starkeeper.model.facets import Facet, FacetNeeded
from starkeeper.model.facts import Facts
from starkeeper.model.plan import Failure
from starkeeper.model.resources import Subject
from starkeeper.model.rules import Match, Renderer, Rule


class Choice(Struct, frozen=True, kw_only=True):
    """What was chosen, by the name of the rule. With `needs` it is unfinished: read those facets and choose again."""

    chosen: Mapping[str, Chosen]
    errors: tuple[Failure, ...]
    needs: frozenset[tuple[Facet, Subject]]


def choose(rules: Sequence[Rule], facts: Facts, render: Renderer) -> Choice:
    """Each rule by itself: what one chooses another may choose as well. Issues that only list others are left out."""
    state = Pass(rules, facts, render, frozenset(), Shortlist())
    chosen = {rule.name: _chosen(rule, state) for rule in rules}
    return Choice(chosen=chosen, errors=tuple(state.errors), needs=frozenset(state.needs))


def _chosen(rule: Rule, state: Pass) -> Chosen:
    found = [each for tracker in rule.trackers for _, each in matching(rule, tracker, state, gathers=True)]
    matches: list[Match] = []
    for resource in found:
        try:
            matches.append(match_of(rule, resource, state.facts))
        except FacetNeeded as need:
            state.needs |= need.needs
    return Chosen(tuple(matches), all(state.knows_all(rule, tracker) for tracker in rule.trackers))
