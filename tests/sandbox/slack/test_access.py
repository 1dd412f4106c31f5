"""Who is let in with which scopes, and what goes wrong on demand."""

from __future__ import annotations

import pytest
import requests
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from starkeeper.sandbox.faults import dropped, server_error
from starkeeper.sandbox.slack.faults import rate_limited, refused
from starkeeper.sandbox.world import World
from tests.sandbox.slack.conftest import CHANNEL, TOKEN, as_app, error_of


def test_a_token_stands_for_its_bot(world: World, slack: WebClient) -> None:
    told = slack.auth_test()
    bot = world.slack.add_user("starkeeper")
    assert (told["user"], told["user_id"], told["bot_id"]) == ("starkeeper", bot.id, bot.bot_id)
    assert "chat:write" in told.headers["x-oauth-scopes"].split(",")


@pytest.mark.parametrize(("headers", "error"), [({}, "not_authed"), ({"Authorization": "Bearer no"}, "invalid_auth")])
def test_without_a_good_token_nothing_is_done(url: str, headers: dict[str, str], error: str) -> None:
    answer = requests.post(f"{url}/slack/api/auth.test", headers=headers, timeout=10)
    assert (answer.status_code, answer.json()) == (200, {"ok": False, "error": error})


def test_a_missing_scope_is_named(world: World, url: str) -> None:
    world.slack.add_token("xoxb-less", "starkeeper", ["users:read", "channels:read"])
    with pytest.raises(SlackApiError) as answer:
        as_app(url, "xoxb-less").chat_postMessage(channel=CHANNEL, text="x")
    told = answer.value.response
    assert (told["error"], told["needed"], told["provided"]) == (
        "missing_scope",
        "chat:write",
        "channels:read,users:read",
    )
    assert world.slack.messages(CHANNEL) == ()


def test_a_method_that_there_is_not_is_unknown(slack: WebClient) -> None:
    with pytest.raises(SlackApiError) as answer:
        slack.api_call("chat.shout")
    assert error_of(answer) == "unknown_method"


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_parameters_come_in_the_query_or_a_form(url: str, method: str) -> None:
    values = {"token": TOKEN, "channel": "C0STARS01"}
    query, form = (values, None) if method == "GET" else (None, values)
    answer = requests.request(method, f"{url}/slack/api/conversations.info", params=query, data=form, timeout=10)
    assert answer.json()["channel"]["name"] == "stars"


def test_a_body_that_is_no_json_is_refused(url: str) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
    answer = requests.post(f"{url}/slack/api/chat.postMessage", data="{", headers=headers, timeout=10)
    assert answer.json() == {"ok": False, "error": "invalid_json"}


def test_a_cursor_or_a_limit_that_is_none_is_refused(slack: WebClient) -> None:
    for name, error in (("cursor", "invalid_cursor"), ("limit", "invalid_limit")):
        with pytest.raises(SlackApiError) as answer:
            slack.api_call("users.list", params={name: "x"})
        assert error_of(answer) == error


def test_slack_can_fail_although_it_did_what_it_was_told(world: World, slack: WebClient) -> None:
    world.faults.append(refused("chat.postMessage", "internal_error", after_effect=True))
    with pytest.raises(SlackApiError) as answer:
        slack.chat_postMessage(channel=CHANNEL, text="x")
    assert error_of(answer) == "internal_error"
    assert [each.text for each in world.slack.messages(CHANNEL)] == ["x"]


def test_slack_can_ask_for_patience(world: World, slack: WebClient) -> None:
    world.faults.append(rate_limited("conversations.history", retry_after=30))
    with pytest.raises(SlackApiError) as answer:
        slack.conversations_history(channel="C0STARS01")
    assert (answer.value.response.status_code, answer.value.response.headers["Retry-After"]) == (429, "30")
    assert slack.conversations_history(channel="C0STARS01")["ok"]


def test_a_server_error_after_the_effect_hides_what_was_posted(world: World, url: str) -> None:
    world.faults.append(server_error("POST", "/slack/api/chat.postMessage", after_effect=True))
    values = {"token": TOKEN, "channel": CHANNEL, "text": "x"}
    answer = requests.post(f"{url}/slack/api/chat.postMessage", data=values, timeout=10)
    assert answer.status_code == 500
    assert len(world.slack.messages(CHANNEL)) == 1


def test_a_dropped_connection_makes_the_usual_client_post_twice(world: World, slack: WebClient) -> None:
    world.faults.append(dropped("POST", "chat.postMessage"))
    slack.chat_postMessage(channel=CHANNEL, text="x")
    assert [each.text for each in world.slack.messages(CHANNEL)] == ["x", "x"]
    assert [each.status for each in world.requests] == [0, 200]


def test_a_call_is_kept_among_the_requests_and_never_its_token(world: World, slack: WebClient) -> None:
    slack.auth_test()
    (told,) = world.requests
    assert (told.method, told.path, told.status) == ("POST", "/slack/api/auth.test", 200)
    assert TOKEN not in f"{told.path}{told.query}"
