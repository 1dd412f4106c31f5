"""What a desk needs in GitLab, what is there, and the steps from one to the other. No secret is ever part of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

from starkeeper.model.resources import Place

MARK = "Starkeeper"
"""What `bootstrap` makes for itself is called so, and only that it may delete."""
TRIGGER = f"{MARK}: issue events"
HOOK_MADE = f"Made by {MARK.lower()} bootstrap"
"""The description of a webhook begins so."""
TOKEN_KEY = "trigger_token"
"""Stands in the address of a webhook where the token is."""
DIGEST_VARIABLE = "STARKEEPER_DIGEST"
RESOURCE_GROUP = "starkeeper"
"""Runs that write wait for each other in it; in a desk of several shards each has its own, `starkeeper-2`."""
ORDER = "oldest_first"

Kind = Literal["label", "template", "trigger", "webhook", "schedule", "variable", "resource group"]
Does = Literal["make", "change", "replace", "remove"]
Level = Literal["error", "warning", "note", "unread", "hidden"]
"""`unread` is what got no answer, `hidden` what the role of the token's account does not let it see."""


class WantedLabel(Struct, frozen=True, kw_only=True):
    """A label; its colour and description are "" where desk.yml says nothing of them."""

    name: str
    color: str = ""
    description: str = ""


class WantedTracker(Struct, frozen=True, kw_only=True):
    """What one tracker's project or group needs.

    `template` is the text of its issue template, "" for none, `headings` are those that it must have. `hears` says
    that its events are to start a pipeline.
    """

    name: str
    place: Place
    labels: tuple[WantedLabel, ...] = ()
    template: str = ""
    headings: tuple[str, ...] = ()
    hears: bool = False


class WantedSchedule(Struct, frozen=True, kw_only=True):
    name: str
    cron: str
    zone: str
    digest: str = ""


class WantedVariable(Struct, frozen=True, kw_only=True):
    """A CI variable. `value` is a plain one; "" is taken from the environment, which may not have it.

    `why` says what is missing without it; `must` that nothing works then.
    """

    key: str
    masked: bool
    protected: bool
    why: str
    value: str = ""
    must: bool = False


class WantedPipelines(Struct, frozen=True, kw_only=True):
    """What the project whose pipelines run the desk needs."""

    place: Place
    ref: str
    schedules: tuple[WantedSchedule, ...] = ()
    variables: tuple[WantedVariable, ...] = ()


class Wanted(Struct, frozen=True, kw_only=True):
    """Everything that the policies need; without `pipelines` desk.yml does not say where these are."""

    trackers: tuple[WantedTracker, ...]
    pipelines: WantedPipelines | None = None


class FoundLabel(Struct, frozen=True, kw_only=True):
    """A label as it is; one that is not `own` belongs to a group above."""

    id: int
    name: str
    color: str
    description: str
    own: bool


class FoundHook(Struct, frozen=True, kw_only=True):
    """A webhook: `target` is its address without the query, which can hold a token; `hides` says that it holds none,
    `hides_as_ours` that the query is the very one that `bootstrap` writes.

    `events` are those that it hears; `alert` is what GitLab says of its health. An old GitLab tells neither name nor
    description: both are None.
    """

    id: int
    target: str
    name: str | None
    description: str | None
    events: frozenset[str]
    checks_tls: bool
    hides: bool
    hides_as_ours: bool
    alert: str


class FoundTrigger(Struct, frozen=True, kw_only=True):
    id: int
    description: str
    owner: str


class FoundSchedule(Struct, frozen=True, kw_only=True):
    """A pipeline schedule; `digest` is the value of its variable, None where it cannot be seen. `plain` says that it
    has no other variable and no input."""

    id: int
    description: str
    ref: str
    cron: str
    zone: str
    active: bool
    owner: str
    digest: str | None
    plain: bool = True


class FoundVariable(Struct, frozen=True, kw_only=True):
    """A CI variable without its value; `scope` is the environment whose jobs see it, "*" all. `group` is the path of
    the group that it comes from, "" where it is the project's own."""

    key: str
    masked: bool
    protected: bool
    scope: str
    group: str = ""


class FoundTracker(Struct, frozen=True, kw_only=True):
    """One tracker as it is; None is what could not be read. `template` is the text of its issue template, "" where
    there is none; `branch` is where it is kept, "" where the tracker itself could not be found."""

    labels: tuple[FoundLabel, ...] | None = None
    hooks: tuple[FoundHook, ...] | None = None
    template: str | None = None
    branch: str = ""

    @property
    def is_there(self) -> bool:
        return bool(self.branch)


class FoundPipelines(Struct, frozen=True, kw_only=True):
    """The project of the pipelines as it is; None is what could not be read. `server` is the address of GitLab as it
    gives it itself, "" where it does not. `orders` are those of our resource groups, by key: one for each shard, none
    before the first job."""

    number: int = 0
    server: str = ""
    triggers: tuple[FoundTrigger, ...] | None = None
    schedules: tuple[FoundSchedule, ...] | None = None
    variables: tuple[FoundVariable, ...] | None = None
    orders: Mapping[str, str] | None = None


class SetupFinding(Struct, frozen=True, order=True):
    """Something to know, or to be done by a person: where, what was found, and who must do what."""

    level: Level
    where: str
    what: str
    do: str = ""


class Found(Struct, frozen=True, kw_only=True):
    """What is there, by the name of the tracker; what could not be read stands in `unread`.

    `me` is whose token it was read with, `url` the address at which GitLab was asked.
    """

    url: str
    me: str
    trackers: Mapping[str, FoundTracker]
    pipelines: FoundPipelines = FoundPipelines()
    unread: tuple[SetupFinding, ...] = ()


class SetupStep(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing that is made, changed or removed. `fields` are GitLab's own; a secret is added where it is sent:
    `secret` names the environment's. A webhook gets the token of `trigger`, 0 for the one that the same plan makes, and
    `leads` says in words where to.

    What follows a semicolon in `why` is what will come of it.
    """

    kind: Kind
    does: Does
    place: Place
    name: str
    why: str
    id: str | int = ""
    fields: Mapping[str, str | bool] = {}
    secret: str = ""
    trigger: int = 0
    leads: str = ""


class SetupOutcome(Struct, frozen=True, kw_only=True, omit_defaults=True):
    step: SetupStep
    result: Literal["done", "failed"]
    why: str = ""


class SetupPlan(Struct, frozen=True, kw_only=True):
    """The steps in order, and beside them what a person should know or do."""

    steps: tuple[SetupStep, ...]
    findings: tuple[SetupFinding, ...]


class Member(Struct, frozen=True):
    """Somebody who may enter a project, with GitLab's number for the role."""

    username: str
    level: int


class Branch(Struct, frozen=True, kw_only=True):
    """Whether a branch is protected, and whether the token's account may start a pipeline on it all the same."""

    protected: bool
    open_to_us: bool


class Project(Struct, frozen=True, kw_only=True):
    """As much of a project or group as a desk must know. `override_role` is the least that may give pipelines
    variables, None where GitLab does not tell; `branch` is that of the pipelines, None where there is none."""

    path: str
    public: bool = False
    archived: bool = False
    issues: bool = True
    override_role: str | None = None
    members: tuple[Member, ...] = ()
    branch: Branch | None = None


class TokenFacts(Struct, frozen=True, kw_only=True):
    """The token of a run: its scopes, and the day on which it ends, None where it never does."""

    scopes: tuple[str, ...]
    ends_on: dt.date | None
