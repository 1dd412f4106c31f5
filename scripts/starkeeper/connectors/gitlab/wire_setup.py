"""GitLab's JSON of what a desk is set up with, as much of it as is read: no value of a variable, no text of a token
but our own trigger's."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import re

import msgspec
from msgspec import Struct

from starkeeper.connectors.gitlab.asks import SERVICE
from starkeeper.connectors.gitlab.wire import WireUser
from starkeeper.errors import ConnectorError
from starkeeper.model.setup import DIGEST_VARIABLE, FoundHook, FoundLabel, FoundSchedule, FoundTrigger, FoundVariable

_HIDDEN = re.compile(r"token=\{[\w.-]+\}")
_BRANCHES = "refs/heads/"


class WireProject(Struct):
    """A project; a group has no branch and none of the switches."""

    id: int
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
    name: str | None = None
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
        name=wire.name or "",
        events=frozenset(each for each in heard if getattr(wire, each)),
        checks_tls=wire.enable_ssl_verification,
        hides=_HIDDEN.fullmatch(query) is not None,
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
    )


def variable(wire: WireVariable, own: bool) -> FoundVariable:
    return FoundVariable(
        key=wire.key, masked=wire.masked, protected=wire.protected, scope=wire.environment_scope, own=own
    )


def text_of(wire: WireFile, about: str) -> str:
    """What stands in a file; one that is no text is somebody else's, whatever it says."""
    try:
        return base64.b64decode(wire.content).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        raise ConnectorError(SERVICE, about, "the answer is not what GitLab documents, at $.content") from None


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def token_in(content: bytes) -> str:
    """The token of the trigger that was just made."""
    return msgspec.json.decode(content, type=WireTrigger).token


def _name(user: WireUser | None) -> str:
    return (user.username if user else None) or ""
