"""Incidents: opening them once, who is asked, and how they end."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import requests

from starkeeper.sandbox.faults import server_error
from starkeeper.sandbox.world import World
from tests.sandbox.conftest import NOON
from tests.sandbox.pagerduty.conftest import Pager


def page_about(title: str = "Emergency", **more: Any) -> dict[str, Any]:
    service = {"id": "PSERVIC", "type": "service_reference"}
    return {"incident": {"type": "incident", "title": title, "service": service, **more}}


def titles(answer: requests.Response) -> list[str]:
    return [each["title"] for each in answer.json()["incidents"]]


def test_an_incident_asks_whoever_is_on_call(pager: Pager) -> None:
    body = {"type": "incident_body", "details": "All is down"}
    answer = pager.send("POST", "incidents", page_about(incident_key="star-7", urgency="high", body=body))
    made = answer.json()["incident"]
    assert answer.status_code == 201
    assert (made["status"], made["incident_key"], made["created_at"]) == ("triggered", "star-7", "2026-11-30T12:00:00Z")
    assert [each["assignee"]["summary"] for each in made["assignments"]] == ["emil"]
    whole = pager.get(f"incidents/{made['id']}", include=["body"]).json()["incident"]
    assert ("body" in made, whole["body"]["details"]) == (False, "All is down")


def test_a_key_opens_one_incident_at_a_time(world: World, pager: Pager) -> None:
    first = pager.send("POST", "incidents", page_about(incident_key="star-7")).json()["incident"]["id"]
    again = pager.send("POST", "incidents", page_about(incident_key="star-7"))
    assert (again.status_code, again.json()["error"]["code"]) == (400, 2001)
    assert "already exists" in again.json()["error"]["errors"][0]
    world.pagerduty.resolve(first)
    assert pager.send("POST", "incidents", page_about(incident_key="star-7")).status_code == 201
    assert len(world.pagerduty.incidents) == 2


@pytest.mark.parametrize("sender", ["", "nobody@example.com"])
def test_nobody_opens_an_incident_without_a_name(world: World, pager: Pager, sender: str) -> None:
    answer = pager.send("POST", "incidents", page_about(), sender=sender)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, 1008)
    assert world.pagerduty.incidents == {}


def test_an_incident_without_title_or_service_is_refused(pager: Pager) -> None:
    answer = pager.send("POST", "incidents", {"incident": {"type": "incident", "service": {"id": "PNONE"}}})
    assert answer.status_code == 400
    assert answer.json()["error"]["errors"] == ["Title cannot be empty.", "Service cannot be empty."]


def test_an_incident_can_be_assigned_to_people_or_to_another_policy(world: World, pager: Pager) -> None:
    kim = world.pagerduty.add_user("kim").id
    policy = world.pagerduty.add_policy("Pool", [["ade", "hana"]]).id
    direct = pager.send("POST", "incidents", page_about(assignments=[{"assignee": {"id": kim}}])).json()["incident"]
    pooled = pager.send("POST", "incidents", page_about(escalation_policy={"id": policy})).json()["incident"]
    assert [each["assignee"]["summary"] for each in direct["assignments"]] == ["kim"]
    assert [each["assignee"]["summary"] for each in pooled["assignments"]] == ["ade", "hana"]
    assert (direct["assigned_via"], pooled["assigned_via"]) == ("direct_assignment", "escalation_policy")


def test_an_incident_is_acknowledged_escalated_and_resolved(world: World, pager: Pager) -> None:
    incident = world.pagerduty.trigger("Emergencies", "x")

    def shown() -> Any:
        return pager.get(f"incidents/{incident}").json()["incident"]

    world.pagerduty.escalate(incident)
    assert (shown()["status"], shown()["assignments"][0]["assignee"]["summary"]) == ("triggered", "ivy")
    world.pagerduty.acknowledge(incident)
    assert shown()["acknowledgements"][0]["acknowledger"]["summary"] == "ivy"
    world.at(NOON + dt.timedelta(hours=1))
    world.pagerduty.resolve(incident, "ivy")
    assert (shown()["status"], shown()["resolved_at"], shown()["assignments"]) == (
        "resolved",
        "2026-11-30T13:00:00Z",
        [],
    )
    assert shown()["acknowledgements"] == []


def test_an_incident_is_acknowledged_and_resolved_by_request(world: World, pager: Pager) -> None:
    incident = world.pagerduty.trigger("Emergencies", "x")
    for status in ("acknowledged", "resolved"):
        answer = pager.send("PUT", f"incidents/{incident}", {"incident": {"type": "incident", "status": status}})
        assert (answer.status_code, answer.json()["incident"]["status"]) == (200, status)
    seen = world.pagerduty.incident(incident)
    assert [each.user.name for each in seen.acknowledgements] == ["amber"]
    again = pager.send("PUT", f"incidents/{incident}", {"incident": {"type": "incident", "status": "acknowledged"}})
    assert (again.status_code, again.json()["error"]["message"]) == (400, "Incident Already Resolved")


def test_a_resolved_incident_stays_resolved(world: World) -> None:
    incident = world.pagerduty.trigger("Emergencies", "x")
    world.pagerduty.resolve(incident)
    with pytest.raises(ValueError, match="resolved"):
        world.pagerduty.escalate(incident)
    assert world.pagerduty.incident(incident).status == "resolved"


def test_incidents_are_listed_by_what_they_are(world: World, pager: Pager) -> None:
    world.pagerduty.trigger("Emergencies", "one", urgency="low")
    world.pagerduty.acknowledge(world.pagerduty.trigger("Emergencies", "two", key="k"), "amber")
    world.pagerduty.trigger("Elsewhere", "three")
    world.pagerduty.resolve(world.pagerduty.trigger("Emergencies", "four"))
    assert titles(pager.get("incidents", statuses=["triggered", "acknowledged"])) == ["one", "two", "three"]
    assert titles(pager.get("incidents", service_ids=["PSERVIC"], sort_by="incident_number:desc")) == [
        "four",
        "two",
        "one",
    ]
    assert titles(pager.get("incidents", urgencies=["low"])) == ["one"]
    assert titles(pager.get("incidents", incident_key="k")) == ["two"]
    assert titles(pager.get("incidents", limit=1, offset=1)) == ["two"]
    assert pager.get("incidents", limit=1, offset=1).json()["more"] is True


def test_incidents_are_listed_for_a_month_unless_told_otherwise(world: World, pager: Pager) -> None:
    world.pagerduty.trigger("Emergencies", "old", at=NOON - dt.timedelta(days=40))
    world.pagerduty.trigger("Emergencies", "new")
    assert titles(pager.get("incidents")) == ["new"]
    assert titles(pager.get("incidents", date_range="all")) == ["old", "new"]
    assert titles(pager.get("incidents", since=(NOON - dt.timedelta(days=50)).isoformat())) == ["old", "new"]
    assert pager.get("incidents", since=(NOON - dt.timedelta(days=400)).isoformat()).status_code == 400


def test_a_service_tells_how_it_fares(world: World, pager: Pager) -> None:
    def status() -> str:
        (service,) = pager.get("services", query="emerg").json()["services"]
        return str(service["status"])

    assert status() == "active"
    incident = world.pagerduty.trigger("Emergencies", "x")
    assert status() == "critical"
    world.pagerduty.acknowledge(incident)
    assert status() == "warning"


def test_an_incident_may_be_opened_although_the_answer_is_an_error(world: World, pager: Pager) -> None:
    world.faults.append(server_error("POST", "/pagerduty/incidents$", after_effect=True))
    assert pager.send("POST", "incidents", page_about(incident_key="k")).status_code == 500
    assert pager.send("POST", "incidents", page_about(incident_key="k")).status_code == 400
    assert [each.incident_key for each in world.pagerduty.incidents.values()] == ["k"]
