"""What the world remembers of what happened: notifications, quick actions that ran, requests that were answered."""

from __future__ import annotations

from msgspec import Struct


class Mention(Struct, frozen=True):
    """Somebody was notified: `who` is a user name, a group path or `all`; `note_id` is None for a description."""

    project: str
    iid: int
    by: str
    who: str
    note_id: int | None = None
    kind: str = "issues"


class Command(Struct, frozen=True):
    """A quick action that a text made GitLab run; `message` is what GitLab told the writer."""

    project: str
    iid: int
    by: str
    name: str
    argument: str = ""
    message: str = ""
    kind: str = "issues"


class Request(Struct, frozen=True):
    """One request that was answered: `query` as it was sent, `status` 0 where the connection was dropped."""

    method: str
    path: str
    query: str
    status: int
