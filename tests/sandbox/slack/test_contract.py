"""The sandbox's Slack against answers of the real one, and against the parameters that its description names."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import requests
from slack_sdk import WebClient

from starkeeper.sandbox.world import World
from tests.sandbox.slack.conftest import CHANNEL, TOKEN, section

SPECS = Path(__file__).resolve().parents[3].parent / "shared" / "specs" / "slack"
ID = "C0STARS01"
# The samples were cut and hold no blocks; icons differ from app to app.
NOT_IN_SAMPLES = {"blocks", "icons"}

pytestmark = pytest.mark.skipif(not SPECS.exists(), reason="recorded answers of Slack are not here")


@pytest.fixture
def posted(world: World, slack: WebClient) -> str:
    """A message of the bot with everything that a message can have, in a channel with a thread."""
    mark = {"event_type": "announced", "event_payload": {"issue": 7}}
    ts = str(slack.chat_postMessage(channel=CHANNEL, text="x", blocks=[section("x")], metadata=mark)["ts"])
    slack.chat_update(channel=ID, ts=ts, text="y")
    slack.chat_update(channel=ID, ts=ts, text="y", blocks=[section("y")])
    world.slack.react(CHANNEL, ts, "emil", "eyes")
    world.slack.post(CHANNEL, "amber", "reply", ts)
    return ts


def test_posting_and_changing_answer_as_slack_does(slack: WebClient, posted: str) -> None:
    made = slack.chat_postMessage(channel=CHANNEL, text="x", thread_ts=posted)
    assert_within(made.data, sample("chat.postMessage.pruned"))
    changed = slack.chat_update(channel=ID, ts=made["ts"], text="y")
    assert_within(changed.data, sample("chat.update.pruned"))
    assert_within(slack.chat_getPermalink(channel=ID, message_ts=posted).data, sample("chat.getPermalink"))


def test_histories_and_threads_are_shown_as_slack_shows_them(slack: WebClient, posted: str) -> None:
    for answer in (
        slack.conversations_history(channel=ID, include_all_metadata=True),
        slack.conversations_replies(channel=ID, ts=posted, include_all_metadata=True),
        slack.conversations_history(channel=ID, limit=1),
    ):
        assert_within(answer.data, sample("conversations.history.pruned"))


def test_reactions_are_shown_as_slack_shows_them(slack: WebClient, posted: str) -> None:
    # Reactions of a message with a thread tell of the thread, too, which the sample does not.
    shown = slack.reactions_get(channel=ID, timestamp=posted, full=True)
    assert_within(shown["message"]["reactions"], sample("reactions.get.pruned")["message"]["reactions"])
    assert set(shown.data) <= set(sample("reactions.get.pruned"))
    assert_within(slack.reactions_add(channel=ID, timestamp=posted, name="eyes").data, sample("reactions.add"))


def test_channels_and_people_are_shown_as_slack_shows_them(world: World, slack: WebClient) -> None:
    assert_within(slack.conversations_list().data, sample("conversations.list"))
    assert_within(slack.conversations_info(channel=ID, include_num_members=True).data, sample("conversations.info"))
    for name in ("emil", "starkeeper"):
        user = world.slack.add_user(name)
        assert_within(slack.users_info(user=user.id).data, sample("users.info"))
    assert_within(slack.users_lookupByEmail(email="emil@example.com").data, sample("users.lookupByEmail"))
    assert_within(slack.auth_test().data, sample("auth.test"))


def test_what_real_histories_held_is_held_here(world: World, slack: WebClient) -> None:
    world.slack.post(CHANNEL, "emil", "x")
    real, shown = recorded("slack_history"), slack.conversations_history(channel=ID)
    (plain, *_) = [each for each in real["messages"] if "subtype" not in each]
    assert set(plain) <= set(shown["messages"][0])
    assert {"ok", "has_more", "messages"} <= set(real) & set(shown.data)


def test_an_error_is_as_slack_recorded_it(url: str) -> None:
    values = {"token": TOKEN, "channel": "C0NOWHERE"}
    answer = requests.get(f"{url}/slack/api/conversations.info", params=values, timeout=10)
    assert answer.json() == recorded("slack_error")


METHODS = (
    "auth.test",
    "chat.getPermalink",
    "chat.postMessage",
    "chat.update",
    "conversations.history",
    "conversations.info",
    "conversations.join",
    "conversations.list",
    "conversations.replies",
    "emoji.list",
    "reactions.add",
    "reactions.get",
    "users.info",
    "users.list",
    "users.lookupByEmail",
)


@pytest.mark.parametrize("method", METHODS)
def test_a_method_works_with_the_parameters_that_slack_describes(
    world: World, url: str, posted: str, method: str
) -> None:
    (verb, described), *_ = described_methods()[f"/{method}"].items()
    values = {"channel": ID, "ts": posted, "timestamp": posted, "message_ts": posted, "text": "z", "name": "fire"}
    values |= {"user": world.slack.add_user("emil").id, "email": "emil@example.com", "token": TOKEN}
    sent = {each["name"]: values[each["name"]] for each in described["parameters"] if each["name"] in values}
    query, form = (sent, None) if verb == "get" else (None, sent)
    answer = requests.request(verb, f"{url}/slack/api/{method}", params=query, data=form, timeout=10)
    assert answer.json()["ok"], answer.json()


def sample(name: str) -> Any:
    return json.loads((SPECS / "samples" / f"{name}.json").read_text(encoding="utf-8"))


def recorded(name: str) -> Any:
    return json.loads((SPECS / "recorded" / f"{name}.json").read_text(encoding="utf-8"))


@cache
def described_methods() -> Any:
    return json.loads((SPECS / "slack_web_openapi_v2.json").read_text(encoding="utf-8"))["paths"]


def assert_within(shown: Any, real: Any, path: str = "") -> None:
    """Every key that is shown is one of Slack's, with a value of the same type."""
    assert isinstance(shown, type(real)), f"{path}: {shown!r} for {real!r}"
    if isinstance(shown, list):
        for each in shown if real else []:
            assert_within(each, real[0], f"{path}[]")
    elif isinstance(shown, dict):
        unknown = set(shown) - set(real) - NOT_IN_SAMPLES
        # The payload of metadata is the app's own.
        assert not unknown or path.endswith("event_payload"), f"{path or 'the answer'} has {sorted(unknown)}"
        for key in set(shown) & set(real) - NOT_IN_SAMPLES:
            if shown[key] is not None:
                assert_within(shown[key], real[key], f"{path}.{key}")
