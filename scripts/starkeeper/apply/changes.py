"""Takes the change of one issue; writes its notes and links, then its fields in one request."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from starkeeper.apply.target import Target
from starkeeper.errors import ConnectorError
from starkeeper.model.plan import (
    AssignStep,
    Change,
    CommentStep,
    ConfidentialStep,
    LabelsStep,
    Outcome,
    RelateStep,
    Result,
    StatusStep,
    Step,
)
from starkeeper.model.requests import IssueUpdate
from starkeeper.model.resources import Issue, IssueKey
from starkeeper.render.markers import marker_of_key

CHANGED = "a person changed the issue meanwhile; the next sweep decides anew"
STOPPED = "an earlier step of this issue failed; the next sweep tries again"


def apply_change(change: Change, seen: Mapping[tuple[str, IssueKey], Issue], target: Target) -> tuple[Outcome, ...]:
    """An outcome for each step, in order; what follows a failed step is left for the next sweep."""
    key = IssueKey(change.project, change.iid)
    steps = list(change.steps)
    issue = seen[change.tracker, key]
    if any(isinstance(step, StatusStep | AssignStep) for step in steps):
        try:
            fresh = target.read_issue(change.tracker, key)
        except ConnectorError as error:
            return _outcomes(change, steps, "failed", str(error))
        if fresh.updated_at != issue.updated_at:
            return _outcomes(change, steps, "skipped", CHANGED)
        issue = fresh
    fields = [step for step in steps if not isinstance(step, CommentStep | RelateStep)]
    done: list[Outcome] = []
    for step in steps[: len(steps) - len(fields)]:
        try:
            _write(step, key, target)
        except ConnectorError as error:
            rest = steps[len(done) + 1 :]
            return (
                *done,
                *_outcomes(change, [step], "failed", str(error)),
                *_outcomes(change, rest, "skipped", STOPPED),
            )
        done.extend(_outcomes(change, [step], "applied"))
    return (*done, *_update(change, fields, issue, target))


def _write(step: Step, key: IssueKey, target: Target) -> None:
    if isinstance(step, CommentStep):
        target.post_note(key, step.body, internal=step.internal, marker=marker_of_key(step.key))
    elif isinstance(step, RelateStep):
        project, _, iid = step.to.rpartition("#")
        target.relate(key, IssueKey(project, int(iid)), step.link_type)


def _update(change: Change, fields: Sequence[Step], issue: Issue, target: Target) -> tuple[Outcome, ...]:
    if not fields:
        return ()
    update = update_of(fields, issue)
    if update == IssueUpdate():
        return _outcomes(change, fields, "applied")
    try:
        target.update_issue(change.tracker, issue.key, update)
    except ConnectorError as error:
        return _outcomes(change, fields, "failed", str(error))
    return _outcomes(change, fields, "applied")


def update_of(fields: Iterable[Step], issue: Issue) -> IssueUpdate:
    """All field steps of one issue as one request: what a later step sets wins over an earlier one."""
    labels: dict[str, bool] = {}
    assignees = {user.username: True for user in issue.assignees}
    state: Literal["opened", "closed"] | None = None
    confidential: bool | None = None
    for step in fields:
        if isinstance(step, LabelsStep):
            labels.update(dict.fromkeys(step.remove, False) | dict.fromkeys(step.add, True))
        elif isinstance(step, AssignStep):
            assignees.update(dict.fromkeys(step.remove, False) | dict.fromkeys(step.add, True))
        elif isinstance(step, StatusStep):
            state = step.state
        elif isinstance(step, ConfidentialStep):
            confidential = step.confidential
    return IssueUpdate(
        add_labels=tuple(name for name, on in labels.items() if on and name not in issue.labels),
        remove_labels=tuple(name for name, on in labels.items() if not on and name in issue.labels),
        state=state,
        assignees=tuple(name for name, on in assignees.items() if on) if _assigns(fields) else None,
        confidential=confidential,
    )


def _assigns(fields: Iterable[Step]) -> bool:
    return any(isinstance(step, AssignStep) for step in fields)


def _outcomes(change: Change, steps: Iterable[Step], result: Result, why: str = "") -> tuple[Outcome, ...]:
    return tuple(
        Outcome(
            tracker=change.tracker,
            project=change.project,
            iid=change.iid,
            rule=step.rule,
            action=str(type(step).__struct_config__.tag),
            result=result,
            why=why,
        )
        for step in steps
    )
