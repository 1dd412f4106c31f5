"""Takes what a run did to state, assignees and the like; gives each back as it was where it is as the run left it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from starkeeper.model.journal import Snapshot
from starkeeper.model.plan import AssignStep, ConfidentialStep, DueDateStep, FieldStep, LockStep, StatusStep
from starkeeper.undo.doings import Doing, Turned
from starkeeper.undo.parts import Back, Case, Left


def undo_fields(doing: Doing, case: Case) -> Iterator[Back | Left]:
    """Everything but the labels; raises FacetNeeded where the notes are in question and were not read yet."""
    yield from _assignees(doing, case)
    for action, field, what in _VALUES:
        if turned := doing.turned(action, field):
            yield from _value(turned, action, field, what, case)
    if turned := doing.turned("status", "state"):
        yield from _state(turned, case)


def _assignees(doing: Doing, case: Case) -> Iterator[Back | Left]:
    moved = doing.moved("assign")
    if not moved:
        return
    entries = tuple(dict.fromkeys(each.entry for each in moved))
    after = entries[-1].after
    now = _folded(user.username for user in case.resource.assignees)
    if after and now == _folded(after.assignees):
        came, went = (tuple(each.name for each in moved if each.on is on) for on in (True, False))
        yield Back(AssignStep(rule=case.rule, add=went, remove=came), entries)
    elif not (case.is_back("assign") and all((each.name.casefold() in now) is not each.on for each in moved)):
        yield Left("the assignees", "somebody has changed them since")


def _value(turned: Turned, action: str, field: str, what: str, case: Case) -> Iterator[Back | Left]:
    now, was, became = (getattr(each, field) for each in (case.resource, turned.before, turned.after))
    if now != became:
        if not (now == was and case.is_back(action)):
            yield Left(what, "somebody has changed it since")
    elif field == "confidential" and not was and _has_been_answered(turned, case):
        yield Left(what, "people have written there since, who may rely on it")
    else:
        yield Back(_step(action, turned.before, case.rule), turned.entries)


def _step(action: str, was: Snapshot, rule: str) -> FieldStep:
    if action == "confidential":
        return ConfidentialStep(rule=rule, confidential=was.confidential)
    if action == "due_date":
        return DueDateStep(rule=rule, due_date=was.due_date)
    return LockStep(rule=rule, locked=was.locked)


def _has_been_answered(turned: Turned, case: Case) -> bool:
    notes = case.facts.notes(case.resource)
    return any(each.author != case.facts.bot and each.created_at > turned.after.updated_at for each in notes)


def _state(turned: Turned, case: Case) -> Iterator[Back | Left]:
    """What was closed by the run is opened again if that is still the same closing."""
    was, became, now = turned.before.state, turned.after.state, case.resource
    if now.state == was and case.is_back("status"):
        return
    if now.state == "closed" and now.closed_at != turned.after.closed_at:
        by = case.who(now.closed_by.username if now.closed_by else "")
        when = f" {case.when(now.closed_at)}" if now.closed_at else ""
        yield Left("the state", f"{by} closed it{' again' if became == 'closed' else ''}{when}")
    elif now.state == became and (was == "opened" or was == "closed"):
        yield Back(StatusStep(rule=case.rule, state=was), turned.entries)
    else:
        yield Left("the state", f"it was {'opened again' if now.state == 'opened' else now.state} since")


def _folded(names: Iterable[str]) -> set[str]:
    return {name.casefold() for name in names}


_VALUES = (
    ("confidential", "confidential", "whether it is confidential"),
    ("due_date", "due_date", "the due date"),
    ("lock", "locked", "whether it is locked"),
)
"""The action, the field of a resource, and the words for it."""
