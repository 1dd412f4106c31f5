"""What goes wrong on the way to PagerDuty: asked again, given up, and said without showing the key."""

from __future__ import annotations

import socket
from collections.abc import Callable

import pytest

from starkeeper.connectors.pagerduty import PagerDuty
from starkeeper.errors import ConnectorError
from starkeeper.model.resources import Place
from starkeeper.sandbox.faults import Fault, dropped, html_page, server_error
from starkeeper.sandbox.world import World
from tests.connectors.conftest import Answer, Clock, Scripted
from tests.connectors.pagerduty.conftest import KEY

MANAGERS, BACKUP = Place("rotations", "managers"), Place("rotations", "backup")
LIMIT = '{"error":{"message":"Rate Limit Exceeded","code":2020}}'


def _limit(header: str, seconds: str, times: int = 1) -> Fault:
    return Fault("GET", "/oncalls", times=times, status=429, body=LIMIT, headers={header: seconds})


def _error(pagerduty: PagerDuty) -> ConnectorError:
    """The one error that all rotations failed with."""
    reading = pagerduty.read_facet("duties", [MANAGERS, BACKUP])
    assert reading.found == {}
    (error,) = {id(each): each for each in reading.failed.values()}.values()
    assert set(reading.failed) == {MANAGERS, BACKUP}
    assert KEY not in str(error)
    return error


@pytest.mark.parametrize("fault", [server_error("GET", "/oncalls", times=2), dropped("GET", "/oncalls", times=2)])
def test_passing_trouble_is_tried_again(world: World, pagerduty: PagerDuty, fault: Fault) -> None:
    world.faults.append(fault)
    assert set(pagerduty.read_facet("duties", [MANAGERS, BACKUP]).found) == {MANAGERS, BACKUP}
    assert pagerduty.requests["pagerduty on-calls"] == 3


@pytest.mark.parametrize(("header", "seconds"), [("ratelimit-reset", 7), ("Retry-After", 3)])
def test_limit_is_waited_for_as_long_as_pagerduty_says(
    world: World, pagerduty: PagerDuty, clock: Clock, header: str, seconds: int
) -> None:
    world.faults.append(_limit(header, str(seconds)))
    assert BACKUP in pagerduty.read_facet("duties", [BACKUP]).found
    assert seconds < sum(clock.waits) <= seconds + 1


def test_limit_that_lasts_is_an_error_in_words(world: World, pagerduty: PagerDuty) -> None:
    world.faults.append(_limit("ratelimit-reset", "1", times=3))
    error = _error(pagerduty)
    assert str(error) == (
        "PagerDuty: reading who is on call: answered 429 (Rate Limit Exceeded); run again in a minute"
    )


def test_longer_wait_than_pagerduty_has_is_not_begun(world: World, pagerduty: PagerDuty, clock: Clock) -> None:
    world.faults.append(_limit("Retry-After", "601"))
    assert str(_error(pagerduty)).endswith("run again in 11 minutes")
    assert clock.waits == []


def test_pagerduty_that_is_down_is_told_after_a_few_seconds(world: World, pagerduty: PagerDuty, clock: Clock) -> None:
    world.faults.append(server_error("GET", "/pagerduty/", times=99))
    error = _error(pagerduty)
    assert error.status == 500
    assert "PagerDuty has trouble of its own; run again later" in str(error)
    assert sum(clock.waits) < 5
    assert sum(pagerduty.requests.values()) == 3


def test_error_on_the_second_page_fails_all_rotations(world: World, pagerduty: PagerDuty) -> None:
    for hour in range(120):
        world.pagerduty.add_policy(f"Policy {hour}", [["Backup"]])
    world.faults.append(Fault("GET", "/oncalls", times=3, status=500, skip=1))
    assert _error(pagerduty).status == 500


def test_refused_key_is_told_by_its_variable(connect: Callable[..., PagerDuty], url: str) -> None:
    error = _error(connect(url, "another-key"))
    assert error.status == 401
    assert "the key in PAGERDUTY_API_KEY is not accepted" in str(error)
    assert "another-key" not in str(error)


@pytest.mark.parametrize("key", ["with\nnewline", "ключ"])
def test_key_that_cannot_be_sent_is_told_and_not_shown(connect: Callable[..., PagerDuty], url: str, key: str) -> None:
    error = _error(connect(url, key))
    assert "PAGERDUTY_API_KEY for stray characters" in str(error)
    assert key not in str(error)


def test_nobody_at_the_address_is_told(connect: Callable[..., PagerDuty]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        error = _error(connect(f"http://127.0.0.1:{taken.getsockname()[1]}"))
    assert error.status is None
    assert "no connection" in str(error)


def test_web_page_in_the_place_of_an_answer_is_told(world: World, pagerduty: PagerDuty) -> None:
    world.faults.append(html_page("GET", "/oncalls"))
    assert "is PAGERDUTY_API_URL the address of PagerDuty's API?" in str(_error(pagerduty))


def test_answer_of_another_shape_is_told_without_its_words(
    scripted: Scripted, connect: Callable[..., PagerDuty]
) -> None:
    scripted.says(Answer({"schedules": [{"id": "PXXXXX1", "name": {"secret": "Acme"}}], "more": False}))
    error = _error(connect(scripted.url))
    assert "the answer is not what PagerDuty documents" in str(error)
    assert "Acme" not in str(error)


def test_page_that_does_not_say_whether_more_comes_is_no_answer(
    scripted: Scripted, connect: Callable[..., PagerDuty]
) -> None:
    scripted.says(Answer({"schedules": []}))
    assert "the answer is not what PagerDuty documents" in str(_error(connect(scripted.url)))


def test_empty_page_with_more_to_come_ends_in_an_error(scripted: Scripted, connect: Callable[..., PagerDuty]) -> None:
    scripted.says(Answer({"schedules": [], "more": True}))
    assert "a page is empty though more should come" in str(_error(connect(scripted.url)))


def test_key_is_not_carried_to_where_a_redirect_points(scripted: Scripted, connect: Callable[..., PagerDuty]) -> None:
    scripted.says(Answer("", 302, {"Location": f"{scripted.url}/elsewhere"}))
    assert _error(connect(scripted.url)).status == 302
    assert {each.path for each in scripted.asked} == {"/schedules"}
