"""GitLab's JSON of what a desk is set up with, as much of it as is read: no value of a variable, no text of a token
but our own trigger's."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import re

from msgspec import UNSET, Raw, Struct, UnsetType

from starkeeper.connectors.gitlab.asks import SERVICE
from starkeeper.connectors.gitlab.wire import WireUser
from starkeeper.errors import ConnectorError
from starkeeper.model.setup import (
    DIGEST_VARIABLE,
    TOKEN_KEY,
    FoundHook,
    FoundLabel,
    FoundSchedule,
    FoundTrigger,
    FoundVariable,
)

_HIDDEN = re.compile(r"(?:^|&)token=\{[\w.-]+\}(?:&|$)")
_BRANCHES = "refs/heads/"


class WireProject(Struct):
    """A project; a group has no branch and none of the switches."""

    id: int
    web_url: str = ""
    path_with_namespace: str = ""
    default_branch: str | None = None
    visibility: str = "private"
    archived: bool = False
    issues_enabled: bool = True
    ci_pipeline_variables_minimum_override_role: str | None = None


class WireLint(Struct):
    """What GitLab says of a .gitlab-ci.yml."""

    valid: bool
    errors: list[str] = []


class WireLabel(Struct):
    id: int
    name: str
    color: str = ""
    description: str | None = None
    is_project_label: bool = False


class WireHook(Struct):
    id: int
    url: str = ""
    name: str | UnsetType | None = UNSET
    description: str | UnsetType | None = UNSET
    issues_events: bool = False
    confidential_issues_events: bool = False
    note_events: bool = False
    confidential_note_events: bool | None = False
    enable_ssl_verification: bool = True
    alert_status: str = "executable"


class WireTrigger(Struct):
    """A trigger; its token is whole for its owner only."""

    id: int
    token: str = ""
    description: str | None = None
    owner: WireUser | None = None


class WireValue(Struct):
    key: str
    value: str | None = None


class WireSchedule(Struct):
    """A schedule; in a list without its variables, and whoever may not see them is shown none."""

    id: int
    description: str
    ref: str
    cron: str
    cron_timezone: str = "UTC"
    active: bool = True
    owner: WireUser | None = None
    variables: list[WireValue] | None = None
    inputs: list[Raw] = []


class WireVariable(Struct):
    key: str
    masked: bool = False
    protected: bool = False
    environment_scope: str = "*"


class WireResourceGroup(Struct):
    key: str
    process_mode: str


class WireFile(Struct):
    content: str


class WireBranch(Struct):
    """A branch; `can_push` is whether the token's account may."""

    protected: bool = False
    can_push: bool = True
    developers_can_merge: bool = True


class WireMember(Struct):
    access_level: int
    username: str | None = None
    state: str = "active"


class WireToken(Struct):
    scopes: list[str] = []
    expires_at: dt.date | None = None


class WireRunner(Struct):
    """A runner; `online` stands in older answers, `status` in newer ones, and `active` was once the word for not
    paused."""

    paused: bool = False
    active: bool = True
    online: bool = False
    status: str = ""


class WireId(Struct):
    id: int


def label(wire: WireLabel, own: bool) -> FoundLabel:
    return FoundLabel(id=wire.id, name=wire.name, color=wire.color, description=wire.description or "", own=own)


def hook(wire: WireHook) -> FoundHook:
    heard = ("issues_events", "confidential_issues_events", "note_events", "confidential_note_events")
    target, _, query = wire.url.partition("?")
    return FoundHook(
        id=wire.id,
        target=target,
        name=None if wire.name is UNSET else wire.name or "",
        description=None if wire.description is UNSET else wire.description or "",
        events=frozenset(each for each in heard if getattr(wire, each)),
        checks_tls=wire.enable_ssl_verification,
        hides=_HIDDEN.search(query) is not None,
        hides_as_ours=query == f"token={{{TOKEN_KEY}}}",
        alert=wire.alert_status,
    )


def trigger(wire: WireTrigger) -> FoundTrigger:
    return FoundTrigger(id=wire.id, description=wire.description or "", owner=_name(wire.owner))


def schedule(wire: WireSchedule) -> FoundSchedule:
    values = {each.key: each.value or "" for each in wire.variables or ()}
    return FoundSchedule(
        id=wire.id,
        description=wire.description,
        ref=wire.ref.removeprefix(_BRANCHES),
        cron=" ".join(wire.cron.split()),
        zone=wire.cron_timezone,
        active=wire.active,
        owner=_name(wire.owner),
        digest=None if wire.variables is None else values.get(DIGEST_VARIABLE, ""),
        plain=not wire.inputs and not values.keys() - {DIGEST_VARIABLE},
    )


def variable(wire: WireVariable, group: str = "") -> FoundVariable:
    return FoundVariable(
        key=wire.key, masked=wire.masked, protected=wire.protected, scope=wire.environment_scope, group=group
    )


def server(wire: WireProject) -> str:
    """The address of GitLab itself, as it stands in that of a project: with the path that GitLab may lie under."""
    path = f"/{wire.path_with_namespace}"
    return wire.web_url.removesuffix(path) if wire.path_with_namespace and wire.web_url.endswith(path) else ""


def takes_jobs(wire: WireRunner) -> bool:
    is_online = wire.status == "online" if wire.status else wire.online
    return is_online and wire.active and not wire.paused


def text_of(wire: WireFile, about: str) -> str:
    """What stands in a file; one that is no text is somebody else's, whatever it says."""
    try:
        return base64.b64decode(wire.content).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        raise ConnectorError(SERVICE, about, "the answer is not what GitLab documents, at $.content") from None


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _name(user: WireUser | None) -> str:
    return (user.username if user else None) or ""
