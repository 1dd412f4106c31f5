"""Takes rules and facts; says for one resource what each condition of each rule saw, rule after rule."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import structs

from starkeeper.errors import RenderError
from starkeeper.evaluate.effects import after
from starkeeper.evaluate.steps import Wanted, match_of, wanted_steps
from starkeeper.model.explanations import Explanation, Reason
from starkeeper.model.facts import Facts, Unanswerable
from starkeeper.model.resources import Resource
from starkeeper.model.rules import Clause, Policies, Renderer, Rule


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
        reasons = tuple(_reason(clause, seen, now) for clause in rule.conditions)
        wanted = Wanted()
        holds = all(each.holds for each in reasons)
        if holds:
            wanted, failed = _wanted(rule, seen, now, render)
            holds, reasons = not failed, reasons + failed + _new_labels(wanted, resource)
        seen = after(seen, wanted.steps, facts.now)
        listed = any(act.action.gathers for act in rule.actions)
        explanations.append(Explanation(rule.name, str(rule.where), holds, reasons, wanted.steps, listed))
    return tuple(explanations)


def _listing(policies: Policies) -> Iterator[Rule]:
    """The rules of summaries, each by the name of its summary and its own; of them only that they list is done."""
    for summary in policies.summaries:
        for part in summary.parts:
            acts = tuple(act for act in part.actions if act.action.gathers)
            yield structs.replace(part, name=f"{summary.summarize.name}: {part.name}", actions=acts)


def _reason(clause: Clause, resource: Resource, facts: Facts) -> Reason:
    try:
        return Reason(clause.key, clause.condition.holds(resource, facts), clause.condition.explain(resource, facts))
    except (Unanswerable, RenderError) as error:
        return Reason(clause.key, False, f"cannot be told: {error}")


def _wanted(rule: Rule, resource: Resource, facts: Facts, render: Renderer) -> tuple[Wanted, tuple[Reason, ...]]:
    """The steps, and what kept the rule from saying them although its conditions hold."""
    try:
        return wanted_steps(rule, match_of(rule, resource, facts), render), ()
    except (Unanswerable, RenderError) as error:
        return Wanted(), (Reason("actions", False, f"cannot be told: {error}"),)


def _new_labels(wanted: Wanted, resource: Resource) -> tuple[Reason, ...]:
    found = (f"{resource.project} has no label '{label}' yet: GitLab would make it" for label in wanted.new_labels)
    return tuple(Reason("labels", True, each) for each in found)
