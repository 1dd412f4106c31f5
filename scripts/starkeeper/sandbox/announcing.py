"""What happens to issues and their notes, told to the webhooks of the project; without hooks nothing is looked at."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from starkeeper.sandbox.delivering import deliver
from starkeeper.sandbox.records import Hook, Issue, Item, Note, Project, User
from starkeeper.sandbox.shapes.base import Json
from starkeeper.sandbox.shapes.hooked import STATES, attributes, issue_event, note_event
from starkeeper.sandbox.state import State


@contextmanager
def told(state: State, item: Item, user: User, *, new: bool = False) -> Iterator[None]:
    """Makes one event of all that changes about an issue in the block; blocks within it for the same issue add to it.

    Nothing changed: no event.
    """
    if not isinstance(item, Issue) or not item.project.hooks or item.id in state.telling:
        yield
        return
    before = {} if new else attributes(item)
    state.telling.add(item.id)
    try:
        yield
    finally:
        state.telling.discard(item.id)
    if changes := _changes(before, attributes(item)):
        event = "confidential_issues_events" if item.confidential else "issues_events"
        _deliver(state, item.project, event, issue_event(state.url, item, user, _action(before, item), changes))


def tell_note(state: State, note: Note, user: User, action: str) -> None:
    """Tells of a note that was written (`create`) or written anew (`update`)."""
    project = note.item.place
    if isinstance(project, Project) and project.hooks and not note.system:
        confidential = note.internal or note.item.confidential
        event = "confidential_note_events" if confidential else "note_events"
        _deliver(state, project, event, note_event(state.url, project, note, user, action))


def tell_test(state: State, hook: Hook, event: str, user: User) -> bool:
    """Sends the hook the newest thing of that kind; False where the project has none, or the sandbox knows none."""
    for issue in reversed(hook.project.issues.values()):
        if event in ("issues_events", "confidential_issues_events"):
            deliver(state, hook, event, issue_event(state.url, issue, user, None, {}))
            return True
        for note in reversed(issue.notes):
            if event in ("note_events", "confidential_note_events") and not note.system:
                deliver(state, hook, event, note_event(state.url, hook.project, note, user, None))
                return True
    return False


def _changes(before: Json, now: Json) -> Json:
    """What differs, where nothing is as good as false; of a new issue all that it has."""
    changes: Json = {}
    for name, value in now.items():
        previous = before.get(name, [] if isinstance(value, list) else None)
        if (previous or None) != (value or None):
            changes[name] = {"previous": previous, "current": value}
    return changes


def _action(before: Json, issue: Issue) -> str:
    if not before:
        return "open"
    if before["state_id"] == STATES[issue.state]:
        return "update"
    return "reopen" if issue.state == "opened" else "close"


def _deliver(state: State, project: Project, event: str, body: Json) -> None:
    for hook in project.hooks.values():
        if event in hook.events:
            deliver(state, hook, event, body)
