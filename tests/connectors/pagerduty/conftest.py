"""A PagerDuty on a real port with three schedules, and the desk that names them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from starkeeper.connectors.pagerduty import PagerDuty
from starkeeper.model.desk import Desk, Person, Rotation
from starkeeper.sandbox.server import serve
from starkeeper.sandbox.world import World
from starkeeper.settings import Secret
from tests.connectors.conftest import Clock

NOW = dt.datetime(2026, 12, 2, 9, 30, tzinfo=dt.UTC)
KEY = "u+never-shown-in-any-text"
ADDRESS = "Emil@Example.com"
DESK = Desk(
    rotations={
        "managers": Rotation(name="managers", schedules=("Managers - APAC", "Managers - EMEA")),
        "backup": Rotation(name="backup", schedules=("PBACKUP",)),
    },
    services={"emergencies": "Customer Emergencies", "other": "POTHER1"},
    people={
        "aoi": Person(gitlab="aoi", pagerduty="PUAOI01", region="APAC"),
        "emil": Person(gitlab="emil", email=ADDRESS.casefold(), region="EMEA"),
        "amber": Person(gitlab="amber", pagerduty="PUAMBER", region="AMER"),
    },
)


def at(day: int, hour: int, minute: int = 0) -> dt.datetime:
    """A time in December 2026, when it is the 2nd."""
    return dt.datetime(2026, 12, day, hour, minute, tzinfo=dt.UTC)


@pytest.fixture
def world() -> World:
    """Aoi is on call until 08:00, then Emil until midnight; Amber has the backup all day; Lee is in no people.yml."""
    world = World(lambda: NOW)
    account = world.pagerduty
    account.add_token(KEY)
    account.add_user("Aoi Nishi", id="PUAOI01")
    account.add_user("Emil Brandt", email=ADDRESS)
    account.add_user("Amber Vale", id="PUAMBER")
    account.add_user("Lee\x1b[2J Okafor", id="PULEE01")
    account.add_schedule("Managers - APAC", [("Aoi Nishi", "00:00", "08:00")])
    account.add_schedule("Managers - EMEA", [("Emil Brandt", "08:00", "00:00")])
    account.add_schedule("Backup", [("Amber Vale", "00:00", "00:00")], id="PBACKUP")
    account.add_service("Customer Emergencies", "Managers - EMEA")
    account.add_service("Other", "Backup", id="POTHER1")
    return world


@pytest.fixture
def url(world: World) -> Iterator[str]:
    with serve(world) as served:
        yield f"{served.url}/pagerduty"


@pytest.fixture
def connect(clock: Clock) -> Iterator[Callable[..., PagerDuty]]:
    """Makes connectors on a clock that never waits, and closes them at the end."""
    made: list[PagerDuty] = []

    def make(url: str, key: str = KEY, desk: Desk = DESK, **options: Any) -> PagerDuty:
        settings: dict[str, Any] = {
            "monotonic": clock.monotonic,
            "sleep": clock.sleep,
            "timeout_seconds": 5.0,
        } | options
        made.append(PagerDuty(url, Secret(key), desk, NOW, **settings))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture
def pagerduty(connect: Callable[..., PagerDuty], url: str) -> PagerDuty:
    return connect(url)
