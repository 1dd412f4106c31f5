"""What the world does to an issue, a merge request or an epic alike: comment, label, close, change, look at notes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from msgspec import UNSET

from starkeeper.sandbox.announcing import told
from starkeeper.sandbox.changes import Edit, edit_item
from starkeeper.sandbox.labelling import ensure_labels, exclusive, set_labels, with_labels
from starkeeper.sandbox.records import Item, Kind, User
from starkeeper.sandbox.seen import SeenNote, see_note
from starkeeper.sandbox.world.places import Places
from starkeeper.sandbox.writing import add_note, remove_note, write_description, write_note


class Items(Places):
    """`place` is the path of a project, or with `kind="epics"` that of a group; `kind` says which of its items."""

    def comment(
        self,
        place: str,
        iid: int,
        author: str,
        body: str,
        at: dt.datetime | None = None,
        internal: bool = False,
        run_quick_actions: bool = False,
        *,
        kind: Kind = "issues",
        thread: bool = False,
        answers: int = 0,
    ) -> int | None:
        """Adds a note and returns its id, None where the body held quick actions only (and was let run them).

        With `thread` the note begins one; `answers` is the id of a note whose thread it joins.
        """
        with self.lock:
            item, user, when = self.item_at(place, iid, kind), self.add_user(author), at or self.clock()
            first = next(each for each in item.notes if each.id == answers) if answers else None
            if run_quick_actions:
                written = write_note(self, item, user, body, when, internal=internal, thread=thread, answers=first)
                return written.note.id if written.note else None
            return add_note(self, item, user, body, when, internal=internal, thread=thread, answers=first).id

    def delete_comment(self, place: str, iid: int, note_id: int, *, kind: Kind = "issues") -> None:
        with self.lock:
            remove_note(self, next(each for each in self.item_at(place, iid, kind).notes if each.id == note_id))

    def set_labels(
        self,
        place: str,
        iid: int,
        *,
        by: str,
        add: Sequence[str] = (),
        remove: Sequence[str] = (),
        at: dt.datetime | None = None,
        kind: Kind = "issues",
    ) -> None:
        """Adds and removes labels as this person, who is let do so whatever the role."""
        with self.lock:
            item, user, when = self.item_at(place, iid, kind), self.add_user(by), at or self.clock()
            kept = [each for each in item.labels if each.name not in remove]
            with told(self, item, user):
                set_labels(self, item, user, with_labels(self, kept, ensure_labels(self, item, add)), when)
                self.changed(item, when)

    def close(self, place: str, iid: int, *, by: str, at: dt.datetime | None = None, kind: Kind = "issues") -> None:
        self.edit(place, iid, by=by, at=at, kind=kind, state_event="close")

    def reopen(self, place: str, iid: int, *, by: str, at: dt.datetime | None = None, kind: Kind = "issues") -> None:
        self.edit(place, iid, by=by, at=at, kind=kind, state_event="reopen")

    def edit(
        self,
        place: str,
        iid: int,
        *,
        by: str,
        at: dt.datetime | None = None,
        kind: Kind = "issues",
        assignees: Sequence[str] | None = None,
        reviewers: Sequence[str] | None = None,
        **fields: Any,
    ) -> None:
        """Changes an item as an all-powerful user of this name: `title`, `description`, `state_event`,
        `confidential`, `locked`, `due_date`, `milestone` (a record), `add_labels`, `remove_labels`, `labels`; of an
        issue also `weight`, `health_status`, `issue_type`, `iteration` (a record); of a merge request also
        `target_branch`."""
        with self.lock:
            item, user = self.item_at(place, iid, kind), self.add_user(by)
            people = UNSET if assignees is None else [self.add_user(each) for each in assignees]
            readers = UNSET if reviewers is None else [self.add_user(each) for each in reviewers]
            was_admin, user.admin = user.admin, True
            try:
                edit = Edit(assignees=people, reviewers=readers, **fields)
                edit_item(self, item, user, edit, at or self.clock())
            finally:
                user.admin = was_admin

    def notes(self, place: str, iid: int, *, system: bool = False, kind: Kind = "issues") -> tuple[SeenNote, ...]:
        """The notes of an item, oldest first; those that GitLab wrote itself only with `system`."""
        with self.lock:
            found = [each for each in self.item_at(place, iid, kind).notes if system or not each.system]
            return tuple(see_note(each) for each in found)

    def label_events(
        self, place: str, iid: int, *, kind: Kind = "issues"
    ) -> tuple[tuple[str, str, str, dt.datetime], ...]:
        """The label events of an item, oldest first: action, label (or ""), user name, time."""
        with self.lock:
            events = self.item_at(place, iid, kind).label_events
            return tuple(
                (each.action, each.label.name if each.label else "", each.user.username, each.created_at)
                for each in events
            )

    def state_events(self, place: str, iid: int, *, kind: Kind = "issues") -> tuple[tuple[str, str, dt.datetime], ...]:
        """The closings and reopenings of an item, oldest first: state, user name, time."""
        with self.lock:
            events = self.item_at(place, iid, kind).state_events
            return tuple((each.state, each.user.username, each.created_at) for each in events)

    def _fill(
        self,
        item: Item,
        user: User,
        labels: Sequence[str],
        assignees: Sequence[str],
        votes: tuple[int, int],
        times: tuple[int, int],
    ) -> None:
        """What every new item may bring: labels with their events, people, up and down votes, time."""
        item.assignees = [self.add_user(each) for each in assignees]
        set_labels(self, item, user, exclusive(self, ensure_labels(self, item, labels)), item.created_at)
        item.upvotes, item.downvotes = votes
        item.time_estimate, item.time_spent = times

    def _describe(self, item: Item, user: User, description: str, run_quick_actions: bool) -> None:
        item.description = description
        if run_quick_actions:
            write_description(self, item, user, description, item.created_at)
