"""Takes rules and facts; gives decisions, each with the steps that it wants. Pure: it reads and writes nothing."""

from __future__ import annotations

from msgspec import structs

from starkeeper.evaluate.choosing import choose
from starkeeper.evaluate.conflicts import find_conflicts
from starkeeper.evaluate.halves import may_disagree
from starkeeper.evaluate.passes import run_pass
from starkeeper.evaluate.reach import within_reach
from starkeeper.evaluate.reasons import explain_rules
from starkeeper.evaluate.state import Excluded, Shortlist
from starkeeper.model.decisions import Evaluation
from starkeeper.model.facets import FacetNeeded
from starkeeper.model.facts import Facts
from starkeeper.model.plan import Conflict
from starkeeper.model.policies import Policies
from starkeeper.model.rules import Renderer

__all__ = ["Shortlist", "choose", "evaluate", "explain_rules", "may_disagree", "within_reach"]


def evaluate(policies: Policies, facts: Facts, render: Renderer, shortlist: Shortlist | None = None) -> Evaluation:
    """Decides every summary and rule on every resource of its trackers, in the order of the rules.

    A rule sees the effects of the rules before it on the same resource. Two rules that pull one thing both ways are
    both taken back for that resource, and it is decided anew without them. An evaluation with `needs` is unfinished;
    the next one, over the same resources, is sooner done when it is given the same `shortlist`.
    """
    shortlist = shortlist or Shortlist()
    excluded: Excluded = frozenset()
    conflicts: tuple[Conflict, ...] = ()
    while True:
        result = run_pass(policies.rules, facts, render, excluded, summaries=policies.summaries, shortlist=shortlist)
        try:
            found = () if result.needs else find_conflicts(result.decisions, facts)
        except FacetNeeded as need:
            return structs.replace(result, needs=need.needs)
        if not found:
            return structs.replace(result, conflicts=conflicts)
        conflicts += found
        excluded |= {(rule, each.tracker, each.key) for each in found for rule in each.rules}
