"""Takes decisions; gives the plan: ordered, merged, and stopped by a fuse where it would touch too much. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from starkeeper.model.decisions import Decision, Evaluation
from starkeeper.model.facts import Facts
from starkeeper.model.plan import Change, CommentStep, Failure, Plan, RelateStep, StatusStep, Step
from starkeeper.model.resources import Issue, IssueKey
from starkeeper.model.rules import Policies
from starkeeper.plan.fuses import RuleKey, blown_fuses, rule_key, run_fuse

__all__ = ["RuleKey", "blown_fuses", "make_plan", "rule_key"]


def make_plan(evaluation: Evaluation, facts: Facts, policies: Policies, blown: Iterable[Failure] = ()) -> Plan:
    """The changes in the order of the trackers and issue numbers; the same facts and rules give the same bytes.

    `blown` are the fuses of rules and files that the evaluation no longer holds. A fuse of the whole run leaves a plan
    without changes.
    """
    changes = _changes(evaluation.decisions, facts)
    whole_run = run_fuse(changes, facts, policies)
    unread = tuple(Failure(where=f"tracker '{each.tracker}'", what=each.why) for each in facts.failures)
    return Plan(
        now=_stamp(facts.now),
        policies=policies.digest,
        changes=() if whole_run else changes,
        conflicts=evaluation.conflicts,
        skipped=policies.skipped,
        errors=unread + tuple(dict.fromkeys(evaluation.errors)) + tuple(blown) + whole_run,
    )


def _changes(decisions: Iterable[Decision], facts: Facts) -> tuple[Change, ...]:
    steps: dict[tuple[str, IssueKey], list[Step]] = {}
    for decision in decisions:
        if decision.steps:
            steps.setdefault((decision.issue.tracker, decision.issue.key), []).extend(decision.steps)
    issues = {(issue.tracker, issue.key): issue for issue in facts.issues}
    order = {tracker: place for place, tracker in enumerate(dict.fromkeys(issue.tracker for issue in facts.issues))}
    places = sorted(steps, key=lambda place: (order[place[0]], place[1]))
    return tuple(_change(issues[place], steps[place]) for place in places)


def _change(issue: Issue, steps: list[Step]) -> Change:
    return Change(
        tracker=issue.tracker,
        project=issue.project,
        iid=issue.iid,
        title=issue.title,
        web_url=issue.web_url,
        steps=tuple(sorted(steps, key=_turn)),
    )


def _turn(step: Step) -> int:
    """Notes go first: if one fails the fields stay as they are, so that the rule still holds at the next sweep."""
    if isinstance(step, CommentStep):
        return 0
    if isinstance(step, RelateStep):
        return 1
    return 3 if isinstance(step, StatusStep) else 2


def _stamp(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
