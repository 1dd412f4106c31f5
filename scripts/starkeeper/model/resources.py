"""What a tracker holds, as frozen records: issues, notes, label events and the people in them.

All times are aware and in UTC. Text from GitLab stands here as it was read: it is made safe where it is rendered.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Literal, NamedTuple

from msgspec import Struct


class IssueKey(NamedTuple):
    """What names an issue within one GitLab: the path of its project and its number there."""

    project: str
    iid: int

    def __str__(self) -> str:
        return f"{self.project}#{self.iid}"


class User(Struct, frozen=True):
    """A GitLab account. `id` is 0 where only the name is known."""

    username: str
    id: int = 0
    name: str = ""


class Milestone(Struct, frozen=True):
    """A milestone of a project or group; `state` is `active` or `closed`."""

    title: str
    id: int = 0
    iid: int = 0
    state: str = "active"
    start_date: dt.date | None = None
    due_date: dt.date | None = None


class Issue(Struct, frozen=True, kw_only=True):
    """One issue as the tracker showed it when it was read; a rule's effects make a new record of it.

    `description` is "" where GitLab says null. `fields` holds what the tracker's title pattern, its form headings and
    the patterns of a rule found in the text; its values are untrusted, as titles and descriptions are.
    """

    type: Literal["issues"] = "issues"
    tracker: str
    project: str
    iid: int
    id: int = 0
    title: str = ""
    description: str = ""
    state: Literal["opened", "closed"] = "opened"
    labels: tuple[str, ...] = ()
    author: User | None = None
    assignees: tuple[User, ...] = ()
    milestone: Milestone | None = None
    created_at: dt.datetime
    updated_at: dt.datetime
    closed_at: dt.datetime | None = None
    closed_by: User | None = None
    due_date: dt.date | None = None
    confidential: bool = False
    locked: bool = False
    issue_type: str = "issue"
    upvotes: int = 0
    downvotes: int = 0
    web_url: str = ""
    fields: Mapping[str, str] = {}

    @property
    def key(self) -> IssueKey:
        return IssueKey(self.project, self.iid)

    @property
    def reference(self) -> str:
        """As GitLab writes it in full: `group/project#12`."""
        return f"{self.project}#{self.iid}"


class Note(Struct, frozen=True):
    """A comment, or with `system` a line that GitLab itself wrote; `internal` notes are hidden from outsiders."""

    id: int
    body: str
    author: str
    created_at: dt.datetime
    system: bool = False
    internal: bool = False


class LabelEvent(Struct, frozen=True):
    """A label set or taken off, by whom and when; `label` is None once the label itself was deleted."""

    id: int
    action: Literal["add", "remove"]
    label: str | None
    user: str
    created_at: dt.datetime
