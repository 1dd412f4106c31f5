"""Takes rules and facts; says for one issue what each condition of each rule saw, rule after rule."""

from __future__ import annotations

from msgspec import structs

from starkeeper.errors import RenderError
from starkeeper.evaluate.effects import with_step
from starkeeper.evaluate.passes import run_pass
from starkeeper.model.explanations import Explanation, Reason
from starkeeper.model.facts import FacetNeeded, Facts
from starkeeper.model.plan import Step
from starkeeper.model.resources import Issue
from starkeeper.model.rules import Clause, Policies, Renderer, Rule


def explain_rules(policies: Policies, facts: Facts, issue: Issue, render: Renderer) -> tuple[Explanation, ...]:
    """Every rule of the issue's tracker, each seeing the effects of those before it; all facets must have been read."""
    explanations: list[Explanation] = []
    seen = issue
    for rule in policies.rules:
        if issue.tracker not in rule.trackers:
            continue
        now = structs.replace(facts, issues=tuple(seen if each.key == issue.key else each for each in facts.issues))
        reasons = tuple(_reason(clause, seen, now) for clause in rule.conditions)
        alone = structs.replace(rule, limits=type(rule.limits)())
        steps, seen, failed = _acted(alone, seen, now, render)
        reasons += failed
        explanations.append(
            Explanation(rule.name, str(rule.where), all(each.holds for each in reasons), reasons, steps)
        )
    return tuple(explanations)


def _reason(clause: Clause, issue: Issue, facts: Facts) -> Reason:
    try:
        return Reason(clause.key, clause.condition.holds(issue, facts), clause.condition.explain(issue, facts))
    except (FacetNeeded, RenderError) as error:
        return Reason(clause.key, False, f"cannot be told: {error}")


def _acted(
    rule: Rule, issue: Issue, facts: Facts, render: Renderer
) -> tuple[tuple[Step, ...], Issue, tuple[Reason, ...]]:
    """The steps, the issue after them, and what kept the rule from saying them although its conditions hold."""
    result = run_pass([rule], facts, render, only=issue.key)
    steps = result.decisions[0].steps if result.decisions else ()
    for step in steps:
        issue = with_step(issue, step)
    return steps, issue, tuple(Reason("actions", False, f"cannot be told: {each.what}") for each in result.errors)
