"""What a tracker holds, as frozen records: issues and other resources, their notes, label events and people.

All times are aware and in UTC. Text from GitLab stands here as it was read: it is made safe where it is rendered.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Literal, NamedTuple, get_args

from msgspec import Struct

ResourceType = Literal["issues", "merge_requests", "epics", "branches"]
RESOURCE_TYPES: tuple[ResourceType, ...] = get_args(ResourceType)
_SIGNS: dict[ResourceType, str] = {"issues": "#", "merge_requests": "!", "epics": "&", "branches": " "}


class ResourceKey(NamedTuple):
    """What names a resource within one GitLab: the path of its project (of an epic, its group) and its number there.

    A branch has no number: its `iid` is 0 and `name` is its own.
    """

    project: str
    iid: int
    type: ResourceType = "issues"
    name: str = ""

    def __str__(self) -> str:
        return f"{self.project}{_SIGNS[self.type]}{self.name or self.iid}"


class Place(NamedTuple):
    """A project or a group, by its path or its number."""

    source: Literal["projects", "groups"]
    path: str

    def __str__(self) -> str:
        return f"{self.source.removesuffix('s')} {self.path}"


Subject = ResourceKey | Place
"""What a fact that costs a request of its own can be about."""


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


class Resource(Struct, frozen=True, kw_only=True):
    """What rules look at, as GitLab showed it when it was read; a rule's effects make a new record of it.

    `description` is "" where GitLab says null. `fields` holds what the tracker's title pattern, its form headings and
    the patterns of a rule found in the text; its values are untrusted, as titles and descriptions are. What a type
    does not have stays as it is here. `time_estimate` and `time_spent` are in seconds.
    """

    type: ResourceType
    tracker: str
    project: str
    iid: int = 0
    name: str = ""
    id: int = 0
    title: str = ""
    description: str = ""
    state: Literal["opened", "closed", "merged", "locked"] = "opened"
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
    upvotes: int = 0
    downvotes: int = 0
    notes_count: int = 0
    tasks: int = 0
    tasks_done: int = 0
    time_estimate: int = 0
    time_spent: int = 0
    web_url: str = ""
    fields: Mapping[str, str] = {}

    @property
    def key(self) -> ResourceKey:
        return ResourceKey(self.project, self.iid, self.type, self.name)

    @property
    def reference(self) -> str:
        """As GitLab writes it in full: `group/project#12`, `group/project!3`, `group&4`."""
        return str(self.key)


class Issue(Resource, frozen=True, kw_only=True):
    """An issue or another work item that GitLab lists among the issues; `issue_type` says which.

    One that was `moved` lives on elsewhere; this is what it left behind.
    """

    type: Literal["issues"] = "issues"
    issue_type: str = "issue"
    weight: int | None = None
    iteration: str | None = None
    health_status: str | None = None
    merge_requests_count: int = 0
    moved: bool = False


class MergeRequest(Resource, frozen=True, kw_only=True):
    """A merge request; it can also be `merged` or `locked`."""

    type: Literal["merge_requests"] = "merge_requests"
    draft: bool = False
    source_branch: str = ""
    target_branch: str = ""
    reviewers: tuple[User, ...] = ()
    merged_at: dt.datetime | None = None
    merged_by: User | None = None


class Epic(Resource, frozen=True, kw_only=True):
    """An epic; its `project` is the path of its group."""

    type: Literal["epics"] = "epics"


class Branch(Resource, frozen=True, kw_only=True):
    """A branch of a project, by `name`; its author is the commit's, its times are those of its last commit."""

    type: Literal["branches"] = "branches"
    merged: bool = False
    protected: bool = False
    default: bool = False
    committed_date: dt.datetime | None = None
    authored_date: dt.datetime | None = None
    commit: str = ""


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
