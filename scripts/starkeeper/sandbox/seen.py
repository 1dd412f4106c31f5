"""A changeable record to a picture of it that does not change: issues and notes as tests compare them."""

from __future__ import annotations

import datetime as dt

from msgspec import Struct

from starkeeper.sandbox.records import Issue, Note


class Seen(Struct, frozen=True, kw_only=True):
    """An issue as it was when it was looked at; people are user names, labels stand in alphabetical order."""

    project: str
    iid: int
    id: int
    title: str
    description: str
    state: str
    labels: tuple[str, ...]
    assignees: tuple[str, ...]
    author: str | None
    confidential: bool
    locked: bool
    due_date: dt.date | None
    milestone: str | None
    created_at: dt.datetime
    updated_at: dt.datetime
    closed_at: dt.datetime | None
    related: tuple[str, ...]


class SeenNote(Struct, frozen=True, kw_only=True):
    """A note as it was when it was looked at."""

    id: int
    author: str
    body: str
    system: bool
    internal: bool
    created_at: dt.datetime


def see(issue: Issue) -> Seen:
    others = [link.target if link.source is issue else link.source for link in issue.links]
    return Seen(
        project=issue.project.path,
        iid=issue.iid,
        id=issue.id,
        title=issue.title,
        description=issue.description or "",
        state=issue.state,
        labels=tuple(sorted(each.name for each in issue.labels)),
        assignees=tuple(each.username for each in issue.assignees),
        author=issue.author.username if issue.author else None,
        confidential=issue.confidential,
        locked=issue.locked,
        due_date=issue.due_date,
        milestone=issue.milestone.title if issue.milestone else None,
        created_at=issue.created_at,
        updated_at=issue.updated_at,
        closed_at=issue.closed_at,
        related=tuple(f"{each.project.path}#{each.iid}" for each in others),
    )


def see_note(note: Note) -> SeenNote:
    return SeenNote(
        id=note.id,
        author=note.author.username,
        body=note.body,
        system=note.system,
        internal=note.internal,
        created_at=note.created_at,
    )
