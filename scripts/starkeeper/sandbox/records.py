"""What the look-alike world holds: one changeable record for each thing that GitLab would keep in its database."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from msgspec import Struct, field

GUEST, PLANNER, REPORTER, DEVELOPER, MAINTAINER, OWNER, ADMIN = 10, 15, 20, 30, 40, 50, 60
LEVELS = {
    "guest": GUEST,
    "planner": PLANNER,
    "reporter": REPORTER,
    "developer": DEVELOPER,
    "maintainer": MAINTAINER,
    "owner": OWNER,
}
Visibility = Literal["private", "internal", "public"]


class User(Struct, eq=False):
    """An account; `bot` marks project and service accounts."""

    id: int
    username: str
    name: str
    created_at: dt.datetime
    admin: bool = False
    bot: bool = False
    state: str = "active"


class Token(Struct, frozen=True):
    """A secret and whom it stands for; `scopes` are GitLab's, `api` and `read_api` among them."""

    user: User
    scopes: frozenset[str]


class Group(Struct, eq=False):
    """A group or subgroup; `members` maps user ids to access levels."""

    id: int
    path: str
    name: str
    created_at: dt.datetime
    parent: Group | None = None
    visibility: Visibility = "private"
    members: dict[int, int] = field(default_factory=dict)


class Project(Struct, eq=False):
    """A project; `issues` maps each iid to its issue, oldest first."""

    id: int
    path: str
    name: str
    created_at: dt.datetime
    group: Group | None = None
    description: str = ""
    visibility: Visibility = "private"
    archived: bool = False
    issues_enabled: bool = True
    members: dict[int, int] = field(default_factory=dict)
    issues: dict[int, Issue] = field(default_factory=dict)
    last_iid: int = 0


class Label(Struct, eq=False):
    """A label of one project or of one group; the other of the two is None."""

    id: int
    name: str
    color: str
    description: str | None
    project: Project | None
    group: Group | None
    priority: int | None = None
    archived: bool = False


class Milestone(Struct, eq=False):
    """A milestone of one project or of one group."""

    id: int
    iid: int
    title: str
    created_at: dt.datetime
    project: Project | None
    group: Group | None
    description: str = ""
    state: str = "active"
    start_date: dt.date | None = None
    due_date: dt.date | None = None


class Issue(Struct, eq=False):
    """An issue. `encoded` keeps its JSON for lists by web address until the issue changes."""

    id: int
    iid: int
    project: Project
    title: str
    created_at: dt.datetime
    updated_at: dt.datetime
    author: User | None
    description: str | None = None
    state: str = "opened"
    labels: list[Label] = field(default_factory=list)
    assignees: list[User] = field(default_factory=list)
    milestone: Milestone | None = None
    closed_at: dt.datetime | None = None
    closed_by: User | None = None
    due_date: dt.date | None = None
    confidential: bool = False
    locked: bool = False
    issue_type: str = "issue"
    weight: int | None = None
    upvotes: int = 0
    downvotes: int = 0
    time_estimate: int = 0
    time_spent: int = 0
    notes_count: int = 0
    moved_to_id: int | None = None
    notes: list[Note] = field(default_factory=list)
    label_events: list[LabelEvent] = field(default_factory=list)
    state_events: list[StateEvent] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    awards: list[Award] = field(default_factory=list)
    encoded: dict[str, bytes] = field(default_factory=dict)


class Note(Struct, eq=False):
    """A comment, or with `system` what GitLab wrote itself about a change."""

    id: int
    issue: Issue
    author: User
    body: str
    created_at: dt.datetime
    updated_at: dt.datetime
    system: bool = False
    internal: bool = False
    awards: list[Award] = field(default_factory=list)


class LabelEvent(Struct, eq=False):
    """A label set or taken away; `label` is None once the label itself was deleted."""

    id: int
    user: User
    label: Label | None
    action: Literal["add", "remove"]
    created_at: dt.datetime


class StateEvent(Struct, eq=False):
    """An issue closed or reopened."""

    id: int
    user: User
    state: Literal["closed", "reopened"]
    created_at: dt.datetime


class Link(Struct, eq=False):
    """Two issues that were related; each of them keeps the same link."""

    id: int
    source: Issue
    target: Issue
    link_type: str
    created_at: dt.datetime


class Award(Struct, eq=False):
    """A reaction to an issue or a note."""

    id: int
    name: str
    user: User
    created_at: dt.datetime


class Mention(Struct, frozen=True):
    """Somebody was notified: `who` is a user name, a group path or `all`; `note_id` is None for a description."""

    project: str
    iid: int
    by: str
    who: str
    note_id: int | None = None


class Command(Struct, frozen=True):
    """A quick action that a text made GitLab run; `message` is what GitLab told the writer."""

    project: str
    iid: int
    by: str
    name: str
    argument: str = ""
    message: str = ""


class Request(Struct, frozen=True):
    """One request that was answered: `query` as it was sent, `status` 0 where the connection was dropped."""

    method: str
    path: str
    query: str
    status: int
