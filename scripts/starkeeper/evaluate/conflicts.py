"""Takes the decisions of a pass; finds the pairs of rules that pull one thing of one issue both ways."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from msgspec import Struct

from starkeeper.errors import RenderError
from starkeeper.evaluate.effects import with_step
from starkeeper.evaluate.holding import rule_holds
from starkeeper.evaluate.steps import is_answer
from starkeeper.model.decisions import Decision
from starkeeper.model.facets import Unanswerable
from starkeeper.model.facts import Facts
from starkeeper.model.plan import (
    AssignStep,
    ConfidentialStep,
    Conflict,
    DueDateStep,
    LabelsStep,
    LockStep,
    MoveStep,
    StatusStep,
    Step,
)
from starkeeper.model.resources import Resource, ResourceKey
from starkeeper.model.rules import Rule


class Pull(Struct, frozen=True):
    """One rule that moves one thing of a resource, such as a label, one way, and the decision by which it does."""

    decision: Decision
    thing: str
    way: str

    @property
    def rule(self) -> Rule:
        return self.decision.rule


def find_conflicts(decisions: Iterable[Decision], facts: Facts) -> tuple[Conflict, ...]:
    """At most one conflict per resource: the first pair of rules that disagree, and would for ever.

    Where a later rule moves back what an earlier one moved, and the earlier one would hold again on what is left, each
    run would do the same anew: that is a conflict. Where it would not, the two are a chain that comes to rest (new,
    then acknowledged), and each has its turn. Raises FacetNeeded where that cannot be told yet.
    """
    originals = {(resource.tracker, resource.key): resource for resource in facts.resources}
    acting = sorted((each for each in decisions if each.steps), key=_whose)
    conflicts: list[Conflict] = []
    for (tracker, key), group in groupby(acting, key=_whose):
        found = _first_conflict(list(group), originals[tracker, key], facts)
        if found:
            first, second = found
            conflicts.append(
                Conflict(
                    tracker=tracker,
                    project=key.project,
                    type=key.type,
                    iid=key.iid,
                    rules=(first.rule.name, second.rule.name),
                    over=second.thing,
                )
            )
    return tuple(conflicts)


def _whose(decision: Decision) -> tuple[str, ResourceKey]:
    return decision.resource.tracker, decision.resource.key


def _first_conflict(decisions: list[Decision], original: Resource, facts: Facts) -> tuple[Pull, Pull] | None:
    left = _left(decisions, original)
    pulled: dict[str, Pull] = {}
    for decision in decisions:
        for pull in (Pull(decision, *moved) for step in decision.steps for moved in _moves(step)):
            before = pulled.get(pull.thing)
            if before and before.way != pull.way and before.rule is not pull.rule and _again(before, left, facts):
                return before, pull
            pulled[pull.thing] = pull
    return None


def _left(decisions: Iterable[Decision], original: Resource) -> Resource | None:
    """The resource after all that was decided; only its time of change is the old one, for moves that cancel each
    other out change nothing in GitLab."""
    left: Resource | None = original
    for step in (step for decision in decisions for step in decision.steps):
        left = with_step(left, step) if left else None
    return left


def _again(pull: Pull, left: Resource | None, facts: Facts) -> bool:
    """Whether the rule would move the same thing the same way once more: it is asked about the resource for which it
    did. A command that is answered is asked no more."""
    if left is None or pull.way == _way(pull.thing, left) or is_answer(pull.rule):
        return False
    try:
        return rule_holds(pull.rule, pull.decision.because_of or left, facts)
    except (Unanswerable, RenderError):
        return False


def _moves(step: Step) -> Iterator[tuple[str, str]]:
    """What a step moves, and which way."""
    match step:
        case LabelsStep():
            yield from ((f"label '{label}'", "on") for label in step.add)
            yield from ((f"label '{label}'", "off") for label in step.remove)
        case AssignStep():
            yield from ((f"assignee '{name.casefold()}'", "on") for name in step.add)
            yield from ((f"assignee '{name.casefold()}'", "off") for name in step.remove)
        case StatusStep():
            yield "state", step.state
        case ConfidentialStep():
            yield "confidentiality", str(step.confidential)
        case DueDateStep():
            yield "due date", str(step.due_date)
        case LockStep():
            yield "lock", str(step.locked)
        case MoveStep():
            yield "project", step.to


def _way(thing: str, resource: Resource) -> str:
    """Which way that thing is now."""
    things = {
        "state": resource.state,
        "confidentiality": str(resource.confidential),
        "due date": str(resource.due_date),
        "lock": str(resource.locked),
    }
    on = {f"label '{label}'" for label in resource.labels}
    on |= {f"assignee '{user.username.casefold()}'" for user in resource.assignees}
    return things.get(thing) or ("on" if thing in on else "off")
