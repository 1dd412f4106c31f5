"""The issues, merge requests or epics of a tracker, all or none of them.

Why a list can be trusted. Pages are asked for oldest first and, where GitLab says how many there are, side by side.
While they are read, rows enter the list (opened, reopened, labelled) or leave it, so that others move from one page to
another and can be missed. The pages are taken as complete when the rows in them are as many as the first answer told
and none of them was touched since then: entering the list touches a row, so none of them entered meanwhile, so all of
them were in the list at the first answer, and being as many they are the whole of it.

Where that is not so, the list is read once more by time of creation, which does not move: each stretch from one page's
first row to that of the next, and within it on from the last row seen. A page that holds fewer rows than it must is
then an error.

Above 10,000 rows GitLab tells no total. The time from the first row to the last is then cut into stretches until it
tells the total of each, and each is read as a list of its own; all that is said here holds for it as for the whole.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from starkeeper.connectors.gitlab.asks import PER_PAGE, SERVICE, WORDS, Ask, list_path
from starkeeper.connectors.gitlab.pages import Page, Part, Stretch, identity, read_page, stamp
from starkeeper.connectors.gitlab.records import Records
from starkeeper.connectors.gitlab.wire import decode_list
from starkeeper.connectors.gitlab.wire_resources import WireEpic, WireIssue, WireMergeRequest
from starkeeper.errors import ConnectorError
from starkeeper.model.desk import Tracker
from starkeeper.model.resources import Place, Resource, ResourceType

if TYPE_CHECKING:
    from starkeeper.connectors.gitlab.client import Client

OnPage = Callable[[int, int | None], None]
SHAPES: Mapping[ResourceType, Any] = {"issues": WireIssue, "merge_requests": WireMergeRequest, "epics": WireEpic}
# Four rounds of cutting make 256 stretches; where GitLab tells no total even then, it never does.
_ROUNDS = 4


class ResourceList:
    """The list of one tracker and type with certain parameters; `kind` is what its requests are counted as."""

    def __init__(
        self,
        client: Client,
        tracker: Tracker,
        type: ResourceType,
        params: Mapping[str, str],
        on_page: OnPage | None = None,
        kind: str = "list",
    ) -> None:
        self._client = client
        self._tracker = tracker
        self._type = type
        self._kind = kind
        self._params = {**params, "scope": "all"} if tracker.source == "groups" and type != "epics" else {**params}
        self._records = Records(tracker.name, client.url)
        self._on_page = on_page or (lambda _read, _of: None)
        self._read = 0
        self._pages: int | None = None
        self._lock = threading.Lock()

    def read(self) -> tuple[Resource, ...]:
        """Every one, oldest first; raises ConnectorError rather than leave one out."""
        first = self._page(1, Stretch())
        self._pages = first.pages
        self._tell(first.pages)
        whole = Part(Stretch(), {1: first})
        if not whole.is_counted and not first.is_full:
            whole = Part(Stretch(), {1: self._first(Stretch())})
        parts = [whole] if whole.is_counted else self._cut(whole)
        self._fill(parts)
        found: dict[object, Resource] = {}
        for part in parts:
            if part.is_complete:
                _add(found, (row for page in part.pages.values() for row in page.rows))
        again = [stretch for part in parts if not part.is_complete for stretch in part.finer()]
        for _, rows in self._client.side_by_side(self._walk, again):
            _add(found, rows)
        return tuple(sorted(found.values(), key=lambda each: (each.created_at, each.id)))

    def _cut(self, whole: Part) -> list[Part]:
        """Parts that cover the whole, each with its first page and, where GitLab can be brought to it, its total."""
        last = self._page(1, Stretch(), newest=True).rows
        self._tell(None)
        if not last:
            return [whole]
        done: list[Part] = []
        rough = [whole]
        for _ in range(_ROUNDS):
            stretches: list[Stretch] = []
            for part in rough:
                finer = part.cut(last[0].created_at)
                stretches += finer
                part.head = bool(finer)
                done += [part]
            rough = []
            for stretch, page in self._client.side_by_side(self._first, stretches):
                piece = Part(stretch, {1: page})
                (done if piece.is_counted else rough).append(piece)
        return done + rough

    def _fill(self, parts: list[Part]) -> None:
        """The other pages of all parts whose totals are known, side by side."""
        wanted = [
            (part, number) for part in parts if part.is_counted for number in range(2, (part.first.pages or 1) + 1)
        ]
        for (part, number), page in self._client.side_by_side(self._numbered, wanted):
            part.pages[number] = page

    def _walk(self, stretch: Stretch) -> list[Resource]:
        """All rows of a stretch: on from the time of the last row, which no other row's coming or going can move."""
        rows: list[Resource] = []
        after, number = stretch.after, 1
        while True:
            page = self._full(number, Stretch(after, stretch.before))
            rows += page.rows
            if not page.has_next:
                return rows
            last = page.rows[-1].created_at
            # A whole page of one and the same time is passed by its number.
            after, number = (last, 1) if after is None or last > after else (after, number + 1)

    def _full(self, number: int, stretch: Stretch) -> Page:
        """The page, asked for twice if need be: its rows and its total are not counted at the very same moment."""
        for _ in range(2):
            page = self._page(number, stretch)
            self._tell(None)
            if page.is_full:
                return page
        found = f"a page holds {len(page.rows)} {WORDS[self._type]} where GitLab promises at least {page.least_rows}"
        advice = f"the list is not used, for {WORDS[self._type]} are missing; run again later"
        raise ConnectorError(SERVICE, self._about(number), found, advice)

    def _first(self, stretch: Stretch) -> Page:
        return self._full(1, stretch)

    def _numbered(self, wanted: tuple[Part, int]) -> Page:
        page = self._page(wanted[1], wanted[0].stretch)
        self._tell(self._pages)
        return page

    def _page(self, number: int, stretch: Stretch, *, newest: bool = False) -> Page:
        query: dict[str, str | int] = {**self._params, "order_by": "created_at", "sort": "asc", "per_page": PER_PAGE}
        query |= {"sort": "desc", "per_page": 1} if newest else {}
        query |= {"page": number} if number > 1 else {}
        query |= {"created_after": stamp(stretch.after)} if stretch.after else {}
        query |= {"created_before": stamp(stretch.before)} if stretch.before else {}
        path = list_path(Place(self._tracker.source, self._tracker.path), self._type)
        about = self._about(number)
        ask = Ask(kind=self._kind, path=path, about=about, query=query)
        return read_page(self._client, ask, number, lambda content: self._resources(content, about))

    def _resources(self, content: bytes, about: str) -> Sequence[Resource]:
        """The records at once, so that what GitLab sent is not kept."""
        place = self._tracker.path if self._tracker.source == "projects" else ""
        return [self._records.resource(row, place, about) for row in decode_list(content, SHAPES[self._type], about)]

    def _tell(self, pages: int | None) -> None:
        with self._lock:
            self._read += 1
            self._on_page(self._read, pages)

    def _about(self, number: int) -> str:
        name, path = self._tracker.name, self._tracker.path
        place = f"tracker '{name}' ({path})" if name else path
        return f"listing the {WORDS[self._type]} of {place}, page {number}"


def _add(found: dict[object, Resource], rows: Iterable[Resource]) -> None:
    for row in rows:
        found[identity(row)] = row
