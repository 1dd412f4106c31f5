"""What is asked of GitLab, in words of our own: the fields of one resource that change together in one request."""

from __future__ import annotations

import datetime as dt
from typing import Generic, Literal, TypeVar

from msgspec import Struct

from starkeeper.errors import ConnectorError
from starkeeper.model.resources import Subject

T = TypeVar("T")


class Update(Struct, frozen=True, kw_only=True):
    """One field request: what is None or empty stays as it is. `assignees` is the whole new list, by user name.

    `due_date` is a day, or "" to take it away.
    """

    add_labels: tuple[str, ...] = ()
    remove_labels: tuple[str, ...] = ()
    state: Literal["opened", "closed"] | None = None
    assignees: tuple[str, ...] | None = None
    confidential: bool | None = None
    locked: bool | None = None
    due_date: dt.date | Literal[""] | None = None
    title: str | None = None
    description: str | None = None


class Start(Struct, frozen=True, kw_only=True):
    """What a new issue has from its first moment; assignees by user name."""

    labels: tuple[str, ...] = ()
    assignees: tuple[str, ...] = ()
    confidential: bool = False


NOTHING_MORE = Start()


class Reading(Struct, Generic[T], frozen=True):
    """One facet read for many resources or places: what was found, and for which it could not be read and why."""

    found: dict[Subject, T]
    failed: dict[Subject, ConnectorError]
