"""What a run did, step by step, as its journal holds it and `undo` reads it. Nothing that a person wrote is in it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Literal

from msgspec import Meta, Struct

from starkeeper.model.plan import Result
from starkeeper.model.resources import Resource, ResourceKey, ResourceType

VERSION = 1
RUN_NAME = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{4}Z-[0-9a-f]{6}"
# A journal is read back from a file: what goes from it into a hidden line must be able to do nothing there.
Key = Annotated[str, Meta(pattern=r"^[0-9a-f]{16}\Z")]
Digest = Annotated[str, Meta(pattern=r"^([0-9a-f]{16})?\Z")]
Run = Annotated[str, Meta(pattern=rf"^({RUN_NAME})?\Z")]
Instant = Annotated[dt.datetime, Meta(tz=True)]


class Header(Struct, frozen=True, kw_only=True):
    """Which run it was, when, on which GitLab by which account, by which policies, and in which job.

    `undoes` is the run that it took back.
    """

    version: int = VERSION
    run: Run
    now: Instant
    gitlab_url: str
    account: str = ""
    policies: str = ""
    commit: str = ""
    job_url: str = ""
    undoes: Run = ""


class Snapshot(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A resource at one moment: what one request can change of it, and its times as GitLab tells them."""

    state: Literal["opened", "closed", "merged", "locked"]
    labels: tuple[str, ...] = ()
    assignees: tuple[str, ...] = ()
    confidential: bool = False
    locked: bool = False
    due_date: dt.date | None = None
    created_at: Instant
    updated_at: Instant
    closed_at: Instant | None = None


class Entry(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One step on one resource and what became of it.

    `before` is the resource as it was read, `after` what GitLab answered; steps that went in one request share both.
    `add` and `remove` are the labels, or user names, that came and went by this step. `notes` are the keys of the notes
    that it wrote, `opened` the issue that it opened, `to` where the issue moved. `digest` is that of the rule.
    """

    tracker: str
    project: str
    type: ResourceType
    iid: Annotated[int, Meta(ge=0)]
    name: str = ""
    rule: str
    digest: Digest = ""
    action: str
    result: Result
    before: Snapshot | None = None
    after: Snapshot | None = None
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    notes: tuple[Key, ...] = ()
    opened: str = ""
    to: str = ""

    @property
    def key(self) -> ResourceKey:
        return ResourceKey(self.project, self.iid, self.type, self.name)


class Journal(Struct, frozen=True):
    """All that one run left behind of itself."""

    header: Header
    entries: tuple[Entry, ...] = ()


class Said(Struct, frozen=True):
    """The notes that earlier runs wrote on one resource, by key and when, and what it is known again by."""

    notes: Mapping[str, dt.datetime]
    created_at: dt.datetime
    updated_at: dt.datetime

    def is_of(self, resource: Resource) -> bool:
        """Whether the notes were written on this very resource: another may have come to bear its number.

        A note renews the time of change of what it stands on, for good: one that is as it was before has had none.
        """
        return resource.created_at == self.created_at and resource.updated_at > self.updated_at


def snapshot(resource: Resource) -> Snapshot:
    """What a journal keeps of a resource."""
    return Snapshot(
        state=resource.state,
        labels=resource.labels,
        assignees=tuple(user.username for user in resource.assignees),
        confidential=resource.confidential,
        locked=resource.locked,
        due_date=resource.due_date,
        created_at=resource.created_at,
        updated_at=resource.updated_at,
        closed_at=resource.closed_at,
    )
