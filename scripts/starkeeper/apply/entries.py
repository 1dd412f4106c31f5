"""Takes steps and what became of them; gives their lines for the journal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from msgspec import Struct

from starkeeper.model.journal import Entry, snapshot
from starkeeper.model.plan import (
    AssignStep,
    Change,
    CommentStep,
    LabelsStep,
    MoveStep,
    OverrideStep,
    Result,
    SlackStep,
    Step,
    SummarizeStep,
)
from starkeeper.model.resources import Resource, ResourceKey

Record = Callable[[Sequence[Entry]], None]
"""Is told what was done as soon as it is done, so that a run that dies leaves all of it."""


class Written(Struct, frozen=True):
    """What GitLab answered to one write: the resource as it is now, or the issue that was opened."""

    after: Resource | None = None
    opened: ResourceKey | None = None


NOTHING = Written()


def entries_of(
    change: Change, steps: Iterable[Step], result: Result, before: Resource | None, written: Written = NOTHING
) -> tuple[Entry, ...]:
    """One for each of the steps that had the same fate."""
    return tuple(_entry(change, step, result, before, written) for step in steps)


def _entry(change: Change, step: Step, result: Result, before: Resource | None, written: Written) -> Entry:
    came, went = _moved(step, before, written.after)
    return Entry(
        tracker=change.tracker,
        project=change.project,
        type=change.type,
        iid=change.iid,
        name=change.name,
        rule=step.rule,
        action=str(type(step).__struct_config__.tag),
        result=result,
        before=snapshot(before) if before else None,
        after=snapshot(written.after) if written.after else None,
        add=came,
        remove=went,
        notes=_keys(step) if result == "applied" else (),
        opened=str(written.opened or ""),
        to=step.to if isinstance(step, MoveStep) else "",
    )


def _keys(step: Step) -> tuple[str, ...]:
    if isinstance(step, SummarizeStep):
        return tuple(comment.key for comment in step.comments)
    return (step.key,) if isinstance(step, CommentStep | SlackStep | OverrideStep) and step.key else ()


def _moved(step: Step, before: Resource | None, after: Resource | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What came and went by this very step: people may have changed other labels since the resource was read."""
    if before is None or after is None or not isinstance(step, LabelsStep | AssignStep):
        return (), ()
    was, now = _names(step, before), _names(step, after)
    came = tuple(name for name in step.add if _folded(step, name) in now - was)
    return came, tuple(name for name in step.remove if _folded(step, name) in was - now)


def _names(step: LabelsStep | AssignStep, resource: Resource) -> set[str]:
    if isinstance(step, LabelsStep):
        return set(resource.labels)
    return {user.username.casefold() for user in resource.assignees}


def _folded(step: LabelsStep | AssignStep, name: str) -> str:
    """Two labels may differ in case alone; two users never do."""
    return name.casefold() if isinstance(step, AssignStep) else name.strip()
