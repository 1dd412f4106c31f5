"""Texts that people write, descriptions and notes: their quick actions run, and whom they mention is notified."""

from __future__ import annotations

import datetime as dt
from typing import Any

from msgspec import Struct

from starkeeper.sandbox.changes import find_reference, reference, system_note
from starkeeper.sandbox.commands import run_commands
from starkeeper.sandbox.mentions import mentioned, referenced
from starkeeper.sandbox.quick_actions import scan
from starkeeper.sandbox.records import GUEST, Issue, Mention, Note, Project, User
from starkeeper.sandbox.state import State


class Written(Struct, frozen=True):
    """What became of a text: the note, or None where it held quick actions only, and what these did."""

    note: Note | None
    said: tuple[str, ...] = ()
    changes: dict[str, Any] = {}


def write_note(
    state: State, issue: Issue, user: User, body: str, at: dt.datetime, *, internal: bool = False
) -> Written:
    """Adds a note: GitLab takes the quick actions out, runs them, and keeps a note of what is left."""
    found, rest = scan(body, state.quick_actions)
    note = None
    if rest.strip():
        note = Note(state.number("note"), issue, user, rest, at, at, internal=internal)
        issue.notes.append(note)
        issue.notes_count += 1
        notify(state, issue, user, rest, note)
        state.changed(issue, at)
    said, changes = run_commands(state, issue, user, found, at)
    return Written(note, tuple(said), changes)


def rewrite_note(state: State, note: Note, user: User, body: str, at: dt.datetime) -> Written:
    """Changes a note's text; quick actions in the new text run, too. A note of which nothing is left goes."""
    found, rest = scan(body, state.quick_actions)
    before = mentioned(note.body)
    said, changes = run_commands(state, note.issue, user, found, at)
    if not rest.strip():
        remove_note(state, note)
        return Written(None, tuple(said), changes)
    note.body, note.updated_at = rest, at
    notify(state, note.issue, user, rest, note, but=before)
    state.changed(note.issue, at)
    return Written(note, tuple(said), changes)


def remove_note(state: State, note: Note) -> None:
    note.issue.notes.remove(note)
    note.issue.notes_count -= not note.system
    state.changed(note.issue)


def write_description(state: State, issue: Issue, user: User, text: str, at: dt.datetime) -> None:
    """Gives a new issue its description; quick actions in it run, as they do when a person fills in the form."""
    found, rest = scan(text, state.quick_actions)
    issue.description = rest
    notify(state, issue, user, rest, None)
    run_commands(state, issue, user, found, at)


def notify(state: State, issue: Issue, user: User, text: str, note: Note | None, but: list[str] | None = None) -> None:
    """Notes whom the text notifies, and leaves a cross-reference in the issues it refers to."""
    for handle in mentioned(text):
        who = _known(state, issue.project, handle)
        if who and handle not in (but or []):
            mention = Mention(issue.project.path, issue.iid, user.username, who, note.id if note else None)
            state.mentions.append(mention)
    for each in referenced(text):
        other = find_reference(state, each, issue)
        if other is not None and other is not issue and (note is None or not note.internal):
            _cross_reference(state, issue, other, user)


def _cross_reference(state: State, issue: Issue, other: Issue, user: User) -> None:
    body = f"mentioned in issue {reference(issue, other)}"
    if all(each.body != body for each in other.notes if each.system):
        system_note(state, other, user, body, state.clock())


def _known(state: State, project: Project, handle: str) -> str | None:
    """Whom a handle notifies: everyone for `all`, a user who can see the project, or a whole group."""
    if handle.lower() == "all":
        return "all"
    user = state.users.get(handle.lower())
    if user is not None:
        return user.username if state.level(user, project) >= GUEST or project.visibility != "private" else None
    group = state.groups.get(handle.lower())
    return group.path if group else None
