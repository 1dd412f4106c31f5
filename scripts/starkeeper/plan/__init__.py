"""Takes decisions; gives the plan: ordered, merged, and stopped by a fuse where it would touch too much. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from msgspec import structs

from starkeeper.model.decisions import Decision, Evaluation
from starkeeper.model.facts import Facts
from starkeeper.model.plan import (
    Change,
    CommentStep,
    DeleteStep,
    Failure,
    IssueStep,
    MoveStep,
    OverrideStep,
    Plan,
    RelateStep,
    SlackStep,
    StatusStep,
    Step,
)
from starkeeper.model.policies import Policies
from starkeeper.model.resources import EVERY_TYPE, Resource, ResourceKey
from starkeeper.plan.fuses import RuleKey, blown_fuses, rule_key, run_fuse
from starkeeper.plan.silence import unread

__all__ = ["RuleKey", "blown_fuses", "make_plan", "rule_key"]


def make_plan(evaluation: Evaluation, facts: Facts, policies: Policies, blown: Iterable[Failure] = ()) -> Plan:
    """The summaries, then the other changes in the order of the trackers and issue numbers.

    The same facts and rules give the same bytes. Summaries go first for the reason that notes do: what a rule lists
    and changes so that it no longer holds would else be listed nowhere if the run ended between the two.
    `blown` are the fuses of rules and files that the evaluation no longer holds. A fuse of the whole run leaves a plan
    without changes.
    """
    changes = (*evaluation.gathered, *_changes(evaluation.decisions, facts))
    whole_run = run_fuse(changes, facts, policies)
    return Plan(
        now=_stamp(facts.now),
        policies=policies.digest,
        changes=() if whole_run else changes,
        conflicts=evaluation.conflicts,
        skipped=policies.skipped,
        errors=unread(facts) + tuple(dict.fromkeys(evaluation.errors)) + tuple(blown) + whole_run,
        notices=evaluation.notices,
    )


def _changes(decisions: Iterable[Decision], facts: Facts) -> tuple[Change, ...]:
    steps: dict[tuple[str, ResourceKey], list[Step]] = {}
    for decision in decisions:
        if decision.steps:
            steps.setdefault((decision.resource.tracker, decision.resource.key), []).extend(decision.steps)
    if not steps:
        return ()
    resources = {(each.tracker, key): each for each in facts.resources if (each.tracker, key := each.key) in steps}
    order = {tracker: place for place, tracker in enumerate(dict.fromkeys(each.tracker for each in facts.resources))}
    places = sorted(steps, key=lambda place: (order[place[0]], EVERY_TYPE.index(place[1].type), place[1]))
    changes = (_change(resources[place], steps[place], facts) for place in places)
    return tuple(change for change in changes if change.steps)


def _change(resource: Resource, steps: list[Step], facts: Facts) -> Change:
    return Change(
        tracker=resource.tracker,
        project=resource.project,
        type=resource.type,
        iid=resource.iid,
        name=resource.name,
        title=resource.title,
        web_url=resource.web_url,
        steps=tuple(sorted(_with_thread(steps, facts), key=_turn)),
    )


def _with_thread(steps: list[Step], facts: Facts) -> list[Step]:
    """Replies to a message that neither stands there nor is about to be posted are said in the channel instead; in a
    reaction they wait for the sweep, which may post it."""
    posted = {step.role for step in steps if isinstance(step, SlackStep) and step.does == "post" and step.role}

    replies = (step for step in steps if isinstance(step, SlackStep) and step.is_reply)
    orphans = {id(step) for step in replies if step.reply_to not in posted}
    if facts.is_of_one:
        return [step for step in steps if id(step) not in orphans]
    return [structs.replace(step, reply_to=None) if id(step) in orphans else step for step in steps]


def _turn(step: Step) -> int:
    """Notes go first: if one fails the fields stay as they are, so that the rule still holds at the next sweep.

    What answers a command comes after what was asked for: once it is said the command counts as done. A message that
    others reply to comes before them. What takes the resource away comes last.
    """
    if isinstance(step, CommentStep):
        return 6 if step.is_answer else 0
    if isinstance(step, RelateStep | IssueStep):
        return 1
    if isinstance(step, SlackStep):
        return 2 if step.role else 3
    if isinstance(step, OverrideStep):
        return 4
    if isinstance(step, MoveStep | DeleteStep):
        return 8
    return 7 if isinstance(step, StatusStep) else 5


def _stamp(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
