"""Lost answers, limits and a Slack that is down: nothing is said twice, and a sweep is not held up for long."""

from __future__ import annotations

import socket
from collections.abc import Callable

import pytest

from starkeeper.errors import ConnectorError
from starkeeper.sandbox.faults import Fault, dropped, html_page, server_error
from starkeeper.sandbox.slack import faults
from tests.connectors.conftest import Clock
from tests.connectors.slack.conftest import PLAIN, POST, REPLY, SINCE, STAR, Office, like

SAYING = "chat.postMessage"
POSTING = f"/slack/api/{SAYING}$"
HISTORY = "/slack/api/conversations.history$"
LOST: dict[str, Callable[[bool], Fault]] = {
    "a server error": lambda done: server_error("*", POSTING, after_effect=done),
    "a bad gateway": lambda done: server_error("*", POSTING, after_effect=done, status=502),
    "a proxy's page": lambda done: Fault("*", POSTING, status=504, body="<html>", after_effect=done),
    "Slack's own trouble": lambda done: faults.refused(SAYING, "fatal_error", after_effect=done),
    "a connection that broke off": lambda done: dropped("*", POSTING, after_effect=done),
}


@pytest.mark.parametrize("done", [True, False])
@pytest.mark.parametrize("how", LOST)
def test_a_message_whose_answer_was_lost_stands_there_once(office: Office, how: str, done: bool) -> None:
    office.world.faults.append(LOST[how](done))
    office.slack.tell(POST)
    assert [each.text for each in office.stored()] == ["ZD#7 waits."]
    assert office.asked(SAYING) == (1 if done else 2)
    assert [each.description for each in office.messages()] == ["ZD#7 waits."]


@pytest.mark.parametrize("done", [True, False])
@pytest.mark.parametrize("how", LOST)
def test_a_reply_whose_answer_was_lost_stands_there_once_and_is_noted(office: Office, how: str, done: bool) -> None:
    office.slack.tell(POST)
    office.world.faults.append(LOST[how](done))
    office.slack.tell(REPLY)
    ts = office.stored()[0].ts
    assert [each.text for each in office.world.slack.thread("stars", ts)] == ["ZD#7 waits.", "Still waiting."]
    [message] = office.messages()
    assert message.mark is not None
    assert list(message.mark.said) == ["feed0002"]


def test_where_it_cannot_be_seen_whether_it_was_said_nothing_is_said_again(office: Office) -> None:
    office.messages()
    office.world.faults += [server_error("*", POSTING, after_effect=True), server_error("*", HISTORY, times=3)]
    office.world.faults[-1].skip = 1  # before the message is posted
    with pytest.raises(ConnectorError, match="whether it took effect could not be seen") as caught:
        office.slack.tell(POST)
    assert caught.value.lost
    assert office.asked(SAYING) == 1


def test_a_limit_is_waited_for_and_the_message_sent_again(office: Office, clock: Clock) -> None:
    office.world.faults.append(faults.rate_limited(SAYING, retry_after=30))
    office.slack.tell(POST)
    assert clock.waits[0] == 30
    assert len(office.stored()) == 1


def test_a_slack_that_asks_for_patience_is_not_down(office: Office) -> None:
    office.world.faults.append(faults.rate_limited(SAYING, retry_after=1, times=6))
    for key in ("beef0001", "beef0002"):
        with pytest.raises(ConnectorError, match="too many requests"):
            office.slack.tell(like(POST, key=key))
    office.slack.tell(POST)
    assert len(office.stored()) == 1


def test_a_limit_of_the_channel_itself_is_obeyed(office: Office) -> None:
    office.world.slack.posts_per_second = 1
    office.slack.tell(POST)
    # The clock of the world stands still.
    with pytest.raises(ConnectorError, match="too many requests"):
        office.slack.tell(REPLY)
    assert office.asked(SAYING) == 4


def test_a_long_wait_is_not_begun_and_the_error_says_until_when(office: Office, clock: Clock) -> None:
    office.world.faults.append(faults.rate_limited("conversations.history", retry_after=300))
    assert office.error() == (
        "429 Slack: reading channel 'star': too many requests: Slack asks to wait 300 seconds; run again in 5 minutes"
    )
    assert clock.waits == []


@pytest.mark.parametrize("status", [500, 503, 504])
def test_a_reading_gets_over_passing_trouble(office: Office, status: int) -> None:
    office.world.slack.post("stars", "emil", "hello")
    office.world.faults.append(server_error("*", HISTORY, times=2, status=status))
    assert [each.description for each in office.messages()] == ["hello"]


def test_a_reading_gets_over_a_connection_that_broke_off(office: Office) -> None:
    office.world.faults.append(dropped("*", HISTORY))
    assert office.messages() == ()


def test_a_slack_that_gives_no_answer_is_left_after_two_requests(office: Office, clock: Clock) -> None:
    office.world.faults.append(dropped("*", "/slack/api/", times=99))
    first = office.error()
    with pytest.raises(ConnectorError) as caught:
        office.slack.tell(POST)
    assert f"None {caught.value}" == first
    assert first == "None Slack: asking who the token stands for: the connection broke off; run again later"
    assert len(office.world.requests) == 2
    assert sum(clock.waits) < 3


def test_a_slack_in_trouble_is_left_soon(office: Office, clock: Clock) -> None:
    office.world.faults.append(server_error("*", HISTORY, times=99, status=503))
    assert "reading channel 'star': answered 503; Slack has trouble of its own" in office.error(STAR)
    last = office.error(PLAIN)
    asked, waited = len(office.world.requests), sum(clock.waits)
    assert {office.error(each) for each in (STAR, PLAIN) * 5} == {last}
    assert (len(office.world.requests), sum(clock.waits)) == (asked, waited)
    assert office.asked("conversations.history") == 6


def test_an_answer_in_between_ends_the_count(office: Office) -> None:
    office.messages()
    for number in range(5):
        office.world.faults.append(dropped("*", POSTING))
        office.slack.tell(like(POST, key=f"beef000{number}"))
    assert len(office.stored()) == 5


def test_nobody_at_the_address_is_told_in_a_line(office: Office) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}/api/"
        office.slack = office.connect(url=url)
        reading = office.slack.read_facet("messages", {STAR}, SINCE)
    assert str(reading.failed[STAR]) == (
        "Slack: asking who the token stands for: no connection; is SLACK_API_URL right, and can this machine reach it?"
    )


def test_no_answer_in_time_is_told_in_a_line(office: Office) -> None:
    # It takes connections and never answers one.
    with socket.create_server(("127.0.0.1", 0)) as mute:
        url = f"http://127.0.0.1:{mute.getsockname()[1]}/api/"
        office.slack = office.connect(url=url, timeout_seconds=0.05)
        reading = office.slack.read_facet("messages", {STAR}, SINCE)
    assert str(reading.failed[STAR]) == "Slack: asking who the token stands for: no answer in time; run again later"


def test_a_sign_in_page_in_place_of_an_answer_is_told_in_a_line(office: Office) -> None:
    office.world.faults.append(html_page("*", "/slack/api/"))
    assert office.error() == (
        "200 Slack: asking who the token stands for: answered 200 with something that is not Slack's; "
        "is SLACK_API_URL right, with no proxy or login page before it?"
    )
