"""Takes a resource and a step; gives the resource as GitLab would have it afterwards."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from msgspec import structs

from starkeeper.model.plan import (
    AssignStep,
    ConfidentialStep,
    DeleteStep,
    DueDateStep,
    LabelsStep,
    LockStep,
    MoveStep,
    StatusStep,
    Step,
)
from starkeeper.model.resources import Resource, User


def after(resource: Resource, steps: Sequence[Step], now: dt.datetime) -> Resource | None:
    """The resource once GitLab has done all of the steps, with `now` as the time of its last change.

    So a rule that warns what has been quiet keeps the next one from closing it in the same run.
    """
    changed: Resource | None = resource
    for step in steps:
        changed = with_step(changed, step) if changed else None
    if changed is None or not steps:
        return changed
    closed_at = changed.closed_at
    if changed.state != resource.state:
        closed_at = now if changed.state == "closed" else None
    return structs.replace(changed, updated_at=now, closed_at=closed_at)


def with_step(resource: Resource, step: Step) -> Resource | None:
    """A new record with the effect of the step, None where it is no longer there.

    What a note, a link or another issue changes is nothing that rules look at in the list.
    """
    if isinstance(step, LabelsStep):
        # GitLab lists them in this order, and what shows them must be the same at the next run.
        labels = sorted({*resource.labels, *step.add} - ({*step.remove} - {*step.add}))
        return structs.replace(resource, labels=tuple(labels))
    if isinstance(step, StatusStep):
        return structs.replace(resource, state=step.state)
    if isinstance(step, AssignStep):
        kept_users = tuple(user for user in resource.assignees if user.username not in step.remove)
        return structs.replace(resource, assignees=kept_users + tuple(User(name) for name in step.add))
    if isinstance(step, ConfidentialStep):
        return structs.replace(resource, confidential=step.confidential)
    if isinstance(step, DueDateStep):
        return structs.replace(resource, due_date=step.due_date)
    if isinstance(step, LockStep):
        return structs.replace(resource, locked=step.locked)
    return None if isinstance(step, MoveStep | DeleteStep) else resource
