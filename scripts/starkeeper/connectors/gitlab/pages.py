"""Pages of a list and the stretches of time that they are of: what an answer holds, and whether anything is missing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from msgspec import Struct

from starkeeper.connectors import pacing
from starkeeper.connectors.gitlab.asks import PER_PAGE, Ask, next_query
from starkeeper.connectors.gitlab.wire import utc
from starkeeper.model.resources import Resource

if TYPE_CHECKING:
    from starkeeper.connectors.gitlab.client import Client

# Into so many parts a stretch is cut whose total GitLab does not tell.
_PARTS = 4
# More pages than any list has; each costs memory before it is asked for.
_MOST_PAGES = 100_000


class Page(Struct, frozen=True):
    """One answer of a list: its rows, and what its headers say. `begun_at` is in seconds since 1970."""

    number: int
    rows: Sequence[Resource]
    per_page: int
    total: int | None
    pages: int | None
    has_next: bool
    begun_at: float | None

    @property
    def least_rows(self) -> int:
        """How many rows it must hold by its own headers: the rest of the total, and a full page before another."""
        if self.has_next:
            return self.per_page
        return 0 if self.total is None else self.total - (self.number - 1) * self.per_page

    @property
    def is_full(self) -> bool:
        return len(self.rows) >= self.least_rows

    @property
    def is_all(self) -> bool:
        """Whether there is nothing besides it: one answer is of one moment."""
        return self.number == 1 and not self.has_next and self.is_full


class Stretch(Struct, frozen=True):
    """A part of the list by time of creation, both ends included; None is open."""

    after: dt.datetime | None = None
    before: dt.datetime | None = None


class Part(Struct):
    """The pages of a stretch by number, the first always there; of a `head` the first is all that counts."""

    stretch: Stretch
    pages: dict[int, Page]
    head: bool = False

    @property
    def first(self) -> Page:
        return self.pages[1]

    @property
    def is_counted(self) -> bool:
        return self.first.is_all or (self.first.total is not None and self.first.pages is not None)

    @property
    def is_complete(self) -> bool:
        """Whether the pages hold the whole stretch (the reasons stand at the top of lists.py)."""
        if self.head or self.first.is_all:
            return True
        rows = {identity(row): row for page in self.pages.values() for row in page.rows}
        if self.first.total is None or len(rows) != self.first.total:
            return False
        return not any(_touched(row, self.first.begun_at) for row in rows.values())

    def finer(self) -> list[Stretch]:
        """The stretches between the first rows of its pages."""
        starts = sorted({page.rows[0].created_at for page in self.pages.values() if page.number > 1 and page.rows})
        after, before = self.stretch.after, self.stretch.before
        return [Stretch(*ends) for ends in zip([after, *starts], [*starts, before], strict=True)]

    def cut(self, end: dt.datetime) -> list[Stretch]:
        """The stretches behind its first page up to its own end or `end`; none where they would be too short."""
        start = self.first.rows[-1].created_at
        step = ((self.stretch.before or end) - start) / _PARTS
        if step < dt.timedelta(milliseconds=1):
            return []
        edges = [start, *(start + step * number for number in range(1, _PARTS)), self.stretch.before]
        return [Stretch(*ends) for ends in pairwise(edges)]


def read_page(client: Client, ask: Ask, number: int, rows_of: Callable[[bytes], Sequence[Resource]]) -> Page:
    """One page of a list; raises ConnectorError where the answer is no list."""
    answer = client.request(ask)
    rows = rows_of(answer.content)
    per_page = pacing.number(answer.headers, "X-Per-Page") or PER_PAGE
    total = pacing.number(answer.headers, "X-Total")
    return Page(
        number=number,
        rows=rows,
        per_page=per_page,
        total=total,
        pages=pages_told(answer.headers),
        # A full page of which nothing is told may have another behind it.
        has_next=bool(next_query(answer)) or (total is None and len(rows) >= per_page),
        begun_at=pacing.begun_at(answer.headers),
    )


def pages_told(headers: Mapping[str, str]) -> int | None:
    """How many pages the list has; None where GitLab does not say it, or says what cannot be."""
    pages = pacing.number(headers, "X-Total-Pages")
    return None if pages is None or pages > _MOST_PAGES else pages


def identity(row: Resource) -> object:
    """What tells two rows apart: the number that is theirs in all of GitLab."""
    return row.id or row.key


def stamp(at: dt.datetime) -> str:
    return utc(at).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _touched(row: Resource, since: float | None) -> bool:
    """Whether the row was opened or changed after that time; to be safe also where the time is not known."""
    return since is None or row.updated_at.timestamp() > since
