"""Faults on demand: what goes wrong, how often, and what takes effect all the same."""

from __future__ import annotations

import datetime as dt

import gitlab
import pytest
import requests

from starkeeper.sandbox.faults import Fault, cut_list, dropped, html_page, server_error, too_many_requests
from starkeeper.sandbox.world import World
from tests.sandbox.conftest import NOON, STAR

NOTES = "/api/v4/projects/1/issues/1/notes"


@pytest.fixture(autouse=True)
def _issue(world: World) -> None:
    world.open_issue(STAR)


def test_an_error_before_the_effect_changes_nothing(world: World, http: requests.Session, url: str) -> None:
    world.faults.append(server_error("POST", "/notes$"))
    assert http.post(url + NOTES, json={"body": "x"}).status_code == 500
    assert world.notes(STAR, 1) == ()
    assert http.post(url + NOTES, json={"body": "x"}).status_code == 201


def test_an_error_after_the_effect_hides_what_was_done(world: World, http: requests.Session, url: str) -> None:
    world.faults.append(server_error("POST", "/notes$", after_effect=True, status=502))
    assert http.post(url + NOTES, json={"body": "x"}).status_code == 502
    assert [each.body for each in world.notes(STAR, 1)] == ["x"]


def test_a_connection_can_be_dropped_after_the_effect(world: World, http: requests.Session, url: str) -> None:
    world.faults.append(dropped("POST", "/notes$"))
    with pytest.raises(requests.ConnectionError):
        http.post(url + NOTES, json={"body": "x"})
    assert [each.body for each in world.notes(STAR, 1)] == ["x"]
    assert world.requests[-1].status == 0
    assert http.get(url + NOTES).status_code == 200


@pytest.mark.parametrize(
    ("form", "body"),
    [
        ("plain", "Retry later\n"),
        ("older", '{"message":{"error":"This endpoint has been requested too many times. Try again later."}}'),
        ("newer", '{"message":"This endpoint has been requested too many times. Try again later."}'),
    ],
)
def test_too_many_requests_are_refused_in_each_form(
    world: World, http: requests.Session, url: str, form: str, body: str
) -> None:
    world.faults.append(too_many_requests("*", "/issues", retry_after=7, times=2, form=form))
    answers = [http.get(f"{url}/api/v4/projects/1/issues") for _ in range(3)]
    assert [each.status_code for each in answers] == [429, 429, 200]
    assert (answers[0].headers["Retry-After"], answers[0].text) == ("7", body)


def test_the_client_waits_as_it_is_told_and_goes_on(
    world: World, client: gitlab.Gitlab, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []
    monkeypatch.setattr("time.sleep", waits.append)
    world.faults.append(too_many_requests("GET", "/issues/1$", retry_after=30))
    assert client.projects.get(STAR, lazy=True).issues.get(1).iid == 1
    assert waits == [30]


def test_a_web_page_can_come_where_json_was_expected(world: World, client: gitlab.Gitlab) -> None:
    world.faults.append(html_page("GET", "/issues/1$"))
    with pytest.raises(gitlab.GitlabParsingError):
        client.projects.get(STAR, lazy=True).issues.get(1)


def test_a_list_can_end_early_while_its_headers_promise_more(world: World, http: requests.Session, url: str) -> None:
    for _ in range(4):
        world.open_issue(STAR)
    world.faults.append(cut_list("GET", "/issues$", rows=2, total=9))
    answer = http.get(f"{url}/api/v4/projects/1/issues")
    assert (len(answer.json()), answer.headers["X-Total"]) == (2, "9")


def test_a_fault_can_let_some_requests_pass_first(world: World, http: requests.Session, url: str) -> None:
    world.faults.append(Fault("GET", "/user$", skip=1, status=503))
    assert [http.get(f"{url}/api/v4/user").status_code for _ in range(3)] == [200, 503, 200]


def test_every_answer_tells_what_is_left_of_the_limit(http: requests.Session, url: str) -> None:
    headers = [http.get(f"{url}/api/v4/user").headers for _ in range(2)]
    assert [each["RateLimit-Remaining"] for each in headers] == ["1999", "1998"]
    assert headers[0]["RateLimit-Reset"] == str(int((NOON + dt.timedelta(minutes=1)).timestamp()))
    assert headers[0]["Date"] == "Mon, 30 Nov 2026 12:00:00 GMT"


def test_a_limit_of_requests_is_kept_until_the_minute_ends(world: World, http: requests.Session, url: str) -> None:
    world.requests_per_minute = 2
    answers = [http.get(f"{url}/api/v4/user") for _ in range(3)]
    assert [each.status_code for each in answers] == [200, 200, 429]
    assert (answers[2].text, answers[2].headers["Retry-After"]) == ("Retry later\n", "60")
    world.at(NOON + dt.timedelta(minutes=1))
    assert http.get(f"{url}/api/v4/user").status_code == 200
