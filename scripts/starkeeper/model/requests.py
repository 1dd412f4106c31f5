"""What is asked of GitLab, in words of our own: the fields of one issue that change together in one request."""

from __future__ import annotations

from typing import Generic, Literal, TypeVar

from msgspec import Struct

from starkeeper.errors import ConnectorError
from starkeeper.model.resources import IssueKey

T = TypeVar("T")


class IssueUpdate(Struct, frozen=True, kw_only=True):
    """One field request: what is None or empty stays as it is. `assignees` is the whole new list, by user name."""

    add_labels: tuple[str, ...] = ()
    remove_labels: tuple[str, ...] = ()
    state: Literal["opened", "closed"] | None = None
    assignees: tuple[str, ...] | None = None
    confidential: bool | None = None


class Reading(Struct, Generic[T], frozen=True):
    """Facets read for many issues: what was found, and for which issues it could not be read and why."""

    found: dict[IssueKey, T]
    failed: dict[IssueKey, ConnectorError]
