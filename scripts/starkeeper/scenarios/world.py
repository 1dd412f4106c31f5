"""A GitLab in memory, as far as scenarios need one: its issues, and all that GitLab does to one when somebody acts."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from typing import Any, Self

from msgspec import Struct, structs

from starkeeper.model.resources import Edit, Issue, LabelEvent, Note, ResourceKey, StateEvent, User

_TASK = re.compile(r"^[ >]*(?:[-*+]|\d+[.)]) \[([ xX])\] ", re.MULTILINE)


class Kept(Struct, frozen=True):
    """An issue, and what stands beside it; links by the key of the other, and the edits of its description."""

    issue: Issue
    notes: tuple[Note, ...] = ()
    events: tuple[LabelEvent, ...] = ()
    states: tuple[StateEvent, ...] = ()
    links: tuple[ResourceKey, ...] = ()
    edits: tuple[Edit, ...] = ()


class World:
    """The issues of any number of projects. Whoever acts may do anything; what is done is done at `now`.

    Labels are as in GitLab Premium: of one scope an issue carries one. Every label and project is there once it is
    named.
    """

    def __init__(self, people: Iterable[str], now: dt.datetime) -> None:
        self.now = now
        self.kept: dict[ResourceKey, Kept] = {}
        self._people: dict[str, User] = {}
        self._number = 0
        for name in people:
            self.person(name)

    def copy(self) -> Self:
        """A world of its own that begins as this one is now."""
        copied = type(self)((), self.now)
        copied.kept, copied._people, copied._number = dict(self.kept), dict(self._people), self._number
        return copied

    @property
    def people(self) -> frozenset[str]:
        """Every user name, in small letters."""
        return frozenset(self._people)

    def find_person(self, name: str) -> User | None:
        """The account of that name, in any case."""
        return self._people.get(name.casefold())

    def person(self, name: str) -> User:
        """The account of that name, made where there is none yet."""
        found = self.find_person(name)
        if found is None:
            found = self._people[name.casefold()] = User(name, len(self._people) + 1, name.title())
        return found

    def open(self, project: str, by: str, title: str, description: str, **fields: Any) -> ResourceKey:
        """Opens an issue; `labels` are set by the same person at the same moment."""
        labels = fields.pop("labels", ())
        iid = 1 + sum(key.project == project for key in self.kept)
        issue = Issue(
            tracker="",
            project=project,
            iid=iid,
            id=self._next(),
            title=title,
            author=self.person(by),
            created_at=self.now,
            updated_at=self.now,
            web_url=f"https://gitlab.example/{project}/-/issues/{iid}",
            **{**_description(description), **fields},
        )
        self.kept[issue.key] = Kept(issue)
        self.label(issue.key, by, add=labels)
        return issue.key

    def change(self, key: ResourceKey, by: str, **fields: Any) -> None:
        """Changes fields of an issue; `labels` have a method of their own."""
        kept = self.kept[key]
        issue, states = kept.issue, kept.states
        if "description" in fields:
            fields |= _description(fields["description"])
        if fields.get("state", issue.state) != issue.state:
            is_closed = fields["state"] == "closed"
            fields |= {"closed_at": self.now, "closed_by": self.person(by)} if is_closed else _REOPENED
            said: Any = "closed" if is_closed else "reopened"
            states = (*states, StateEvent(self._next(), said, self.person(by).username, self.now))
        changed = structs.replace(issue, **fields)
        if changed != issue:
            self._touch(key, issue=changed, states=states)
        if changed.description != issue.description:
            self._touch(key, edits=(*kept.edits, Edit(self.person(by).username, self.now)))

    def label(self, key: ResourceKey, by: str, add: Iterable[str] = (), remove: Iterable[str] = ()) -> None:
        """Sets labels, each pushing out the others of its scope, and takes some off; an event for each that changes."""
        kept = self.kept[key]
        before, wanted = kept.issue.labels, [each for each in kept.issue.labels if each not in set(remove)]
        for label in add:
            wanted = [each for each in wanted if each != label and not _excludes(label, each)] + [label]
        came = [self._event("add", each, by) for each in wanted if each not in before]
        went = [self._event("remove", each, by) for each in before if each not in wanted]
        if came or went:
            # GitLab lists labels in the order of the alphabet.
            issue = structs.replace(kept.issue, labels=tuple(sorted(wanted)))
            self._touch(key, issue=issue, events=(*kept.events, *came, *went))

    def comment(self, key: ResourceKey, by: str, body: str, *, internal: bool = False) -> None:
        """Writes a comment, which stays as it is."""
        note = Note(self._next(), body, self.person(by).username, self.now, internal=internal)
        kept = self.kept[key]
        issue = structs.replace(kept.issue, notes_count=len(kept.notes) + 1)
        self._touch(key, issue=issue, notes=(*kept.notes, note))

    def rewrite_note(self, key: ResourceKey, note: Note, body: str) -> None:
        """Gives a comment another text."""
        other = structs.replace(note, body=body)
        self._touch(key, notes=tuple(other if each is note else each for each in self.kept[key].notes))

    def remove_note(self, key: ResourceKey, note: Note) -> None:
        """Deletes a comment; GitLab does not call that a change of the issue."""
        kept = self.kept[key]
        issue = structs.replace(kept.issue, notes_count=len(kept.notes) - 1)
        left = tuple(each for each in kept.notes if each is not note)
        self.kept[key] = structs.replace(kept, issue=issue, notes=left)

    def relate(self, key: ResourceKey, other: ResourceKey) -> None:
        """Links two issues, once."""
        for one, two in ((key, other), (other, key)):
            if two not in self.kept[one].links:
                self._touch(one, links=(*self.kept[one].links, two))

    def _touch(self, key: ResourceKey, **fields: Any) -> None:
        changed = structs.replace(self.kept[key], **fields)
        self.kept[key] = structs.replace(changed, issue=structs.replace(changed.issue, updated_at=self.now))

    def _event(self, action: Any, label: str, by: str) -> LabelEvent:
        return LabelEvent(self._next(), action, label, self.person(by).username, self.now)

    def _next(self) -> int:
        self._number += 1
        return self._number


_REOPENED: dict[str, Any] = {"closed_at": None, "closed_by": None}


def _description(text: str) -> dict[str, Any]:
    """A description, and what GitLab counts in it."""
    ticked = _TASK.findall(text)
    return {"description": text, "tasks": len(ticked), "tasks_done": sum(each != " " for each in ticked)}


def _excludes(label: str, other: str) -> bool:
    """Whether the two are of one scope, which is all before the last `::`."""
    scope = label.rpartition("::")[0]
    return bool(scope) and other.rpartition("::")[0] == scope
