"""GitLab's JSON, of any age, to our records: bytes of an answer in, issues, notes, label events and users out."""

from __future__ import annotations

import datetime as dt
import re
from typing import Literal, TypeVar
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

from starkeeper.connectors.gitlab.asks import SERVICE
from starkeeper.errors import ConnectorError
from starkeeper.model.resources import Issue, LabelEvent, Milestone, Note, User

T = TypeVar("T")

# Fields that we do not know are passed over. What can be null or absent in some GitLab has a default here.


class WireUser(Struct, gc=False):
    id: int = 0
    username: str | None = None
    name: str | None = None


class WireLabel(Struct, gc=False):
    """A label where a list was asked for details, and in events."""

    name: str


class WireMilestone(Struct, gc=False):
    title: str
    id: int = 0
    iid: int = 0
    state: str | None = None
    start_date: dt.date | None = None
    due_date: dt.date | None = None


class WireReferences(Struct, gc=False):
    full: str | None = None


class WireIssue(Struct, gc=False):
    iid: int
    created_at: dt.datetime
    updated_at: dt.datetime | None = None
    id: int = 0
    title: str | None = None
    description: str | None = None
    state: str | None = None
    labels: list[str | WireLabel] | None = None
    author: WireUser | None = None
    assignee: WireUser | None = None
    assignees: list[WireUser] | None = None
    milestone: WireMilestone | None = None
    closed_at: dt.datetime | None = None
    closed_by: WireUser | None = None
    due_date: dt.date | None = None
    confidential: bool | None = None
    discussion_locked: bool | None = None
    issue_type: str | None = None
    upvotes: int | None = None
    downvotes: int | None = None
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


def issue(wire: WireIssue, tracker: str, project: str) -> Issue:
    """The record of an issue of the project at that path."""
    people = wire.assignees or ([wire.assignee] if wire.assignee else [])
    created_at = utc(wire.created_at)
    return Issue(
        tracker=tracker,
        project=project,
        iid=wire.iid,
        id=wire.id,
        title=wire.title or "",
        description=wire.description or "",
        # An old GitLab also says `reopened`.
        state="closed" if wire.state == "closed" else "opened",
        labels=tuple(each if isinstance(each, str) else each.name for each in wire.labels or ()),
        author=person(wire.author),
        assignees=tuple(user(each) for each in people),
        milestone=_milestone(wire.milestone),
        created_at=created_at,
        updated_at=utc(wire.updated_at) if wire.updated_at else created_at,
        closed_at=utc(wire.closed_at) if wire.closed_at else None,
        closed_by=person(wire.closed_by),
        due_date=wire.due_date,
        confidential=bool(wire.confidential),
        locked=bool(wire.discussion_locked),
        issue_type=wire.issue_type or "issue",
        upvotes=wire.upvotes or 0,
        downvotes=wire.downvotes or 0,
        web_url=wire.web_url or "",
    )


def project_of(wire: WireIssue, url: str) -> str:
    """The path of the issue's project: from its reference, else from its address below GitLab's own; "" in neither."""
    full = (wire.references.full if wire.references else None) or ""
    if "#" in full:
        return full.rpartition("#")[0]
    path = urlsplit(wire.web_url or "").path.removeprefix(urlsplit(url).path.rstrip("/"))
    found = re.fullmatch(r"/(.+?)(?:/-)?/(?:issues/incident|issues|work_items)/\d+", path)
    return found[1] if found else ""


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


def label_event(wire: WireLabelEvent) -> LabelEvent:
    """The record of a label event; its label is None once the label itself was deleted."""
    return LabelEvent(
        id=wire.id,
        action=wire.action,
        label=wire.label.name if wire.label else None,
        user=(wire.user.username if wire.user else None) or "",
        created_at=utc(wire.created_at),
    )


def user(wire: WireUser) -> User:
    return User(wire.username or "", wire.id, wire.name or "")


def person(wire: WireUser | None) -> User | None:
    """Nobody where GitLab names nobody, as for an account that was deleted."""
    return user(wire) if wire else None


def utc(at: dt.datetime) -> dt.datetime:
    """The same instant in UTC; a time without a zone is GitLab's own, which is UTC."""
    if at.tzinfo is dt.UTC:
        return at
    return at.replace(tzinfo=dt.UTC) if at.tzinfo is None else at.astimezone(dt.UTC)


def _milestone(wire: WireMilestone | None) -> Milestone | None:
    if wire is None:
        return None
    return Milestone(wire.title, wire.id, wire.iid, wire.state or "active", wire.start_date, wire.due_date)
