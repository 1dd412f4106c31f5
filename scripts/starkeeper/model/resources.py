"""What a tracker holds, as frozen records: issues and other resources, their notes, label events and people.

All times are aware and in UTC. Text from GitLab stands here as it was read: it is made safe where it is rendered.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Literal, NamedTuple, get_args

from msgspec import Struct

ResourceType = Literal["issues", "merge_requests", "epics", "branches", "slack_messages", "shifts"]
EVERY_TYPE: tuple[ResourceType, ...] = get_args(ResourceType)
RESOURCE_TYPES: tuple[ResourceType, ...] = EVERY_TYPE[:4]
"""What GitLab holds; the others are the desk's own."""
_SIGNS: dict[ResourceType, str] = {"issues": "#", "merge_requests": "!", "epics": "&"}


class ResourceKey(NamedTuple):
    """What names a resource within one GitLab: the path of its project (of an epic, its group) and its number there.

    A branch has no number: its `iid` is 0 and `name` is its own. A Slack message goes by its channel, as desk.yml calls
    it, and its time stamp; a shift by its rotation and the instant at which it begins.
    """

    project: str
    iid: int
    type: ResourceType = "issues"
    name: str = ""

    def __str__(self) -> str:
        return f"{self.project}{_SIGNS.get(self.type, ' ')}{self.name or self.iid}"


class Place(NamedTuple):
    """A project or a group, by its path or its number; or, as desk.yml calls them, a tracker, a Slack channel, a
    rotation or a PagerDuty service; or somebody's Slack account, by its id (`accounts`; "" is the bot's own) or by
    whose it is (`people`, user names)."""

    source: Literal["projects", "groups", "trackers", "channels", "rotations", "services", "accounts", "people"]
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


class Edit(Struct, frozen=True):
    """Somebody changed a description, at that time."""

    by: str
    at: dt.datetime


class Issue(Resource, frozen=True, kw_only=True):
    """An issue or another work item that GitLab lists among the issues; `issue_type` says which.

    One that was `moved` lives on elsewhere; this is what it left behind. The author of one that is `from_form` stands
    in its description: who filled in the form.
    """

    type: Literal["issues"] = "issues"
    issue_type: str = "issue"
    weight: int | None = None
    iteration: str | None = None
    health_status: str | None = None
    merge_requests_count: int = 0
    moved: bool = False
    from_form: bool = False


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


class Reaction(Struct, frozen=True):
    """An emoji on a Slack message, its name without colons, and the ids of all who set it; Slack keeps no times."""

    name: str
    users: tuple[str, ...]


class Mark(Struct, frozen=True, kw_only=True):
    """What a Slack message of our own says of itself in its metadata.

    `about` is the reference of what it is about, `at` the time of the run that wrote it, `role` tells a message that
    rules find again by that name, such as `announcement`; `content` is a digest of its text, and `said` what was said
    in its thread, by key, and when, to the minute. It `is_whole` unless a text that was too long for one message still
    lacks what follows in the thread: to tell it again completes it.
    """

    key: str
    about: str
    at: dt.datetime | None = None
    rule: str = ""
    role: str = ""
    content: str = ""
    said: Mapping[str, dt.datetime] = {}
    is_whole: bool = True


class SlackMessage(Resource, frozen=True, kw_only=True):
    """A message of a channel; its `project` is the channel as desk.yml calls it, its `name` Slack's time stamp, which
    with the channel is its only id, its `description` the text, as Slack encodes it. One of our own was created at the
    time of the run that wrote it.

    `user` is the Slack id of who wrote it; `is_own` says that the bot of this run did, and only then it has a `mark`.
    `may_be_answered` says that the bot is among those who replied, or that Slack does not list them all.
    """

    type: Literal["slack_messages"] = "slack_messages"
    user: str = ""
    is_own: bool = False
    from_bot: bool = False
    reactions: tuple[Reaction, ...] = ()
    replies: int = 0
    replied_at: dt.datetime | None = None
    may_be_answered: bool = False
    mark: Mark | None = None


class Reply(Struct, frozen=True, kw_only=True):
    """A message in the thread of another."""

    user: str
    text: str
    at: dt.datetime
    is_own: bool = False
    from_bot: bool = False
    mark: Mark | None = None


class Duty(Struct, frozen=True, kw_only=True):
    """Somebody's time on call, from `starts` up to, and not including, `ends`.

    `person` is the user name in GitLab, "" where people.yml does not know who it is; `name` is then what PagerDuty
    calls them. `by_override` says that they stand in for somebody.
    """

    person: str
    starts: dt.datetime
    ends: dt.datetime
    name: str = ""
    region: str = ""
    by_override: bool = False


class ShiftOnCall(Resource, frozen=True, kw_only=True):
    """A shift of a rotation, by its beginning (`created_at`) to its end (`ends_at`).

    Whoever is on call in it is the assignee, whoever was before it the author; nobody where that is not known.
    """

    type: Literal["shifts"] = "shifts"
    ends_at: dt.datetime
    region: str = ""
    region_before: str = ""


class Page(Struct, frozen=True, kw_only=True):
    """An incident of a PagerDuty service. `people` are user names in GitLab, or what PagerDuty calls them."""

    number: int
    title: str
    status: Literal["triggered", "acknowledged", "resolved"]
    created_at: dt.datetime
    people: tuple[str, ...] = ()
    web_url: str = ""


class Note(Struct, frozen=True):
    """A comment, or with `system` a line that GitLab itself wrote; `internal` notes are hidden from outsiders."""

    id: int
    body: str
    author: str
    created_at: dt.datetime
    system: bool = False
    internal: bool = False


class StateEvent(Struct, frozen=True):
    """It was closed, opened again or merged, by whom and when; an epic that is opened again is `opened`."""

    id: int
    state: Literal["opened", "closed", "reopened", "merged"]
    user: str
    created_at: dt.datetime


class LabelEvent(Struct, frozen=True):
    """A label set or taken off, by whom and when; `label` is None once the label itself was deleted."""

    id: int
    action: Literal["add", "remove"]
    label: str | None
    user: str
    created_at: dt.datetime
