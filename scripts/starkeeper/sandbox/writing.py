"""Texts that people write, descriptions and notes: their quick actions run, and whom they mention is notified."""

from __future__ import annotations

import datetime as dt
from typing import Any

from msgspec import Struct

from starkeeper.sandbox.announcing import tell_note
from starkeeper.sandbox.commands import run_commands
from starkeeper.sandbox.linking import find_reference, reference, system_note
from starkeeper.sandbox.mentions import mentioned, referenced
from starkeeper.sandbox.quick_actions import scan
from starkeeper.sandbox.records import GUEST, Item, Mention, Note, Place, User
from starkeeper.sandbox.state import State


class Written(Struct, frozen=True):
    """What became of a text: the note, or None where it held quick actions only, and what these did."""

    note: Note | None
    said: tuple[str, ...] = ()
    changes: dict[str, Any] = {}


def write_note(
    state: State,
    item: Item,
    user: User,
    body: str,
    at: dt.datetime,
    *,
    internal: bool = False,
    thread: bool = False,
    answers: Note | None = None,
) -> Written:
    """Adds a note: GitLab takes the quick actions out, runs them, and keeps a note of what is left.

    With `thread` the note begins one; with `answers` it joins that note's thread, or makes one of the two.
    """
    found, rest = scan(body, state.quick_actions)
    note = None
    if rest.strip():
        note = add_note(state, item, user, rest, at, internal=internal, thread=thread, answers=answers)
        notify(state, item, user, rest, note)
    said, changes = run_commands(state, item, user, found, at)
    return Written(note, tuple(said), changes)


def add_note(
    state: State,
    item: Item,
    user: User,
    body: str,
    at: dt.datetime,
    *,
    internal: bool = False,
    thread: bool = False,
    answers: Note | None = None,
) -> Note:
    """Keeps a note as it is, in the thread that it begins or answers."""
    note = Note(state.number("note"), item, user, body, at, at, internal=internal)
    if answers is not None:
        answers.thread = answers.thread or answers.id
        note.thread = answers.thread
    elif thread:
        note.thread = note.id
    item.notes.append(note)
    item.notes_count += 1
    state.changed(item, at)
    tell_note(state, note, user, "create")
    return note


def rewrite_note(state: State, note: Note, user: User, body: str, at: dt.datetime) -> Written:
    """Changes a note's text; quick actions in the new text run, too. A note of which nothing is left goes."""
    found, rest = scan(body, state.quick_actions)
    before = mentioned(note.body)
    said, changes = run_commands(state, note.item, user, found, at)
    if not rest.strip():
        remove_note(state, note)
        return Written(None, tuple(said), changes)
    note.body, note.updated_at = rest, at
    notify(state, note.item, user, rest, note, but=before)
    state.changed(note.item, at)
    tell_note(state, note, user, "update")
    return Written(note, tuple(said), changes)


def remove_note(state: State, note: Note) -> None:
    note.item.notes.remove(note)
    note.item.notes_count -= not note.system
    state.changed(note.item)


def write_description(state: State, item: Item, user: User, text: str, at: dt.datetime) -> None:
    """Gives a new item its description; quick actions in it run, as they do when a person fills in the form."""
    found, rest = scan(text, state.quick_actions)
    item.description = rest
    notify(state, item, user, rest, None)
    run_commands(state, item, user, found, at)


def notify(state: State, item: Item, user: User, text: str, note: Note | None, but: list[str] | None = None) -> None:
    """Notes whom the text notifies, and leaves a cross-reference in the items it refers to."""
    for handle in mentioned(text):
        who = _known(state, item.place, handle)
        if who and handle not in (but or []):
            mention = Mention(item.place.path, item.iid, user.username, who, note.id if note else None, item.kind)
            state.mentions.append(mention)
    for each in referenced(text):
        other = find_reference(state, each, item)
        if other is not None and other is not item and (note is None or not note.internal):
            _cross_reference(state, item, other, user)


def _cross_reference(state: State, item: Item, other: Item, user: User) -> None:
    body = f"mentioned in {item.noun} {reference(item, other)}"
    if all(each.body != body for each in other.notes if each.system):
        system_note(state, other, user, body, state.clock())


def _known(state: State, place: Place, handle: str) -> str | None:
    """Whom a handle notifies: everyone for `all`, a user who can see the project, or a whole group."""
    if handle.lower() == "all":
        return "all"
    user = state.users.get(handle.lower())
    if user is not None:
        return user.username if state.level(user, place) >= GUEST or place.visibility != "private" else None
    group = state.groups.get(handle.lower())
    return group.path if group else None
