"""GitLab's JSON, of any age, to our records: bytes of an answer in, notes, events and users out."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from typing import Literal, TypeVar
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

from starkeeper.connectors.gitlab.asks import SERVICE
from starkeeper.errors import ConnectorError
from starkeeper.model.resources import Edit, LabelEvent, Note, StateEvent, User

T = TypeVar("T")

_EDITED = ("changed the description", "marked the checklist item", "marked the task")
# Fields that we do not know are passed over. What can be null or absent in some GitLab has a default here.


class WireUser(Struct, gc=False):
    id: int = 0
    username: str | None = None
    name: str | None = None


class WireLabel(Struct, gc=False):
    """A label where a list was asked for details, in events, and (by its `title`) in work items."""

    name: str = ""
    title: str = ""


class WireReferences(Struct, gc=False):
    full: str | None = None


class WireNumbered(Struct, gc=False):
    """As much of a resource as names it; an issue of another service has no `iid`."""

    iid: int | None = None
    web_url: str | None = None
    references: WireReferences | None = None


class WireNote(Struct, gc=False):
    """A note; `confidential` is the old name of `internal`."""

    id: int
    created_at: dt.datetime
    body: str | None = None
    author: WireUser | None = None
    system: bool | None = None
    internal: bool | None = None
    confidential: bool | None = None


class WireLabelEvent(Struct, gc=False):
    id: int
    action: Literal["add", "remove"]
    created_at: dt.datetime
    user: WireUser | None = None
    label: WireLabel | None = None


class WireStateEvent(Struct, gc=False):
    id: int
    state: str
    created_at: dt.datetime
    user: WireUser | None = None


def decode(content: bytes, shape: type[T], about: str) -> T:
    """The body of an answer as the shape that GitLab documents; raises ConnectorError where it is another."""
    try:
        return msgspec.json.decode(content, type=shape)
    except msgspec.ValidationError as error:
        # The message of msgspec can hold a value; the path to it cannot.
        path = str(error).rpartition(" - at `")[2].rstrip("`") if " - at `" in str(error) else "$"
        found = f"the answer is not what GitLab documents, at {path}"
    except (msgspec.DecodeError, UnicodeDecodeError):
        found = "the answer is not whole, or not JSON"
    raise ConnectorError(SERVICE, about, found, "is GITLAB_URL the address of GitLab itself?")


def decode_list(content: bytes, shape: type[T], about: str) -> list[T]:
    """The same for a list of that shape."""
    rows: list[T] = decode(content, list[shape], about)  # type: ignore[valid-type]
    return rows


def project_of(full: str, web_url: str, url: str) -> str:
    """The path of a resource's project, of an epic its group: from its full reference, else from its address below
    GitLab's own; "" in neither."""
    head = full.rstrip("0123456789")
    if head[-1:] in ("#", "!", "&"):
        return head[:-1]
    path = path_of(web_url).removeprefix(urlsplit(url).path.rstrip("/"))
    kinds = "issues/incident|issues|work_items|merge_requests|epics"
    found = re.fullmatch(rf"/(?:groups/)?(.+?)(?:/-)?/(?:{kinds})/\d+", path)
    return found[1] if found else ""


def path_of(url: str) -> str:
    """The path of an address, "" where it is none."""
    try:
        return urlsplit(url).path
    except ValueError:
        return ""


def full_reference(references: WireReferences | None) -> str:
    return (references.full if references else None) or ""


def note(wire: WireNote) -> Note:
    """The record of a note; the author of a deleted account is ""."""
    return Note(
        id=wire.id,
        body=wire.body or "",
        author=(wire.author.username if wire.author else None) or "",
        created_at=utc(wire.created_at),
        system=bool(wire.system),
        internal=bool(wire.internal or wire.confidential),
    )


def edits(rows: Iterable[WireNote]) -> tuple[Edit, ...]:
    """Of the lines that GitLab itself writes, who changed the description and when, oldest first; a deleted account is
    the ghost that GitLab makes of it.

    Where a checklist was ticked GitLab says only that, whatever else was changed with it.
    """
    found = (each for each in rows if each.system and (each.body or "").startswith(_EDITED))
    by_age = sorted(found, key=lambda each: (each.created_at, each.id))
    return tuple(
        Edit(by=(each.author.username if each.author else "") or "ghost", at=utc(each.created_at)) for each in by_age
    )


def label_event(wire: WireLabelEvent) -> LabelEvent:
    """The record of a label event; its label is None once the label itself was deleted."""
    return LabelEvent(
        id=wire.id,
        action=wire.action,
        label=wire.label.name if wire.label else None,
        user=(wire.user.username if wire.user else None) or "",
        created_at=utc(wire.created_at),
    )


def state_event(wire: WireStateEvent) -> StateEvent | None:
    """The record of a state event; nothing of a state that says no more, such as `locked` while it is merged."""
    match wire.state:
        case "opened" | "closed" | "reopened" | "merged" as state:
            by = (wire.user.username if wire.user else None) or ""
            return StateEvent(id=wire.id, state=state, user=by, created_at=utc(wire.created_at))
    return None


def user(wire: WireUser) -> User:
    return User(wire.username or "", wire.id, wire.name or "")


def utc(at: dt.datetime) -> dt.datetime:
    """The same instant in UTC; a time without a zone is GitLab's own, which is UTC."""
    if at.tzinfo is dt.UTC:
        return at
    try:
        return at.replace(tzinfo=dt.UTC) if at.tzinfo is None else at.astimezone(dt.UTC)
    except OverflowError:
        # Where the calendar begins or ends, a few hours do not matter.
        return at.replace(tzinfo=dt.UTC)
