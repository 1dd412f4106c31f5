"""Takes the decisions of a pass; finds the pairs of rules that pull one thing of one issue both ways."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from msgspec import Struct

from starkeeper.errors import RenderError
from starkeeper.evaluate.passes import rule_holds
from starkeeper.model.decisions import Decision
from starkeeper.model.facts import FacetNeeded, Facts
from starkeeper.model.plan import AssignStep, ConfidentialStep, Conflict, LabelsStep, StatusStep, Step
from starkeeper.model.resources import Issue
from starkeeper.model.rules import Rule


class Pull(Struct, frozen=True):
    """One rule that moves one thing; `aside` says that it only makes way for a sibling in its scope."""

    rule: Rule
    thing: str
    way: str
    aside: bool = False


def find_conflicts(decisions: Iterable[Decision], facts: Facts) -> tuple[Conflict, ...]:
    """At most one conflict per issue: the first pair of rules that disagree.

    A rule that pushes a scoped label aside which an earlier rule has just set is no conflict when it holds *because*
    of that rule (a chain: new, then acknowledged); it is one when it would hold without it as well.
    """
    originals = {(issue.tracker, issue.key): issue for issue in facts.issues}
    by_issue = sorted((each for each in decisions if each.steps), key=lambda each: (each.issue.tracker, each.issue.key))
    conflicts: list[Conflict] = []
    for (tracker, key), group in groupby(by_issue, key=lambda each: (each.issue.tracker, each.issue.key)):
        found = _first_conflict(list(group), originals[tracker, key], facts)
        if found:
            first, second = found
            conflicts.append(
                Conflict(
                    tracker=tracker,
                    project=key.project,
                    iid=key.iid,
                    rules=(first.rule.name, second.rule.name),
                    over=second.thing,
                )
            )
    return tuple(conflicts)


def _first_conflict(decisions: list[Decision], original: Issue, facts: Facts) -> tuple[Pull, Pull] | None:
    pulled: dict[str, Pull] = {}
    for decision in decisions:
        for pull in _pulls(decision):
            before = pulled.get(pull.thing)
            if before and _disagree(before, pull) and (not pull.aside or _stands_alone(pull.rule, original, facts)):
                return before, pull
            pulled[pull.thing] = pull
    return None


def _disagree(one: Pull, other: Pull) -> bool:
    return one.rule is not other.rule and one.way != other.way


def _stands_alone(rule: Rule, original: Issue, facts: Facts) -> bool:
    try:
        return rule_holds(rule, original, facts)
    except (FacetNeeded, RenderError):
        return False


def _pulls(decision: Decision) -> Iterator[Pull]:
    for step in decision.steps:
        for thing, way, aside in _moves(step):
            yield Pull(decision.rule, thing, way, aside)


def _moves(step: Step) -> Iterator[tuple[str, str, bool]]:
    if isinstance(step, LabelsStep):
        scopes = {label.rpartition("::")[0] for label in step.add} - {""}
        yield from ((f"label '{label}'", "add", False) for label in step.add)
        yield from ((f"label '{label}'", "remove", label.rpartition("::")[0] in scopes) for label in step.remove)
    elif isinstance(step, AssignStep):
        yield from ((f"assignee '{name.casefold()}'", "add", False) for name in step.add)
        yield from ((f"assignee '{name.casefold()}'", "remove", False) for name in step.remove)
    elif isinstance(step, StatusStep):
        yield "state", step.state, False
    elif isinstance(step, ConfidentialStep):
        yield "confidentiality", str(step.confidential), False
