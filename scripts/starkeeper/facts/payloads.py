"""Takes what a webhook sent; gives the event: numbers and fixed words alone, whatever else stands there.

Its text was written by anybody, and may have been cut, filled in or bent on its way through GitLab CI (the trigger
variable TRIGGER_PAYLOAD: https://docs.gitlab.com/ci/triggers/#use-a-webhook-payload). Everything that counts is read
again from GitLab.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec
from msgspec import Raw, Struct

from starkeeper.model.events import OF_ISSUES, Event, EventName

MOST_BYTES = 64 * 1024 * 1024
"""More than twice of what GitLab sends."""
_HIGHEST = 2**63 - 1
_ACTIONS: Mapping[str, EventName] = {
    "open": "issue.opened",
    "update": "issue.updated",
    "close": "issue.closed",
    "reopen": "issue.reopened",
}


class Unclear(Exception):
    """There is no event in it that means anything here; the text says why, in words of our own."""


class _Numbered(Struct):
    id: int = 0
    iid: int = 0


class _About(Struct):
    """`object_attributes`: the issue itself, or the note."""

    iid: int = 0
    project_id: int = 0
    action: str = ""
    noteable_type: str = "Issue"


class _Payload(Struct):
    object_kind: str = ""
    project_id: int = 0
    project: _Numbered | None = None
    user: _Numbered | None = None
    object_attributes: _About | None = None
    issue: _Numbered | None = None
    changes: dict[str, Raw] | None = None


def read_event(file: Path) -> Event:
    """The event of a payload's file: the body of a webhook, or that with the parameters of a trigger beside it.

    Raises Unclear for everything else, also for what is too long, too deep or no JSON.
    """
    try:
        if file.stat().st_size > MOST_BYTES:
            raise Unclear("the payload is longer than any that GitLab sends")
        content = file.read_bytes()
    except (OSError, ValueError):
        raise Unclear("the payload cannot be read") from None
    return event_in(content)


def event_in(content: bytes) -> Event:
    """The same of its bytes."""
    try:
        payload = msgspec.json.decode(content, type=_Payload, strict=False)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        raise Unclear("the payload is not the JSON of an issue or a note") from None
    about = payload.object_attributes or _About()
    if payload.object_kind in ("issue", "work_item"):
        iid, names = about.iid, _names(about.action, payload.changes or {})
    elif payload.object_kind == "note":
        iid, names = _issue_of_note(payload, about), frozenset[EventName]({"note.created"})
    else:
        raise Unclear("it is about neither an issue nor a note")
    project = about.project_id or payload.project_id or (payload.project.id if payload.project else 0)
    if not (0 < iid <= _HIGHEST and 0 < project <= _HIGHEST):
        raise Unclear("it names no issue of a project")
    return Event(project_id=project, iid=iid, names=names, actor=payload.user.id if payload.user else 0)


def _names(action: str, changes: Mapping[str, Raw]) -> frozenset[EventName]:
    """Every event of issues where the action is none that is known."""
    name = _ACTIONS.get(action)
    if name is None:
        return OF_ISSUES
    # One request may open an issue again, say, and set a label.
    labelled: frozenset[EventName] = frozenset({"issue.labelled"} if "labels" in changes else ())
    return labelled | {name}


def _issue_of_note(payload: _Payload, about: _About) -> int:
    if about.noteable_type not in ("Issue", "WorkItem"):
        raise Unclear("it is about a note that is on no issue")
    if about.action == "update":
        raise Unclear("a note was edited, which no rule waits for")
    return payload.issue.iid if payload.issue else 0
