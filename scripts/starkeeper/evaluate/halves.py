"""Takes what the first rules decided, before more is read; says whether the others could pull the other way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from starkeeper.evaluate.effects import after
from starkeeper.evaluate.holding import may_hold
from starkeeper.model.decisions import Decision
from starkeeper.model.facts import Facts
from starkeeper.model.plan import (
    AssignStep,
    ConfidentialStep,
    DueDateStep,
    LabelsStep,
    LockStep,
    MoveStep,
    StatusStep,
    Step,
)
from starkeeper.model.rules import Act, Rule
from starkeeper.model.values import LabelPattern, Text, values_in

MOVED_BY: Mapping[type[Step], frozenset[str]] = {
    AssignStep: frozenset({"assign", "unassign"}),
    StatusStep: frozenset({"status"}),
    ConfidentialStep: frozenset({"confidential"}),
    DueDateStep: frozenset({"due_date"}),
    LockStep: frozenset({"lock"}),
    MoveStep: frozenset({"move"}),
}
"""The actions that move what a step moves; labels are looked at by name."""


def may_disagree(rest: Iterable[Rule], decisions: Iterable[Decision], facts: Facts) -> bool:
    """Whether one of the other rules may hold on what these decisions leave, and move back what they moved.

    Two rules in conflict must be found before either has acted.
    """
    decisions, rest = tuple(decisions), tuple(rest)
    for key in dict.fromkeys(each.resource.key for each in decisions):
        mine = [each for each in decisions if each.resource.key == key]
        steps = [step for each in mine for step in each.steps]
        left = after(mine[0].resource, steps, facts.now)
        movers = (rule for rule in rest if not rule.is_left and can_move_back(rule, steps))
        if left is not None and any(may_hold(rule, left, facts) for rule in movers):
            return True
    return False


def can_move_back(rule: Rule, steps: Iterable[Step]) -> bool:
    """Whether an action of the rule moves what the steps move, maybe the other way."""
    return any(
        _can_relabel(act, step) if isinstance(step, LabelsStep) else act.key in MOVED_BY.get(type(step), ())
        for step in steps
        for act in rule.actions
    )


def _can_relabel(act: Act, step: LabelsStep) -> bool:
    if act.key == "remove_labels":
        return any(pattern.matches(step.add) for pattern in values_in(act.action, LabelPattern))
    return act.key == "labels" and any(_can_replace(each.source, step) for each in values_in(act.action, Text))


def _can_replace(name: str, step: LabelsStep) -> bool:
    """Whether setting that label, which may be a template, takes off one that was set, or sets one that was taken
    off."""
    scope = name.rpartition("::")[0]
    if "{" in (scope or name):
        return True
    siblings = {each for each in (*step.add, *step.remove) if scope and each.rpartition("::")[0] == scope}
    return name in step.remove or bool(siblings - {name})
