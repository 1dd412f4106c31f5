"""A tracker that a scripted server pages as GitLab does."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from starkeeper.model.desk import Tracker
from starkeeper.model.resources import Resource
from tests.connectors.conftest import Answer, Asked

STAR = Tracker(name="star", path="desk/star")
BEGIN = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
NOW = dt.datetime(2026, 11, 30, 9, 0, tzinfo=dt.UTC)
Row = dict[str, Any]


def stamp(at: dt.datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def row(number: int, created_at: dt.datetime | None = None, touched_at: dt.datetime | None = None) -> Row:
    created_at = created_at or BEGIN + dt.timedelta(minutes=number)
    return {
        "id": 1000 + number,
        "iid": number,
        "created_at": stamp(created_at),
        "updated_at": stamp(touched_at or created_at),
        "references": {"full": f"desk/star#{number}"},
    }


class Listed:
    """A tracker behind a server, paged as GitLab pages; `meanwhile` happens before an answer, by its number."""

    def __init__(self, rows: list[Row]) -> None:
        self.rows = rows
        self.meanwhile: dict[int, Callable[[], None]] = {}
        self.most_counted = 10_000
        self.linked = True
        self.runtime = "0.3"
        self.queries: list[dict[str, str]] = []

    def __call__(self, asked: Asked) -> Answer:
        self.queries.append(asked.query)
        self.meanwhile.pop(len(self.queries), lambda: None)()
        after, before = asked.query.get("created_after", ""), asked.query.get("created_before", "Z")
        found = [each for each in self.rows if after <= each["created_at"] <= before]
        if asked.query["sort"] == "desc":
            found.reverse()
        page, size = int(asked.query.get("page", "1")), int(asked.query["per_page"])
        return Answer(found[(page - 1) * size : page * size], headers=self._headers(size, page, len(found)))

    def _headers(self, size: int, page: int, total: int) -> dict[str, str]:
        last = max(1, -(-total // size))
        headers = {"X-Next-Page": str(page + 1) if page < last else ""} if self.linked else {}
        if total <= self.most_counted:
            headers |= {"X-Total": str(total), "X-Total-Pages": str(last), "X-Per-Page": str(size)}
        return headers | {"X-Runtime": self.runtime}

    def leave(self, number: int) -> None:
        self.rows[:] = [each for each in self.rows if each["iid"] != number]

    def enter(self, number: int, **times: dt.datetime) -> None:
        self.rows.append(row(number, **times))
        self.rows.sort(key=lambda each: (each["created_at"], each["id"]))


def iids(resources: tuple[Resource, ...]) -> list[int]:
    return [each.iid for each in resources]
