"""What is true now: the lists of the trackers and, for issues in question, what costs a request of its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cached_property
from typing import Literal, get_args

from msgspec import Struct

from starkeeper.model.desk import Desk
from starkeeper.model.resources import Issue, IssueKey, LabelEvent, Note

Facet = Literal["notes", "label_events", "links"]
FACETS: tuple[Facet, ...] = get_args(Facet)


class FacetNeeded(Exception):
    """Raised by `Facts` when a question cannot be answered before one more thing is read about one issue."""

    def __init__(self, facet: Facet, key: IssueKey) -> None:
        self.facet: Facet = facet
        self.key = key
        super().__init__(f"{facet} of {key}")


class TrackerFailure(Struct, frozen=True):
    """A tracker that could not be read to its end, so that nothing in it is acted on."""

    tracker: str
    why: str


class Facts(Struct, frozen=True, kw_only=True, dict=True):
    """All that one run knows. `now` is aware, in UTC, and the only clock that anything below may look at.

    `bot` is the user name that the run writes with, so that its own notes are told from people's and from a copy of
    its marker in somebody else's note.
    """

    now: dt.datetime
    desk: Desk = Desk()
    bot: str = ""
    issues: tuple[Issue, ...] = ()
    failures: tuple[TrackerFailure, ...] = ()
    read_notes: Mapping[IssueKey, tuple[Note, ...]] = {}
    read_label_events: Mapping[IssueKey, tuple[LabelEvent, ...]] = {}
    read_links: Mapping[IssueKey, tuple[IssueKey, ...]] = {}

    def notes(self, issue: Issue) -> tuple[Note, ...]:
        """The notes of the issue, oldest first; raises FacetNeeded where they were not read yet."""
        try:
            return self.read_notes[issue.key]
        except KeyError:
            raise FacetNeeded("notes", issue.key) from None

    def label_events(self, issue: Issue) -> tuple[LabelEvent, ...]:
        """The label events of the issue, oldest first; raises FacetNeeded where they were not read yet."""
        try:
            return self.read_label_events[issue.key]
        except KeyError:
            raise FacetNeeded("label_events", issue.key) from None

    def links(self, issue: Issue) -> tuple[IssueKey, ...]:
        """The issues that it is linked to, in either direction; raises FacetNeeded where they were not read yet."""
        try:
            return self.read_links[issue.key]
        except KeyError:
            raise FacetNeeded("links", issue.key) from None

    def alike(self, issue: Issue, field: str) -> tuple[Issue, ...]:
        """The other issues of its tracker with the same value in that field, oldest first; none where it has none."""
        index = self._by_field.setdefault(field, {}) or self._index(field)
        same = index.get((issue.tracker, issue.fields.get(field, "")), ())
        return tuple(each for each in same if each.key != issue.key)

    @cached_property
    def _by_field(self) -> dict[str, dict[tuple[str, str], tuple[Issue, ...]]]:
        return {}

    def _index(self, field: str) -> dict[tuple[str, str], tuple[Issue, ...]]:
        index = self._by_field[field]
        for issue in sorted(self.issues, key=lambda each: (each.created_at, each.iid)):
            if value := issue.fields.get(field, ""):
                index[issue.tracker, value] = (*index.get((issue.tracker, value), ()), issue)
        return index
