"""Takes the change of one resource; writes its notes and links, then its fields in one request, then what ends it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal

from starkeeper.apply.entries import NOTHING, Record, Written, entries_of
from starkeeper.apply.target import Target, Targets
from starkeeper.errors import ConnectorError
from starkeeper.model.plan import (
    AssignStep,
    Change,
    CommentStep,
    ConfidentialStep,
    DeleteStep,
    DueDateStep,
    FieldStep,
    IssueStep,
    LabelsStep,
    LockStep,
    MoveStep,
    Outcome,
    OverrideStep,
    RelateStep,
    Result,
    SlackStep,
    StatusStep,
    Step,
    SummarizeStep,
)
from starkeeper.model.requests import Start, Update
from starkeeper.model.resources import Resource, ResourceKey
from starkeeper.render.markers import marker_of_key

_READ_AGAIN = (StatusStep, AssignStep, MoveStep)
CHANGED = "a person changed it meanwhile; the next run decides anew"
STOPPED = "an earlier step failed; the next run tries again"


def apply_change(
    change: Change, seen: Mapping[tuple[str, ResourceKey], Resource], targets: Targets, record: Record
) -> tuple[Outcome, ...]:
    """An outcome for each step, in order; what follows a failed step is left for the next run.

    Where Slack or PagerDuty fails only what else the same rule wants is left, so that the rule still holds then, and
    other rules go on. `record` is told of each write at once, so that a run that dies has told all that it did.
    """
    steps = list(change.steps)
    resource = seen.get((change.tracker, change.key))
    if resource is not None and any(isinstance(step, _READ_AGAIN) for step in steps):
        try:
            fresh = targets.gitlab.read_resource(change.tracker, change.key)
        except ConnectorError as error:
            return left_out(change, steps, "failed", str(error), record, resource)
        if fresh.updated_at != resource.updated_at:
            return left_out(change, steps, "skipped", CHANGED, record, resource)
        resource = fresh
    done: list[Outcome] = []
    waiting: set[str] = set()
    for group in _together(steps, waiting):
        if group[0].rule in waiting:
            done.extend(left_out(change, group, "skipped", STOPPED, record, resource))
            continue
        try:
            written = _write(group, change, resource, targets)
        except ConnectorError as error:
            done.extend(left_out(change, group, "failed", str(error), record, resource))
            if not isinstance(group[0], SlackStep | OverrideStep):
                rest = steps[len(done) :]
                return (*done, *left_out(change, rest, "skipped", STOPPED, record, resource))
            waiting.add(group[0].rule)
            continue
        record(entries_of(change, group, "applied", resource, written))
        done.extend(outcomes_of(change, group, "applied"))
    return tuple(done)


def left_out(
    change: Change, steps: Sequence[Step], result: Result, why: str, record: Record, before: Resource | None = None
) -> tuple[Outcome, ...]:
    """The outcomes of steps that were not done."""
    if steps:
        record(entries_of(change, steps, result, before))
    return outcomes_of(change, steps, result, why)


def _together(steps: Sequence[Step], waiting: Collection[str]) -> Iterator[list[Step]]:
    """Each step alone, but all fields that stand together as one, without those of rules that wait by then."""
    place = 0
    while place < len(steps):
        waits = steps[place].rule in waiting
        group = [steps[place]]
        while isinstance(group[0], FieldStep) and place + len(group) < len(steps):
            step = steps[place + len(group)]
            if not isinstance(step, FieldStep) or (step.rule in waiting) is not waits:
                break
            group.append(step)
        yield group
        place += len(group)


def _write(steps: Sequence[Step], change: Change, resource: Resource | None, targets: Targets) -> Written:
    key, target = change.key, targets.gitlab
    match steps[0]:
        case SlackStep() as step:
            if targets.services.slack is not None:
                targets.services.slack.tell(step)
        case OverrideStep() as step:
            if targets.services.pagerduty is not None:
                targets.services.pagerduty.override(step)
        case CommentStep() as step:
            marker = marker_of_key(step.key)
            target.post_note(key, step.body, internal=step.internal, marker=marker, thread=step.thread)
        case RelateStep() as step:
            target.relate(key, issue_key(step.to), step.link_type)
        case IssueStep() as step:
            opened = target.open_issue(step.destination, step.title, step.description, marker=marker_of_key(step.key))
            if change.type == "issues":
                target.relate(key, opened, "relates_to")
            return Written(opened=opened)
        case SummarizeStep() as step:
            return write_summary(step, change, target)
        case MoveStep() as step:
            target.move_issue(key, step.to)
        case DeleteStep() as step:
            target.delete_branch(key, step.commit)
        case _ if resource is not None:
            update = update_of([step for step in steps if isinstance(step, FieldStep)], resource)
            changed = resource if update == Update() else target.update_resource(change.tracker, key, update)
            return Written(after=changed)
    return NOTHING


def write_summary(step: SummarizeStep, change: Change, target: Target) -> Written:
    """Opens the summary or brings it up to date, then says on it what is not said there yet."""
    written = NOTHING
    if change.iid:
        key = change.key
        state: Literal["closed"] | None = "closed" if step.close else None
        target.update_resource(change.tracker, key, Update(title=step.title, description=step.description, state=state))
    else:
        start = Start(labels=step.labels, assignees=step.assignees, confidential=step.confidential)
        marker = marker_of_key(step.key)
        key = target.open_issue(change.project, step.title, step.description, marker=marker, start=start)
        written = Written(opened=key)
    for comment in step.comments:
        target.post_note(key, comment.body, internal=False, marker=marker_of_key(comment.key))
    return written


def issue_key(reference: str) -> ResourceKey:
    """The key of an issue named in full (`group/project#12`)."""
    project, _, iid = reference.rpartition("#")
    return ResourceKey(project, int(iid))


def update_of(fields: Sequence[FieldStep], resource: Resource) -> Update:
    """All field steps of one resource as one request: what a later step sets wins over an earlier one."""
    labels: dict[str, bool] = {}
    assignees = {user.username: True for user in resource.assignees}
    others: dict[str, Any] = {}
    for step in fields:
        match step:
            case LabelsStep():
                labels.update(dict.fromkeys(step.remove, False) | dict.fromkeys(step.add, True))
            case AssignStep():
                assignees.update(dict.fromkeys(step.remove, False) | dict.fromkeys(step.add, True))
                others["assignees"] = tuple(name for name, on in assignees.items() if on)
            case StatusStep():
                others["state"] = step.state
            case ConfidentialStep():
                others["confidential"] = step.confidential
            case DueDateStep():
                others["due_date"] = step.due_date or ""
            case LockStep():
                others["locked"] = step.locked
    return Update(
        add_labels=tuple(name for name, on in labels.items() if on and name not in resource.labels),
        remove_labels=tuple(name for name, on in labels.items() if not on and name in resource.labels),
        **others,
    )


def outcomes_of(change: Change, steps: Iterable[Step], result: Result, why: str = "") -> tuple[Outcome, ...]:
    """The same outcome for each of the steps."""
    return tuple(
        Outcome(
            tracker=change.tracker,
            project=change.project,
            type=change.type,
            iid=change.iid,
            name=change.name,
            rule=step.rule,
            action=str(type(step).__struct_config__.tag),
            result=result,
            why=why,
        )
        for step in steps
    )
