"""The branches of a tracker, all or none of them.

Branches are listed by name and have no time of creation to go on from. So pages read side by side are taken as
complete when every one of them told the same total and they hold that many names; where branches came or went
meanwhile, the list is read anew. Where GitLab tells no total, all that can be seen is a name that comes twice.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from msgspec import Struct

from starkeeper.connectors import pacing
from starkeeper.connectors.gitlab.asks import PER_PAGE, SERVICE, Ask, list_path, place_path
from starkeeper.connectors.gitlab.lists import OnPage
from starkeeper.connectors.gitlab.pages import pages_told
from starkeeper.connectors.gitlab.records import Records
from starkeeper.connectors.gitlab.wire import decode
from starkeeper.connectors.gitlab.wire_resources import WireBranch
from starkeeper.errors import ConnectorError
from starkeeper.model.desk import Tracker
from starkeeper.model.resources import Branch, Place

if TYPE_CHECKING:
    import requests

    from starkeeper.connectors.gitlab.client import Client

_READINGS = 3


class WireProject(Struct):
    path_with_namespace: str
    empty_repo: bool | None = None
    repository_access_level: str | None = None

    @property
    def has_branches(self) -> bool:
        return not self.empty_repo and self.repository_access_level != "disabled"


class BranchPage(Struct, frozen=True):
    """One answer of the list of one project, and what its headers say."""

    rows: list[Branch]
    total: int | None
    pages: int | None


class BranchList:
    """The branches of one tracker with certain parameters; of a group's, those of all its projects."""

    def __init__(self, client: Client, tracker: Tracker, params: Mapping[str, str], on_page: OnPage | None) -> None:
        self._client = client
        self._tracker = tracker
        self._params = params
        self._records = Records(tracker.name, client.url)
        self._on_page = on_page or (lambda _read, _of: None)
        self._read = 0
        self._lock = threading.Lock()

    def read(self) -> tuple[Branch, ...]:
        """Every branch, the one longest without a commit first; raises ConnectorError rather than leave one out."""
        found: list[Branch] = []
        left = self._projects() if self._tracker.source == "groups" else [self._tracker.path]
        for _ in range(_READINGS):
            torn: list[str] = []
            for project, pages in self._pages_of(left).items():
                if is_complete(pages):
                    found += [row for page in pages for row in page.rows]
                else:
                    torn.append(project)
            if not torn:
                return tuple(sorted(found, key=lambda each: (each.created_at, each.project, each.name)))
            left = torn
        what = f"the branches of {left[0]} changed each time while they were read"
        advice = "the list is not used, for branches may be missing; run again later"
        raise ConnectorError(SERVICE, self._about(left[0]), what, advice)

    def _projects(self) -> list[str]:
        """The projects below the group that can have branches; those that are only shared with it are elsewhere's."""
        path, about = f"{place_path(Place('groups', self._tracker.path))}/projects", self._about(self._tracker.path)
        query: dict[str, str | int] = {"include_subgroups": "true", "archived": "false", "with_shared": "false"}
        query |= {"order_by": "id", "sort": "asc", "per_page": PER_PAGE}
        ask = Ask(kind="list", path=path, about=about, query=query)
        answers = self._client.follow(ask)
        rows = [row for answer in answers for row in decode(answer.content, list[WireProject], about)]
        return sorted({row.path_with_namespace for row in rows if row.has_branches})

    def _pages_of(self, projects: Iterable[str]) -> dict[str, list[BranchPage]]:
        found = dict(self._client.side_by_side(self._begin, projects))
        wanted = [
            (project, number) for project, pages in found.items() for number in range(2, (pages[0].pages or 1) + 1)
        ]
        for (project, _), page in self._client.side_by_side(self._numbered, wanted):
            found[project].append(page)
        return found

    def _begin(self, project: str) -> list[BranchPage]:
        """The first page; where it does not say how many there are, the others as well, one by one."""
        pages: list[BranchPage] = []
        for answer in self._client.follow(self._ask(project, 1)):
            pages.append(self._page(project, answer))
            if pages[0].pages is not None and pages[0].total is not None:
                break
        return pages

    def _numbered(self, wanted: tuple[str, int]) -> BranchPage:
        project, number = wanted
        return self._page(project, self._client.request(self._ask(project, number)))

    def _page(self, project: str, answer: requests.Response) -> BranchPage:
        rows = decode(answer.content, list[WireBranch], self._about(project))
        with self._lock:
            self._read += 1
            self._on_page(self._read, None)
        headers = answer.headers
        made = [self._records.branch(row, project) for row in rows]
        return BranchPage(made, pacing.number(headers, "X-Total"), pages_told(headers))

    def _ask(self, project: str, number: int) -> Ask:
        query: dict[str, str | int] = {**self._params, "per_page": PER_PAGE}
        query |= {"page": number} if number > 1 else {}
        path = list_path(Place("projects", project), "branches")
        return Ask(kind="list", path=path, about=self._about(project), query=query)

    def _about(self, project: str) -> str:
        return f"listing the branches of tracker '{self._tracker.name}' ({project})"


def is_complete(pages: list[BranchPage]) -> bool:
    """Whether these pages of one project hold all its branches, as far as GitLab tells (see the top of this file)."""
    names = {row.name for page in pages for row in page.rows}
    counted = pages[0].total if pages[0].pages is not None else None
    if counted is None:
        return len(names) == sum(len(page.rows) for page in pages)
    return len(names) == counted and all(page.total == counted for page in pages)
