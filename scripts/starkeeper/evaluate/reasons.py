"""Takes rules and facts; says for one resource what each condition of each rule saw, rule after rule."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from msgspec import structs

from starkeeper.errors import RenderError
from starkeeper.evaluate.effects import after
from starkeeper.evaluate.foresight import foresee
from starkeeper.evaluate.steps import Wanted, match_of, wanted_elsewhere, wanted_steps
from starkeeper.evaluate.undone import is_undone
from starkeeper.model.explanations import Explanation, Reason
from starkeeper.model.facets import Unanswerable
from starkeeper.model.facts import Facts
from starkeeper.model.plan import Step
from starkeeper.model.policies import Policies
from starkeeper.model.resources import Resource
from starkeeper.model.rules import Clause, Match, Renderer, Rule
from starkeeper.render.undone import UNDONE_LABEL


def explain_rules(policies: Policies, facts: Facts, resource: Resource, render: Renderer) -> tuple[Explanation, ...]:
    """Every rule of the resource's tracker and type, those of summaries first, each seeing the effects of the others.

    Raises FacetNeeded as long as a facet is missing.
    """
    explanations: list[Explanation] = []
    seen: Resource | None = resource
    for rule in (*_listing(policies), *policies.rules):
        if seen is None or resource.tracker not in rule.trackers or resource.type != rule.type:
            continue
        others = tuple(each for each in facts.resources if each.key != resource.key)
        now = structs.replace(facts, resources=(seen, *others))
        explanation = _explain(rule, seen, now, render)
        explanations.append(explanation)
        seen = after(seen, explanation.steps, facts.now)
    return tuple(explanations)


def _explain(rule: Rule, resource: Resource, facts: Facts, render: Renderer) -> Explanation:
    reasons = tuple(_reason(clause, resource, facts) for clause in rule.conditions)
    listed = any(act.action.gathers for act in rule.actions)
    if all(each.holds for each in reasons) and is_undone(rule, resource, facts):
        why = f"a run of it was undone here; it keeps off until its text changes or '{UNDONE_LABEL}' is taken off"
        return Explanation(rule.name, str(rule.where), False, (*reasons, Reason("undo", False, why)), (), listed)
    if not all(each.holds for each in reasons):
        begins = _from(rule.conditions, resource, facts)
        return Explanation(rule.name, str(rule.where), False, reasons, (), listed, from_at=begins)
    try:
        match = match_of(rule, resource, facts)
        wanted = wanted_steps(rule, match, render)
        elsewhere = _elsewhere(rule, match, render)
    except (Unanswerable, RenderError) as error:
        failed = Reason("actions", False, f"cannot be told: {error}")
        return Explanation(rule.name, str(rule.where), False, (*reasons, failed), (), listed)
    reasons += _new_labels(wanted, resource)
    return Explanation(rule.name, str(rule.where), True, reasons, wanted.steps, listed, elsewhere)


def _elsewhere(rule: Rule, match: Match, render: Renderer) -> tuple[tuple[str, Step], ...]:
    original = match.names.get("original")
    if not isinstance(original, Resource):
        return ()
    return tuple((original.reference, step) for step in wanted_elsewhere(rule, match, original, render).steps)


def _listing(policies: Policies) -> Iterator[Rule]:
    """The rules of summaries, each by the name of its summary and its own; of them only that they list is done."""
    for summary in policies.summaries:
        for part in summary.parts:
            acts = tuple(act for act in part.actions if act.action.gathers)
            yield structs.replace(part, name=f"{summary.summarize.name}: {part.name}", actions=acts)


def _reason(clause: Clause, resource: Resource, facts: Facts) -> Reason:
    try:
        holds = clause.condition.holds(resource, facts)
        begins = None if holds else _from((clause,), resource, facts)
        return Reason(clause.key, holds, clause.condition.explain(resource, facts), begins)
    except (Unanswerable, RenderError) as error:
        return Reason(clause.key, False, f"cannot be told: {error}")


def _from(clauses: tuple[Clause, ...], resource: Resource, facts: Facts) -> dt.datetime | None:
    try:
        return foresee(clauses, resource, facts)
    except (Unanswerable, RenderError):
        return None


def _new_labels(wanted: Wanted, resource: Resource) -> tuple[Reason, ...]:
    found = (f"{resource.project} has no label '{label}' yet: GitLab would make it" for label in wanted.new_labels)
    return tuple(Reason("labels", True, each) for each in found)
