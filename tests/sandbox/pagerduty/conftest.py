"""Two schedules that follow each other, a service, and plain requests to PagerDuty with a good key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from starkeeper.sandbox.server import serve
from starkeeper.sandbox.world import World
from tests.sandbox.conftest import NOON

KEY = "pager-key"


class Pager:
    """Requests as `amber@example.com`; paths are those below PagerDuty's address."""

    def __init__(self, session: requests.Session, base: str) -> None:
        self._session = session
        self.base = base

    def get(self, path: str, **query: Any) -> requests.Response:
        """Lists among the values go out as `name[]`."""
        sent = {f"{name}[]" if isinstance(value, list) else name: value for name, value in query.items()}
        return self._session.get(f"{self.base}/{path}", params=sent)

    def send(self, method: str, path: str, body: Any, sender: str = "amber@example.com") -> requests.Response:
        return self._session.request(method, f"{self.base}/{path}", json=body, headers={"From": sender})


@pytest.fixture
def world() -> World:
    """`Day` is emil's from 8 to 16 and `Night` amber's from 16 to 8; ivy is asked when they do not answer."""
    world = World(lambda: NOON)
    world.pagerduty.add_token(KEY)
    world.pagerduty.add_schedule("Day", [("emil", "08:00", "16:00")], policy=None, id="PDAY001")
    world.pagerduty.add_schedule("Night", [("amber", "16:00", "08:00")], policy=None, id="PNIGHT1")
    world.pagerduty.add_policy("Managers", [["Day", "Night"], ["ivy"]], id="PPOLICY")
    world.pagerduty.add_service("Emergencies", "Managers", id="PSERVIC")
    return world


@pytest.fixture
def pager(world: World) -> Iterator[Pager]:
    with serve(world) as served, requests.Session() as session:
        session.headers["Authorization"] = f"Token token={KEY}"
        yield Pager(session, f"{served.url}/pagerduty")
