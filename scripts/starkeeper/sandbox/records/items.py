"""What people discuss, label and close: issues, merge requests and epics, and all that hangs on them."""

from __future__ import annotations

import abc
import datetime as dt
from typing import ClassVar, Literal

import msgspec
from msgspec import Struct, field

from starkeeper.sandbox.records.places import (
    DEVELOPER,
    PLANNER,
    Group,
    Iteration,
    Label,
    Milestone,
    Place,
    Project,
    User,
)

Kind = Literal["issues", "merge_requests", "epics"]
KINDS: tuple[Kind, ...] = ("issues", "merge_requests", "epics")


class _ItemMeta(msgspec.StructMeta, abc.ABCMeta):
    """Lets a record have a property that each kind of item must bring."""


class Item(Struct, eq=False, kw_only=True, metaclass=_ItemMeta):
    """What issues, merge requests and epics have in common.

    `kind` is the word of web addresses, `noun` that of sentences, `type` that of JSON, `sign` that of references.
    Whoever has `editors` as level of access may change more than the own text. `encoded` keeps the item's JSON for
    lists by web address until it changes.
    """

    kind: ClassVar[Kind]
    noun: ClassVar[str]
    type: ClassVar[str]
    sign: ClassVar[str]
    editors: ClassVar[int] = PLANNER

    id: int
    iid: int
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
    upvotes: int = 0
    downvotes: int = 0
    time_estimate: int = 0
    time_spent: int = 0
    notes_count: int = 0
    notes: list[Note] = field(default_factory=list)
    label_events: list[LabelEvent] = field(default_factory=list)
    state_events: list[StateEvent] = field(default_factory=list)
    awards: list[Award] = field(default_factory=list)
    encoded: dict[str, bytes] = field(default_factory=dict)

    @property
    @abc.abstractmethod
    def place(self) -> Place:
        """The project or group that it belongs to."""

    @property
    def reference(self) -> str:
        """The full reference, such as `group/project#1`."""
        return f"{self.place.path}{self.sign}{self.iid}"

    @property
    def web_path(self) -> str:
        return f"/{self.place.path}/-/{self.kind}/{self.iid}"


class Issue(Item, eq=False, kw_only=True):
    """An issue; `merge_requests` are those that close it when they are merged."""

    kind = "issues"
    noun = "issue"
    type = "Issue"
    sign = "#"

    project: Project
    issue_type: str = "issue"
    weight: int | None = None
    health_status: str | None = None
    iteration: Iteration | None = None
    moved_to: Issue | None = None
    links: list[Link] = field(default_factory=list)
    merge_requests: list[MergeRequest] = field(default_factory=list)

    @property
    def place(self) -> Project:
        return self.project


class MergeRequest(Item, eq=False, kw_only=True):
    """A merge request; a title that starts with `Draft:` makes it a draft."""

    kind = "merge_requests"
    noun = "merge request"
    type = "MergeRequest"
    sign = "!"
    editors = DEVELOPER

    project: Project
    source_branch: str
    target_branch: str
    reviewers: list[User] = field(default_factory=list)
    merged_at: dt.datetime | None = None
    merged_by: User | None = None
    closes: list[Issue] = field(default_factory=list)

    @property
    def place(self) -> Project:
        return self.project

    @property
    def draft(self) -> bool:
        return self.title.lower().startswith(("draft:", "[draft]", "(draft)"))


class Epic(Item, eq=False, kw_only=True):
    """An epic of a group."""

    kind = "epics"
    noun = "epic"
    type = "Epic"
    sign = "&"

    group: Group
    start_date: dt.date | None = None

    @property
    def place(self) -> Group:
        return self.group

    @property
    def web_path(self) -> str:
        return f"/groups/{self.group.path}/-/epics/{self.iid}"


class Note(Struct, eq=False):
    """A comment, or with `system` what GitLab wrote itself; `thread` is its thread's first note's id, 0 for none."""

    id: int
    item: Item
    author: User
    body: str
    created_at: dt.datetime
    updated_at: dt.datetime
    system: bool = False
    internal: bool = False
    thread: int = 0
    awards: list[Award] = field(default_factory=list)


class LabelEvent(Struct, eq=False):
    """A label set or taken away; `label` is None once the label itself was deleted."""

    id: int
    user: User
    label: Label | None
    action: Literal["add", "remove"]
    created_at: dt.datetime


class StateEvent(Struct, eq=False):
    """An item closed, reopened or merged."""

    id: int
    user: User
    state: Literal["closed", "reopened", "merged"]
    created_at: dt.datetime


class Link(Struct, eq=False):
    """Two issues that were related; each of them keeps the same link."""

    id: int
    source: Issue
    target: Issue
    link_type: str
    created_at: dt.datetime


class Award(Struct, eq=False):
    """A reaction to an item or a note."""

    id: int
    name: str
    user: User
    created_at: dt.datetime
