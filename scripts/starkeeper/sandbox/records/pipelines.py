"""What a project keeps for its pipelines: hooks, triggers, schedules, variables, resource groups, files, pipelines."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from msgspec import Struct, field

from starkeeper.sandbox.records.places import Group, Project, User

PREFIX = "glptt-"
Status = Literal["created", "running", "success", "failed"]
Source = Literal["trigger", "schedule"]
ProcessMode = Literal["unordered", "oldest_first", "newest_first", "newest_ready_first"]
EVENTS = (
    "push_events",
    "tag_push_events",
    "issues_events",
    "confidential_issues_events",
    "note_events",
    "confidential_note_events",
    "merge_requests_events",
    "job_events",
    "pipeline_events",
    "wiki_page_events",
    "deployment_events",
    "feature_flag_events",
    "releases_events",
    "milestone_events",
    "emoji_events",
    "resource_access_token_events",
    "repository_update_events",
)


class Hook(Struct, eq=False, kw_only=True):
    """A webhook; `url` holds `{key}` where `url_variables` has a value for it, `events` are those it wants to hear.

    `failures` counts those that came one after the other. `until` is when a hook that failed too often is asked again.
    """

    id: int
    project: Project
    url: str
    created_at: dt.datetime
    events: set[str] = field(default_factory=lambda: {"push_events"})
    name: str | None = None
    description: str | None = None
    token: str = ""
    url_variables: dict[str, str] = field(default_factory=dict)
    custom_headers: dict[str, str] = field(default_factory=dict)
    enable_ssl_verification: bool = True
    push_events_branch_filter: str | None = None
    failures: int = 0
    until: dt.datetime | None = None

    @property
    def full_url(self) -> str:
        """The address that is called: secrets and all."""
        address = self.url
        for key, value in self.url_variables.items():
            address = address.replace(f"{{{key}}}", value)
        return address


class Delivery(Struct, frozen=True):
    """One event on its way to one hook, and what became of it.

    `status` is that of the answer, 0 for none; `refused` says why nothing was sent at all.
    """

    hook: int
    event: str
    body: dict[str, Any]
    status: int = 0
    refused: str = ""


class Trigger(Struct, eq=False, kw_only=True):
    """A trigger token: whoever has it starts pipelines as its owner."""

    id: int
    project: Project
    token: str
    description: str
    owner: User
    created_at: dt.datetime
    last_used: dt.datetime | None = None

    @property
    def short_token(self) -> str:
        return self.token.removeprefix(PREFIX)[:4]


class Variable(Struct, eq=False, kw_only=True):
    """A variable of a project or of a schedule; of the latter only key, value, type and `raw` count."""

    key: str
    value: str
    variable_type: str = "env_var"
    protected: bool = False
    masked: bool = False
    hidden: bool = False
    raw: bool = False
    environment_scope: str = "*"
    description: str | None = None


class PipelineSchedule(Struct, eq=False, kw_only=True):
    """A schedule; its pipelines run as its owner. The sandbox plays it on demand only."""

    id: int
    project: Project
    owner: User
    description: str
    ref: str
    cron: str
    cron_timezone: str
    created_at: dt.datetime
    updated_at: dt.datetime
    active: bool = True
    variables: list[Variable] = field(default_factory=list)
    inputs: dict[str, Any] = field(default_factory=dict)


class ResourceGroup(Struct, eq=False):
    """What jobs of one key share: how many wait for it, and in which order they get it."""

    id: int
    key: str
    created_at: dt.datetime
    process_mode: ProcessMode = "unordered"


class Runner(Struct, eq=False, kw_only=True):
    """What takes jobs: of one project, of all in one group, or with neither of all there are."""

    id: int
    description: str
    place: Project | Group | None = None
    online: bool = True
    paused: bool = False


class RepositoryFile(Struct, frozen=True):
    """A file of one branch; `commit` is the one that wrote it."""

    content: bytes
    commit: str


class Pipeline(Struct, eq=False, kw_only=True):
    """A pipeline; `payload` is the content of TRIGGER_PAYLOAD, `log` what its job printed where somebody ran it."""

    id: int
    iid: int
    project: Project
    source: Source
    ref: str
    user: User
    created_at: dt.datetime
    variables: dict[str, str] = field(default_factory=dict)
    inputs: dict[str, Any] = field(default_factory=dict)
    payload: str = ""
    schedule: PipelineSchedule | None = None
    status: Status = "created"
    log: str = ""
    finished_at: dt.datetime | None = None
