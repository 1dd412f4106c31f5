"""A small world on a real port, and the real client library to talk to it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import gitlab
import pytest
import requests

from starkeeper.sandbox.server import serve
from starkeeper.sandbox.world import World
from tests.sandbox.recorded import Api

NOON = dt.datetime(2026, 11, 30, 12, 0, tzinfo=dt.UTC)
STAR = "support/desk/star"


@pytest.fixture
def world() -> World:
    """One private project in a subgroup: `bot` maintains it, `amber` too, `gus` is a guest, `pat` a stranger."""
    world = World(lambda: NOON)
    world.add_project(STAR)
    for name, level in (("bot", "maintainer"), ("amber", "maintainer"), ("emil", "developer"), ("gus", "guest")):
        world.add_member("support", name, level)
    for name in ("bot", "amber", "emil", "gus", "pat"):
        world.add_token(f"{name}-token", name)
    world.add_token("reader-token", "bot", ["read_api"])
    return world


@pytest.fixture
def url(world: World) -> Iterator[str]:
    with serve(world) as served:
        yield served.url


@pytest.fixture
def client(url: str) -> gitlab.Gitlab:
    return as_user(url, "bot")


def as_user(url: str, name: str) -> gitlab.Gitlab:
    return gitlab.Gitlab(url, private_token=f"{name}-token")


@pytest.fixture
def http() -> Iterator[requests.Session]:
    """Plain HTTP as the bot, for what a client library hides."""
    with requests.Session() as session:
        session.headers["PRIVATE-TOKEN"] = "bot-token"
        yield session


@pytest.fixture
def api(url: str, http: requests.Session) -> Api:
    return Api(http, f"{url}/api/v4")
