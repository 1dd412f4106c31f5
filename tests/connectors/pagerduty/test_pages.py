"""Incidents of the services that the desk names."""

from __future__ import annotations

import datetime as dt

from starkeeper.connectors.pagerduty import PagerDuty
from starkeeper.model.resources import Page, Place
from starkeeper.sandbox.world import World
from tests.connectors.pagerduty.conftest import NOW

EMERGENCIES, OTHER = Place("services", "emergencies"), Place("services", "other")


def _ago(**time: int) -> dt.datetime:
    return NOW - dt.timedelta(**time)


def _pages(pagerduty: PagerDuty, place: Place = EMERGENCIES) -> list[tuple[str, str]]:
    reading = pagerduty.read_facet("pages", [place])
    return [(each.title, each.status) for each in reading.found[place]]


def test_pages_are_what_is_not_resolved_and_what_came_within_a_day(world: World, pagerduty: PagerDuty) -> None:
    account = world.pagerduty
    account.trigger("Customer Emergencies", "Old and open", at=_ago(days=60))
    resolved = account.trigger("Customer Emergencies", "Old and over", at=_ago(days=2))
    account.resolve(resolved)
    recent = account.trigger("Customer Emergencies", "Of today and over", at=_ago(hours=3))
    account.resolve(recent)
    account.acknowledge(account.trigger("Customer Emergencies", "New", at=_ago(minutes=5)), "PUAMBER")
    assert _pages(pagerduty) == [
        ("Old and open", "triggered"),
        ("Of today and over", "resolved"),
        ("New", "acknowledged"),
    ]


def test_a_page_tells_who_has_it_by_their_names_in_gitlab_or_else_in_pagerduty(
    world: World, pagerduty: PagerDuty
) -> None:
    incident = world.pagerduty.trigger("Other", "Emergency <!channel>", at=_ago(minutes=18))
    world.pagerduty.acknowledge(incident, "PULEE01")
    (page,) = pagerduty.read_facet("pages", [OTHER]).found[OTHER]
    shown = world.pagerduty.incident(incident)
    assert page == Page(
        number=shown.number,
        title="Emergency <!channel>",
        status="acknowledged",
        created_at=_ago(minutes=18),
        people=("Lee[2J Okafor", "amber"),
        web_url=page.web_url,
    )
    assert page.web_url.endswith(incident)


def test_each_service_has_its_own_pages_and_all_cost_two_requests(world: World, pagerduty: PagerDuty) -> None:
    world.pagerduty.trigger("Customer Emergencies", "Ours")
    world.pagerduty.trigger("Other", "Theirs")
    reading = pagerduty.read_facet("pages", [EMERGENCIES, OTHER])
    assert {place: [each.title for each in pages] for place, pages in reading.found.items()} == {
        EMERGENCIES: ["Ours"],
        OTHER: ["Theirs"],
    }
    assert pagerduty.requests == {"pagerduty services": 1, "pagerduty incidents": 2}
