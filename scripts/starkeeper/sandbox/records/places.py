"""People and places: accounts, groups, projects, and the labels, milestones and iterations that belong to them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Literal, TypeAlias, Union

from msgspec import Struct, field

if TYPE_CHECKING:
    from starkeeper.sandbox.records.branches import Branch
    from starkeeper.sandbox.records.items import Epic, Issue, MergeRequest
    from starkeeper.sandbox.records.pipelines import (
        Hook,
        Pipeline,
        PipelineSchedule,
        RepositoryFile,
        ResourceGroup,
        Trigger,
        Variable,
    )

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
OverrideRole = Literal["no_one_allowed", "developer", "maintainer", "owner"]
Place: TypeAlias = Union["Project", "Group"]


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
    """A secret and whom it stands for; `scopes` are GitLab's, `api` and `read_api` among them.

    From the day `expires_at` on it is worth nothing any more.
    """

    user: User
    scopes: frozenset[str]
    id: int
    name: str
    created_at: dt.datetime
    expires_at: dt.date | None = None


class Group(Struct, eq=False):
    """A group or subgroup; `members` maps user ids to access levels, `epics` each iid to its epic, oldest first."""

    id: int
    path: str
    name: str
    created_at: dt.datetime
    parent: Group | None = None
    visibility: Visibility = "private"
    members: dict[int, int] = field(default_factory=dict)
    epics: dict[int, Epic] = field(default_factory=dict)
    last_epic_iid: int = 0


class Project(Struct, eq=False):
    """A project; `issues` and `merge_requests` map each iid to its own, oldest first, `branches` each name.

    `files` maps branch and path to what is there. `variables_role` is the least role that may give a new pipeline
    variables, `no_one_allowed` for none.
    """

    id: int
    path: str
    name: str
    created_at: dt.datetime
    group: Group | None = None
    description: str = ""
    visibility: Visibility = "private"
    archived: bool = False
    issues_enabled: bool = True
    default_branch: str = "main"
    members: dict[int, int] = field(default_factory=dict)
    issues: dict[int, Issue] = field(default_factory=dict)
    merge_requests: dict[int, MergeRequest] = field(default_factory=dict)
    branches: dict[str, Branch] = field(default_factory=dict)
    files: dict[tuple[str, str], RepositoryFile] = field(default_factory=dict)
    hooks: dict[int, Hook] = field(default_factory=dict)
    triggers: dict[int, Trigger] = field(default_factory=dict)
    schedules: dict[int, PipelineSchedule] = field(default_factory=dict)
    variables: list[Variable] = field(default_factory=list)
    variables_role: OverrideRole = "developer"
    resource_groups: dict[str, ResourceGroup] = field(default_factory=dict)
    pipelines: dict[int, Pipeline] = field(default_factory=dict)
    last_iid: int = 0
    last_merge_request_iid: int = 0


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


class Iteration(Struct, eq=False):
    """An iteration of a group; its title is unique in the world."""

    id: int
    iid: int
    title: str
    created_at: dt.datetime
    group: Group | None
    start_date: dt.date
    due_date: dt.date
