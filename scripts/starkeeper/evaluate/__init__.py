"""Takes rules and facts; gives decisions, each with the steps that it wants. Pure: it reads and writes nothing."""

from __future__ import annotations

from starkeeper.evaluate.conflicts import find_conflicts
from starkeeper.evaluate.passes import Excluded, run_pass
from starkeeper.evaluate.reasons import explain_rules
from starkeeper.model.decisions import Evaluation
from starkeeper.model.facts import Facts
from starkeeper.model.plan import Conflict
from starkeeper.model.rules import Policies, Renderer

__all__ = ["evaluate", "explain_rules"]


def evaluate(policies: Policies, facts: Facts, render: Renderer) -> Evaluation:
    """Decides every rule on every issue of its trackers, in the order of the rules.

    A rule sees the effects of the rules before it on the same issue. Two rules that pull one thing both ways are both
    taken back for that issue, and the issue is decided anew without them. An evaluation with `needs` is unfinished.
    """
    excluded: Excluded = frozenset()
    conflicts: tuple[Conflict, ...] = ()
    while True:
        result = run_pass(policies.rules, facts, render, excluded)
        found = () if result.needs else find_conflicts(result.decisions, facts)
        if not found:
            return Evaluation(decisions=result.decisions, conflicts=conflicts, errors=result.errors, needs=result.needs)
        conflicts += found
        excluded |= {(rule, each.tracker, each.project, each.iid) for each in found for rule in each.rules}
