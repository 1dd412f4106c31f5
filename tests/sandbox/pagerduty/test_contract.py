"""The sandbox's PagerDuty against the schemas that PagerDuty publishes."""

from __future__ import annotations

import datetime as dt
import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from starkeeper.sandbox.world import World
from tests.sandbox.conftest import NOON
from tests.sandbox.pagerduty.conftest import Pager

SPEC = Path(__file__).resolve().parents[3].parent / "shared" / "specs" / "pagerduty" / "rest-openapiv3.json"

pytestmark = pytest.mark.skipif(not SPEC.exists(), reason="the description of PagerDuty's interface is not here")


@pytest.fixture
def incident(world: World) -> str:
    """An acknowledged incident, of a service that has one, and somebody who stands in."""
    world.pagerduty.override("Day", "kim", NOON, NOON + dt.timedelta(hours=1))
    made = world.pagerduty.trigger("Emergencies", "x", body="All is down")
    world.pagerduty.acknowledge(made)
    return made


@pytest.mark.parametrize(
    ("path", "key", "schema"),
    [
        ("oncalls", "oncalls", "Oncall"),
        ("schedules", "schedules", "Schedule"),
        ("services", "services", "Service"),
        ("incidents", "incidents", "Incident"),
        ("users", "users", "User"),
    ],
)
@pytest.mark.usefixtures("incident")
def test_a_list_is_as_pagerduty_describes_it(pager: Pager, path: str, key: str, schema: str) -> None:
    answer = pager.get(path).json()
    assert answer[key]
    for each in answer[key]:
        assert_valid(each, schema)
    assert_valid({name: value for name, value in answer.items() if name != key}, "Pagination")


def test_on_calls_in_full_are_as_pagerduty_describes_them(pager: Pager) -> None:
    include = ["users", "schedules", "escalation_policies"]
    (shown,) = pager.get("oncalls", schedule_ids=["PDAY001"], include=include).json()["oncalls"]
    assert_valid(shown["user"], "User")
    assert_valid(shown["schedule"], "Schedule")
    assert_valid(shown["escalation_policy"], "EscalationPolicy")


@pytest.mark.usefixtures("incident")
def test_a_schedule_and_its_overrides_are_as_pagerduty_describes_them(pager: Pager) -> None:
    span = {"since": NOON.isoformat(), "until": (NOON + dt.timedelta(days=2)).isoformat()}
    assert_valid(pager.get("schedules/PDAY001", **span).json()["schedule"], "Schedule")
    (override,) = pager.get("schedules/PDAY001/overrides", **span).json()["overrides"]
    assert_valid(override, "Override")


def test_an_incident_is_as_pagerduty_describes_it(world: World, pager: Pager, incident: str) -> None:
    assert_valid(pager.get(f"incidents/{incident}").json()["incident"], "Incident")
    world.pagerduty.resolve(incident)
    assert_valid(pager.get(f"incidents/{incident}").json()["incident"], "Incident")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", "/abilities"),
        ("get", "/incidents"),
        ("post", "/incidents"),
        ("get", "/incidents/{id}"),
        ("put", "/incidents/{id}"),
        ("get", "/oncalls"),
        ("get", "/schedules"),
        ("get", "/schedules/{id}"),
        ("get", "/schedules/{id}/overrides"),
        ("post", "/schedules/{id}/overrides"),
        ("get", "/services"),
        ("get", "/users"),
        ("get", "/users/{id}"),
    ],
)
def test_each_address_is_one_of_pagerduty(world: World, pager: Pager, incident: str, method: str, path: str) -> None:
    ids = {"incidents": incident, "schedules": "PDAY001", "users": world.pagerduty.add_user("emil").id}
    assert method in described()["paths"][path]
    answer = pager.send(method, path.strip("/").format(id=ids.get(path.split("/")[1], "")), {})
    # Without what it needs a request may be refused, but its address is known.
    assert answer.status_code in (200, 400)


def test_errors_are_as_pagerduty_describes_them(pager: Pager) -> None:
    for answer in (pager.get("incidents/PNONE"), pager.send("POST", "incidents", {}), pager.get("users", limit="x")):
        assert answer.status_code >= 400
        error = described()["components"]["responses"]["Conflict"]["content"]["application/json"]["schema"]
        assert_valid_against(answer.json(), error)


@cache
def described() -> Any:
    return json.loads(SPEC.read_text(encoding="utf-8"))


def assert_valid(shown: Any, name: str) -> None:
    schema = described()["components"]["schemas"][name]
    unknown = set(shown) - known_keys(schema)
    assert not unknown, f"{name} has no {sorted(unknown)}"
    assert_valid_against(shown, schema)


def assert_valid_against(shown: Any, schema: Any) -> None:
    validator = Draft202012Validator({"components": described()["components"], **schema})
    errors = [f"{each.json_path}: {each.message[:200]}" for each in validator.iter_errors(without_nulls(shown))]
    assert errors == []


def known_keys(schema: Any) -> set[str]:
    """Every key that a schema knows, those of the schemas that it is made of among them."""
    if "$ref" in schema:
        return known_keys(resolved(schema["$ref"]))
    parts = [each for word in ("allOf", "oneOf", "anyOf") for each in schema.get(word, ())]
    return set(schema.get("properties", ())).union(*(known_keys(each) for each in parts))


def resolved(reference: str) -> Any:
    found: Any = described()
    for part in reference.removeprefix("#/").split("/"):
        part = part.replace("~1", "/").replace("~0", "~")
        found = found[int(part)] if isinstance(found, list) else found[part]
    return found


def without_nulls(value: Any) -> Any:
    """PagerDuty says null for what there is not, which its schemas seldom allow."""
    if isinstance(value, list):
        return [without_nulls(each) for each in value]
    if isinstance(value, dict):
        return {key: without_nulls(each) for key, each in value.items() if each is not None}
    return value
