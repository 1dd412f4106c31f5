"""One pass of all rules over a virtual copy of all issues, so that each rule sees what the ones before it did."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import structs

from starkeeper.errors import RenderError
from starkeeper.evaluate.effects import with_step
from starkeeper.evaluate.speech import may_speak, spoken
from starkeeper.model.decisions import Decision, Evaluation
from starkeeper.model.facts import Facet, FacetNeeded, Facts
from starkeeper.model.plan import AssignStep, CommentStep, Failure, LabelsStep, Step
from starkeeper.model.resources import Issue, IssueKey
from starkeeper.model.rules import Clause, Limits, Match, Renderer, Rule
from starkeeper.render.names import names_for

Excluded = frozenset[tuple[str, str, str, int]]
"""Rule name, tracker, project and number of each issue on which that rule is not to be asked."""


class Pass:
    """The state of one pass: the issues as the rules so far would leave them, and what was found on the way."""

    def __init__(self, facts: Facts, render: Renderer, excluded: Excluded, only: IssueKey | None) -> None:
        self.facts = facts
        self.render = render
        self.excluded = excluded
        self.by_tracker: dict[str, dict[IssueKey, Issue]] = {}
        for issue in facts.issues if only is None else (each for each in facts.issues if each.key == only):
            self.by_tracker.setdefault(issue.tracker, {})[issue.key] = issue
        self.decisions: list[Decision] = []
        self.errors: list[Failure] = []
        self.needs: set[tuple[Facet, IssueKey]] = set()


def run_pass(
    rules: Iterable[Rule],
    facts: Facts,
    render: Renderer,
    excluded: Excluded = frozenset(),
    *,
    only: IssueKey | None = None,
) -> Evaluation:
    """Asks each rule in turn about every issue of its trackers, or about `only` one of them."""
    state = Pass(facts, render, excluded, only)
    for rule in rules:
        clauses = _cheap_first(rule.conditions)
        for tracker in rule.trackers:
            issues = state.by_tracker.get(tracker, {})
            holding = [issue for issue in issues.values() if _holds(rule, clauses, issue, state)]
            for issue in limited(holding, rule.limits):
                _act(rule, issue, state)
    return Evaluation(decisions=tuple(state.decisions), errors=tuple(state.errors), needs=frozenset(state.needs))


def rule_holds(rule: Rule, issue: Issue, facts: Facts) -> bool:
    """Whether every condition of the rule holds on that record of the issue; may raise FacetNeeded."""
    return all(clause.condition.holds(issue, facts) for clause in _cheap_first(rule.conditions))


def limited(issues: list[Issue], limits: Limits) -> list[Issue]:
    """The issues that the limits of a rule leave: the newest first for `most_recent`, the oldest first for `oldest`."""
    if limits.most_recent is None and limits.oldest is None:
        return issues
    by_age = sorted(issues, key=lambda issue: (issue.created_at, issue.iid), reverse=limits.most_recent is not None)
    return by_age[: limits.most_recent if limits.most_recent is not None else limits.oldest]


def _cheap_first(clauses: tuple[Clause, ...]) -> tuple[Clause, ...]:
    return tuple(sorted(clauses, key=lambda clause: len(clause.condition.facets)))


def _holds(rule: Rule, clauses: tuple[Clause, ...], issue: Issue, state: Pass) -> bool:
    try:
        for clause in clauses:
            if not clause.condition.holds(issue, state.facts):
                return False
    except FacetNeeded as need:
        state.needs.add((need.facet, need.key))
        return False
    except RenderError as error:
        state.errors.append(_failure(rule, issue, error))
        return False
    return not state.excluded or (rule.name, issue.tracker, issue.project, issue.iid) not in state.excluded


def _act(rule: Rule, issue: Issue, state: Pass) -> None:
    try:
        steps = _steps(rule, issue, state)
    except FacetNeeded as need:
        state.needs.add((need.facet, need.key))
        return
    except RenderError as error:
        state.errors.append(_failure(rule, issue, error))
        return
    changed = issue
    for step in steps:
        changed = with_step(changed, step)
    state.by_tracker[issue.tracker][issue.key] = changed
    state.decisions.append(Decision(rule, issue, steps))


def _steps(rule: Rule, issue: Issue, state: Pass) -> tuple[Step, ...]:
    match = Match(issue, state.facts, names_bound(rule, issue, state.facts))
    # By key, so that the words of a comment come before the line that mentions people, as in gitlab-triage.
    speaking = [act.action for act in sorted(rule.actions, key=lambda act: act.key) if act.action.speaks]
    silent = _silent_steps(rule, match, state.render)
    occurrence = may_speak(rule, issue, state.facts) if speaking else None
    if occurrence is None:
        return silent
    parts = [step for action in speaking for step in action.plan(rule.name, match, state.render)]
    comments = [step for step in parts if isinstance(step, CommentStep)]
    return (*spoken(rule, comments, occurrence, state.render), *silent)


def names_bound(rule: Rule, issue: Issue, facts: Facts) -> dict[str, object]:
    """Every name that the templates of the rule see for this issue."""
    extra: dict[str, object] = {}
    found: dict[str, str] = {}
    for clause in rule.conditions:
        bound = clause.condition.binds(issue, facts)
        found.update(bound.get("fields", {}))
        extra.update({name: value for name, value in bound.items() if name != "fields"})
    seen = structs.replace(issue, fields={**issue.fields, **found}) if found else issue
    return names_for(seen, facts, extra)


def _silent_steps(rule: Rule, match: Match, render: Renderer) -> tuple[Step, ...]:
    """What the rule changes without a word. What one action takes away and another sets stays as it is.

    So the ones that set are asked about the issue as those that take away would leave it: a whole scope taken off
    beside one label of it, or everybody unassigned beside whoever is on call, is at rest once it is so.
    """
    steps = _planned(rule, match, render)
    taken = [step for step in steps if isinstance(step, LabelsStep | AssignStep) and not step.add]
    if taken:
        bare = match.issue
        for step in taken:
            bare = with_step(bare, step)
        steps = taken + _planned(rule, structs.replace(match, issue=bare), render)
    labels = _one_labels_step(match.issue, [step for step in steps if isinstance(step, LabelsStep)])
    people = _one_assign_step(match.issue, [step for step in steps if isinstance(step, AssignStep)])
    return (*labels, *people, *(step for step in steps if not isinstance(step, LabelsStep | AssignStep)))


def _planned(rule: Rule, match: Match, render: Renderer) -> list[Step]:
    return [step for act in rule.actions if not act.action.speaks for step in act.action.plan(rule.name, match, render)]


def _one_labels_step(issue: Issue, steps: list[LabelsStep]) -> tuple[LabelsStep, ...]:
    wanted = dict.fromkeys(label for step in steps for label in step.add)
    unwanted = dict.fromkeys(label for step in steps for label in step.remove)
    add = tuple(label for label in wanted if label not in issue.labels)
    remove = tuple(label for label in unwanted if label not in wanted)
    return (LabelsStep(rule=steps[0].rule, add=add, remove=remove),) if add or remove else ()


def _one_assign_step(issue: Issue, steps: list[AssignStep]) -> tuple[AssignStep, ...]:
    wanted = {name.casefold(): name for step in steps for name in step.add}
    unwanted = dict.fromkeys(name for step in steps for name in step.remove)
    assigned = {user.username.casefold() for user in issue.assignees}
    add = tuple(name for folded, name in wanted.items() if folded not in assigned)
    remove = tuple(name for name in unwanted if name.casefold() not in wanted)
    return (AssignStep(rule=steps[0].rule, add=add, remove=remove),) if add or remove else ()


def _failure(rule: Rule, issue: Issue, error: RenderError) -> Failure:
    return Failure(where=f"{rule.policy}: rule '{rule.name}' on {issue.reference}", what=str(error), must_correct=True)
