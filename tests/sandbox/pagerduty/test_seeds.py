"""The seeded PagerDuty: managers are on call as the desk's policies say, and know each other by address."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import requests
import yaml

from starkeeper.sandbox.seeds import PAGERDUTY_FROM, PAGERDUTY_TOKEN, seed_desk
from starkeeper.sandbox.server import serve
from starkeeper.sandbox.world import World
from tests.sandbox.conftest import NOON

POLICY = Path(__file__).resolve().parents[3] / "policies" / "desk.yml"


def desk() -> World:
    world = World(lambda: NOON)
    seed_desk(world, NOON)
    return world


def test_managers_are_on_call_as_the_policies_say() -> None:
    world = desk()
    rotation = yaml.safe_load(POLICY.read_text(encoding="utf-8"))["rotations"]["support_manager"]
    for shift in rotation["shifts"]:
        name = f"Support Manager - {shift['region']}"
        start = dt.datetime.combine(NOON.date(), dt.time.fromisoformat(shift["from"]), dt.UTC)
        user = world.pagerduty.add_user(shift["person"])
        assert world.pagerduty.on_call(name, start) == user.name
        assert world.pagerduty.on_call(name, start - dt.timedelta(seconds=1)) is None
        assert world.pagerduty.on_call(name, start + dt.timedelta(hours=8)) is None


def test_the_desk_pages_as_itself() -> None:
    with serve(desk()) as served:
        headers = {"Authorization": f"Token token={PAGERDUTY_TOKEN}", "From": PAGERDUTY_FROM}

        def ask(method: str, path: str, body: Any = None) -> Any:
            url = f"{served.url}/pagerduty/{path}"
            return requests.request(method, url, json=body, headers=headers, timeout=10).json()

        (pool,) = ask("GET", "services?query=pool")["services"]
        service = {"id": pool["id"], "type": "service_reference"}
        incident = {"type": "incident", "title": "STAR 7 waits", "service": service, "incident_key": "star-7"}
        made = ask("POST", "incidents", {"incident": incident})["incident"]
    assert [each["assignee"]["summary"] for each in made["assignments"]] == ["Kim Tal", "Ade Bello"]
