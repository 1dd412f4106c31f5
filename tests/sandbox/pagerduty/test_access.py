"""Who is let in, how many requests a minute, and what PagerDuty says to the others."""

from __future__ import annotations

import datetime as dt

import pytest
import requests

from starkeeper.sandbox.faults import dropped
from starkeeper.sandbox.world import World
from tests.sandbox.conftest import NOON
from tests.sandbox.pagerduty.conftest import KEY, Pager


@pytest.mark.parametrize("sent", ["", "Token token=wrong", f"Bearer {KEY}", KEY])
def test_only_a_good_key_is_let_in(pager: Pager, sent: str) -> None:
    answer = requests.get(f"{pager.base}/abilities", headers={"Authorization": sent}, timeout=10)
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, 2006)
    assert "ratelimit-limit" not in answer.headers


def test_a_good_key_is_told_what_the_account_can_do(pager: Pager) -> None:
    assert "urgencies" in pager.get("abilities").json()["abilities"]


@pytest.mark.parametrize("path", ["incidents/PNONE", "schedules/PNONE", "users/PNONE", "no/such/thing"])
def test_what_is_not_there_is_not_found(pager: Pager, path: str) -> None:
    answer = pager.get(path)
    assert (answer.status_code, answer.json()) == (404, {"error": {"message": "Not Found", "code": 2100}})


def test_a_limit_of_requests_is_told_and_kept_until_the_minute_ends(world: World, pager: Pager) -> None:
    world.pagerduty.requests_per_minute = 2
    world.at(NOON + dt.timedelta(seconds=15))
    answers = [pager.get("abilities") for _ in range(3)]
    assert [each.status_code for each in answers] == [200, 200, 429]
    assert [each.headers["ratelimit-remaining"] for each in answers] == ["1", "0", "0"]
    assert (answers[2].headers["ratelimit-reset"], answers[2].headers["ratelimit-limit"]) == ("45", "2")
    assert answers[2].json()["error"]["code"] == 2020
    assert "Retry-After" not in answers[2].headers
    world.at(NOON + dt.timedelta(minutes=1))
    assert pager.get("abilities").status_code == 200


@pytest.mark.parametrize("query", [{"limit": "many"}, {"offset": "9999", "limit": "100"}])
def test_a_page_that_cannot_be_is_refused(pager: Pager, query: dict[str, str]) -> None:
    assert pager.get("users", **query).status_code == 400


def test_a_page_holds_a_hundred_rows_at_most(world: World, pager: Pager) -> None:
    for number in range(120):
        world.pagerduty.add_user(f"user {number}")
    shown = pager.get("users", limit=500).json()
    assert (len(shown["users"]), shown["limit"], shown["more"]) == (100, 100, True)


def test_a_dropped_connection_is_kept_among_the_requests(world: World, pager: Pager) -> None:
    world.faults.append(dropped("GET", "/pagerduty/oncalls"))
    with pytest.raises(requests.ConnectionError):
        pager.get("oncalls")
    assert pager.get("oncalls").status_code == 200
    assert [(each.path, each.status) for each in world.requests] == [
        ("/pagerduty/oncalls", 0),
        ("/pagerduty/oncalls", 200),
    ]
