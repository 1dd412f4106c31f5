"""The issues of a tracker, all or none of them, and single issues.

Why a list can be trusted. Pages are asked for oldest first and, where GitLab says how many there are, side by side.
While they are read, issues enter the list (opened, reopened, labelled) or leave it, so that rows move from one page to
another and can be missed. The pages are taken as complete when the issues in them are as many as the first answer told
and none of them was touched since then: entering the list touches an issue, so none of them entered meanwhile, so all
of them were in the list at the first answer, and being as many they are the whole of it.

Where that is not so, the list is read once more by time of creation, which does not move: each stretch from one page's
first row to that of the next, and within it on from the last row seen. This way is also taken from the start where
GitLab tells no total (above 10,000 issues). A page that holds fewer rows than it must is then an error.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from msgspec import Struct

from starkeeper.connectors.gitlab import pacing, wire
from starkeeper.connectors.gitlab.asks import PER_PAGE, SERVICE, Ask, issue_path, list_path, next_query
from starkeeper.errors import ConnectorError
from starkeeper.model.desk import Tracker
from starkeeper.model.resources import Issue, IssueKey

if TYPE_CHECKING:
    from starkeeper.connectors.gitlab.client import Client

OnPage = Callable[[int, int | None], None]


class Page(Struct, frozen=True):
    """One answer of the list: its rows, and what its headers say. `begun_at` is in seconds since 1970."""

    rows: list[wire.WireIssue]
    per_page: int
    total: int | None
    pages: int | None
    has_next: bool
    begun_at: float | None


class Stretch(Struct, frozen=True):
    """A part of the list by time of creation, both ends included; None is open."""

    after: dt.datetime | None = None
    before: dt.datetime | None = None


class IssueList:
    """The list of one tracker with certain parameters."""

    def __init__(self, client: Client, tracker: Tracker, params: Mapping[str, str], on_page: OnPage | None) -> None:
        self._client = client
        self._tracker = tracker
        self._params = params
        self._on_page = on_page or (lambda _read, _of: None)
        self._read = 0
        self._lock = threading.Lock()

    def read(self) -> tuple[Issue, ...]:
        """Every issue, oldest first; raises ConnectorError rather than leave one out."""
        first = self._page(1, Stretch())
        self._tell(first.pages)
        if first.pages is None or first.total is None:
            return self._issues(self._walk(Stretch(), first))
        pages = {1: first}
        for number, page in self._client.side_by_side(self._numbered, range(2, first.pages + 1)):
            pages[number] = page
            self._tell(first.pages)
        in_order = [pages[number] for number in sorted(pages)]
        if is_complete(in_order):
            return self._issues(row for page in in_order for row in page.rows)
        return self._issues(self._read_again(in_order))

    def _read_again(self, pages: list[Page]) -> list[wire.WireIssue]:
        starts = sorted({page.rows[0].created_at for page in pages[1:] if page.rows})
        stretches = [Stretch(*ends) for ends in zip([None, *starts], [*starts, None], strict=True)]
        rows: list[wire.WireIssue] = []
        for _, found in self._client.side_by_side(self._walk, stretches):
            rows += found
        return rows

    def _walk(self, stretch: Stretch, first: Page | None = None) -> list[wire.WireIssue]:
        """All rows of a stretch: on from the time of the last row, which no other row's coming or going can move."""
        rows: list[wire.WireIssue] = []
        after, number, page = stretch.after, 1, first
        while True:
            page = self._whole(number, Stretch(after, stretch.before), page)
            rows += page.rows
            if not page.has_next:
                return rows
            last = page.rows[-1].created_at
            # A whole page of one and the same time is passed by its number.
            after, number = (last, 1) if after is None or last > after else (after, number + 1)
            page = None

    def _whole(self, number: int, stretch: Stretch, page: Page | None) -> Page:
        """The page, asked for twice if need be: its rows and its total are not counted at the very same moment."""
        for _ in range(2):
            if page is None:
                page = self._page(number, stretch)
                self._tell(None)
            if (least := least_rows(page, number)) <= len(page.rows):
                return page
            short, page = len(page.rows), None
        found = f"a page holds {short} issues where GitLab promises at least {least}"
        advice = "the list is not used, for issues are missing; run again later"
        raise ConnectorError(SERVICE, self._about(number), found, advice)

    def _numbered(self, number: int) -> Page:
        return self._page(number, Stretch())

    def _page(self, number: int, stretch: Stretch) -> Page:
        query: dict[str, str | int] = {**self._params, "order_by": "created_at", "sort": "asc", "per_page": PER_PAGE}
        query |= {"scope": "all"} if self._tracker.source == "groups" else {}
        query |= {"page": number} if number > 1 else {}
        query |= {"created_after": _stamp(stretch.after)} if stretch.after else {}
        query |= {"created_before": _stamp(stretch.before)} if stretch.before else {}
        path = list_path(self._tracker.source, self._tracker.path)
        about = self._about(number)
        return read_page(self._client, Ask(kind="list", path=path, about=about, query=query))

    def _issues(self, rows: Iterable[wire.WireIssue]) -> tuple[Issue, ...]:
        found = {row.id or (row.web_url, row.iid): row for row in rows}
        issues = [wire.issue(row, self._tracker.name, self._project(row)) for row in found.values()]
        return tuple(sorted(issues, key=lambda each: (each.created_at, each.id)))

    def _project(self, row: wire.WireIssue) -> str:
        path = wire.project_of(row, self._client.url)
        if not path and self._tracker.source == "projects":
            path = self._tracker.path
        if not path:
            found = f"an issue (number {row.iid}) does not say which project it is of"
            raise ConnectorError(SERVICE, self._about(1), found, "name the project itself instead of its group")
        return path

    def _tell(self, pages: int | None) -> None:
        with self._lock:
            self._read += 1
            self._on_page(self._read, pages)

    def _about(self, number: int) -> str:
        return f"listing the issues of tracker '{self._tracker.name}' ({self._tracker.path}), page {number}"


def read_page(client: Client, ask: Ask) -> Page:
    """One page of a list of issues; raises ConnectorError where the answer is no list."""
    answer = client.request(ask)
    rows = wire.decode(answer.content, list[wire.WireIssue], ask.about)
    per_page = pacing.number(answer.headers, "X-Per-Page") or PER_PAGE
    total = pacing.number(answer.headers, "X-Total")
    return Page(
        rows=rows,
        per_page=per_page,
        total=total,
        pages=pacing.number(answer.headers, "X-Total-Pages"),
        # A full page of which nothing is told may have another behind it.
        has_next=bool(next_query(answer)) or (total is None and len(rows) >= per_page),
        begun_at=pacing.begun_at(answer.headers),
    )


def least_rows(page: Page, number: int) -> int:
    """How many rows that page must hold by its own headers: the rest of the total, and a full page before another."""
    if page.has_next:
        return page.per_page
    return 0 if page.total is None else page.total - (number - 1) * page.per_page


def is_complete(pages: list[Page]) -> bool:
    """Whether pages read side by side hold the whole list (the reasons stand at the top of this file)."""
    rows = {row.id: row for page in pages for row in page.rows}
    if len(rows) != pages[0].total:
        return False
    # One answer is of one moment.
    return len(pages) <= 1 or not any(_touched(row, pages[0].begun_at) for row in rows.values())


def _touched(row: wire.WireIssue, since: float | None) -> bool:
    """Whether the issue was opened or changed after that time; to be safe also where the time is not known."""
    return since is None or wire.utc(row.updated_at or row.created_at).timestamp() > since


def read_issue(client: Client, tracker: str, key: IssueKey) -> Issue:
    """One issue as it is now."""
    ask = Ask(kind="issue", path=issue_path(key), about=f"reading {key}")
    return wire.issue(wire.decode(client.request(ask).content, wire.WireIssue, ask.about), tracker, key.project)


def _stamp(at: dt.datetime) -> str:
    return wire.utc(at).isoformat(timespec="milliseconds").replace("+00:00", "Z")
