"""What an app writes: what Slack takes, keeps and refuses."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import requests
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from starkeeper.sandbox.world import World
from tests.sandbox.conftest import NOON
from tests.sandbox.slack.conftest import CHANNEL, TOKEN, error_of, section

MARK = {"event_type": "announced", "event_payload": {"issue": "support/star#7"}}


@pytest.mark.parametrize("name", ["C0STARS01", "#stars", "stars"])
def test_a_message_is_posted_to_a_channel_by_its_id_or_its_name(world: World, slack: WebClient, name: str) -> None:
    answer = slack.chat_postMessage(channel=name, text="A new STAR", unfurl_links=False)
    (posted,) = world.slack.messages(CHANNEL)
    assert (answer["channel"], answer["ts"], answer["message"]["text"]) == ("C0STARS01", posted.ts, "A new STAR")
    assert world.slack.users[posted.user].name == "starkeeper"
    assert posted.bot_id == answer["message"]["bot_id"]


def test_messages_of_the_same_time_stand_in_the_order_they_came(world: World, slack: WebClient) -> None:
    stamps = [slack.chat_postMessage(channel=CHANNEL, text=text)["ts"] for text in ("one", "two", "three")]
    assert stamps == sorted(set(stamps))
    assert float(stamps[0]) == pytest.approx(NOON.timestamp(), abs=0.01)
    assert [each.text for each in world.slack.messages(CHANNEL)] == ["one", "two", "three"]


def test_a_reply_stands_in_its_thread_also_when_it_answers_a_reply(world: World, slack: WebClient) -> None:
    asked = world.slack.post(CHANNEL, "emil", "Who takes it?")
    first = slack.chat_postMessage(channel=CHANNEL, text="Kim does", thread_ts=asked)
    slack.chat_postMessage(channel=CHANNEL, text="and Ade", thread_ts=first["ts"])
    assert [each.text for each in world.slack.thread(CHANNEL, asked)] == ["Who takes it?", "Kim does", "and Ade"]
    assert [each.text for each in world.slack.messages(CHANNEL)] == ["Who takes it?"]


def test_blocks_come_back_with_what_slack_adds_to_them(slack: WebClient) -> None:
    slack.chat_postMessage(channel=CHANNEL, text="fallback", blocks=[section("*STAR*"), {"type": "divider"}])
    (message,) = slack.conversations_history(channel="C0STARS01")["messages"]
    shown = message["blocks"]
    assert shown[0]["text"] == {"type": "mrkdwn", "text": "*STAR*", "verbatim": False}
    assert [each["type"] for each in shown] == ["section", "divider"]
    assert len({each["block_id"] for each in shown}) == 2


@pytest.mark.parametrize(
    ("blocks", "error", "about"),
    [
        ([{"type": "divider"}] * 51, "invalid_blocks", "no more than 50 items allowed [json-pointer:/blocks]"),
        (
            [{"type": "divider"}, section("x" * 3001)],
            "invalid_blocks",
            "must be less than 3001 characters [json-pointer:/blocks/1/text/text]",
        ),
        ([section("")], "invalid_blocks", "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
        ([{"type": "banner"}], "invalid_blocks", "unsupported type: banner [json-pointer:/blocks/0/type]"),
        (
            [{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}],
            "invalid_blocks",
            "must be a text object of type plain_text [json-pointer:/blocks/0/text]",
        ),
        ([section("x" * 2900)] * 5, "msg_blocks_too_long", ""),
        ({"type": "divider"}, "invalid_blocks_format", ""),
    ],
)
def test_blocks_beyond_slacks_limits_are_refused_and_nothing_is_posted(
    world: World, slack: WebClient, blocks: Any, error: str, about: str
) -> None:
    with pytest.raises(SlackApiError) as refused:
        slack.chat_postMessage(channel=CHANNEL, text="x", blocks=blocks)
    assert error_of(refused) == error
    assert refused.value.response.get("errors", [""]) == [about]
    assert world.slack.messages(CHANNEL) == ()


def test_blocks_at_slacks_limits_are_taken(world: World, slack: WebClient) -> None:
    slack.chat_postMessage(channel=CHANNEL, text="x", blocks=[section("x" * 3000)] * 4)
    slack.chat_postMessage(channel=CHANNEL, text="x", blocks=[{"type": "divider"}] * 50)
    assert [len(each.blocks) for each in world.slack.messages(CHANNEL)] == [4, 50]


@pytest.mark.parametrize(
    ("name", "error"),
    [("nowhere", "channel_not_found"), ("elsewhere", "not_in_channel"), ("secret", "channel_not_found")],
)
def test_a_bot_posts_only_where_it_is(slack: WebClient, name: str, error: str) -> None:
    with pytest.raises(SlackApiError) as refused:
        slack.chat_postMessage(channel=name, text="x")
    assert error_of(refused) == error


def test_nothing_is_posted_to_an_archived_channel(world: World, slack: WebClient) -> None:
    world.slack.archive(CHANNEL)
    with pytest.raises(SlackApiError) as refused:
        slack.chat_postMessage(channel=CHANNEL, text="x")
    assert error_of(refused) == "is_archived"


def test_a_message_without_words_is_refused(url: str) -> None:
    answer = requests.post(
        f"{url}/slack/api/chat.postMessage",
        data={"channel": CHANNEL, "text": " "},
        headers={"Authorization": f"Bearer {TOKEN}"},
        timeout=10,
    )
    assert (answer.status_code, answer.json()) == (200, {"ok": False, "error": "no_text"})


def test_a_text_that_is_too_long_is_cut_off(world: World, slack: WebClient) -> None:
    answer = slack.chat_postMessage(channel=CHANNEL, text="x" * 40_001)
    assert len(world.slack.messages(CHANNEL)[0].text) == 40_000
    assert answer["response_metadata"]["warnings"] == ["message_truncated"]


def test_metadata_are_told_in_full_to_whoever_asks_for_all_of_them(slack: WebClient) -> None:
    slack.chat_postMessage(channel=CHANNEL, text="x", metadata=MARK)
    (plain,) = slack.conversations_history(channel="C0STARS01")["messages"]
    (whole,) = slack.conversations_history(channel="C0STARS01", include_all_metadata=True)["messages"]
    assert (plain["metadata"], whole["metadata"]) == ({"event_type": "announced"}, MARK)


def test_metadata_of_a_wrong_shape_are_refused(world: World, slack: WebClient) -> None:
    with pytest.raises(SlackApiError) as refused:
        slack.chat_postMessage(channel=CHANNEL, text="x", metadata={"event_type": "announced"})
    assert error_of(refused) == "invalid_metadata_format"
    assert world.slack.messages(CHANNEL) == ()


def test_an_own_message_is_changed_and_keeps_its_metadata(world: World, slack: WebClient) -> None:
    ts = slack.chat_postMessage(channel=CHANNEL, text="old", blocks=[section("old")], metadata=MARK)["ts"]
    answer = slack.chat_update(channel="C0STARS01", ts=ts, text="new", blocks=[section("new")])
    (message,) = world.slack.messages(CHANNEL)
    assert (message.text, message.blocks[0]["text"]["text"], message.metadata) == ("new", "new", MARK)
    assert (answer["ts"], answer["text"]) == (ts, "new")
    assert message.edited is None


def test_a_new_text_alone_takes_the_blocks_away_and_marks_the_message_as_edited(world: World, slack: WebClient) -> None:
    ts = slack.chat_postMessage(channel=CHANNEL, text="old", blocks=[section("old")])["ts"]
    world.at(NOON + dt.timedelta(minutes=5))
    slack.chat_update(channel="C0STARS01", ts=ts, text="new")
    (message,) = slack.conversations_history(channel="C0STARS01")["messages"]
    assert (message["text"], "blocks" in message) == ("new", False)
    assert float(message["edited"]["ts"]) == pytest.approx((NOON + dt.timedelta(minutes=5)).timestamp(), abs=0.01)


def test_a_message_of_somebody_else_cannot_be_changed(world: World, slack: WebClient) -> None:
    ts = world.slack.post(CHANNEL, "emil", "mine")
    for wanted, error in ((ts, "cant_update_message"), ("1.000100", "message_not_found")):
        with pytest.raises(SlackApiError) as refused:
            slack.chat_update(channel="C0STARS01", ts=wanted, text="yours")
        assert error_of(refused) == error
    assert world.slack.messages(CHANNEL)[0].text == "mine"


def test_a_channel_is_changed_by_its_id_only(slack: WebClient) -> None:
    ts = slack.chat_postMessage(channel=CHANNEL, text="x")["ts"]
    with pytest.raises(SlackApiError) as refused:
        slack.chat_update(channel=CHANNEL, ts=ts, text="y")
    assert error_of(refused) == "channel_not_found"


def test_a_message_has_an_address_of_its_own(world: World, slack: WebClient, url: str) -> None:
    asked = world.slack.post(CHANNEL, "emil", "a")
    reply = world.slack.post(CHANNEL, "amber", "b", asked)
    links = [slack.chat_getPermalink(channel="C0STARS01", message_ts=ts)["permalink"] for ts in (asked, reply)]
    place = f"{url}/slack/archives/C0STARS01"
    assert links == [
        f"{place}/p{asked.replace('.', '')}",
        f"{place}/p{reply.replace('.', '')}?thread_ts={asked}&cid=C0STARS01",
    ]


def test_a_channel_takes_so_many_messages_a_second(world: World, slack: WebClient) -> None:
    world.slack.posts_per_second = 1
    slack.chat_postMessage(channel=CHANNEL, text="one")
    with pytest.raises(SlackApiError) as refused:
        slack.chat_postMessage(channel=CHANNEL, text="two")
    assert (refused.value.response.status_code, error_of(refused)) == (429, "ratelimited")
    assert refused.value.response.headers["Retry-After"] == "1"
    world.at(NOON + dt.timedelta(seconds=1))
    slack.chat_postMessage(channel=CHANNEL, text="two")
    assert [each.text for each in world.slack.messages(CHANNEL)] == ["one", "two"]
