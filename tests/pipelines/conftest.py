"""A desk of now, for the jobs read the clock; served, with a copy of the checkout whose pipelines work on it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from starkeeper.sandbox.seeds import seed_desk
from starkeeper.sandbox.server import serve
from starkeeper.sandbox.world import World
from tests.pipelines.desk import Pipelines, copy_checkout, missing_tools


@pytest.fixture
def pipelines(tmp_path: Path) -> Iterator[Pipelines]:
    if why := missing_tools():
        pytest.skip(why)
    now = dt.datetime.now(dt.UTC)
    world = World(clock=lambda: now)
    seed_desk(world, now)
    copy_checkout(tmp_path)
    with serve(world) as served:
        yield Pipelines(tmp_path, world, served.url)
