"""What an app reads: channels, histories, threads, reactions, people."""

from __future__ import annotations

import datetime as dt

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from starkeeper.sandbox.world import World
from tests.sandbox.conftest import NOON
from tests.sandbox.slack.conftest import CHANNEL, as_app, error_of, texts

ID = "C0STARS01"


def test_a_history_comes_newest_first_in_pages_until_there_are_no_more(world: World, slack: WebClient) -> None:
    for number in range(5):
        world.slack.post(CHANNEL, "emil", str(number))
    pages = [(texts(each), each["has_more"]) for each in slack.conversations_history(channel=ID, limit=2)]
    assert pages == [(["4", "3"], True), (["2", "1"], True), (["0"], False)]


def test_a_history_is_asked_for_between_two_times(world: World, slack: WebClient) -> None:
    stamps = [
        world.slack.post(CHANNEL, "emil", str(number), at=NOON + dt.timedelta(minutes=number)) for number in range(4)
    ]
    between = slack.conversations_history(channel=ID, oldest=stamps[0], latest=stamps[3])
    including = slack.conversations_history(channel=ID, oldest=stamps[0], latest=stamps[3], inclusive=True)
    one = slack.conversations_history(channel=ID, oldest=stamps[2], inclusive=True, limit=1, latest=stamps[2])
    assert [texts(each) for each in (between, including, one)] == [["2", "1"], ["3", "2", "1", "0"], ["2"]]


def test_a_history_shows_threads_by_their_first_messages_only(world: World, slack: WebClient) -> None:
    asked = world.slack.post(CHANNEL, "emil", "asked")
    people = ["amber", "kim", "ann", "bea", "cy", "amber", "dot"]
    replies = [world.slack.post(CHANNEL, each, each, asked) for each in people]
    (shown,) = slack.conversations_history(channel=ID)["messages"]
    ids = [world.slack.add_user(each).id for each in dict.fromkeys(people)]
    assert shown["text"] == "asked"
    assert (shown["thread_ts"], shown["reply_count"], shown["latest_reply"]) == (asked, 7, replies[-1])
    assert (shown["reply_users"], shown["reply_users_count"]) == (ids[:5], 6)


def test_a_thread_comes_oldest_first_with_its_first_message(world: World, slack: WebClient) -> None:
    asked = world.slack.post(CHANNEL, "emil", "asked")
    replies = [world.slack.post(CHANNEL, "amber", str(number), asked) for number in range(4)]
    pages = [texts(each) for each in slack.conversations_replies(channel=ID, ts=asked, limit=3)]
    later = slack.conversations_replies(channel=ID, ts=asked, oldest=replies[2])
    assert pages == [["asked", "0", "1"], ["2", "3"]]
    assert texts(later) == ["asked", "3"]
    assert {each["thread_ts"] for each in later["messages"]} == {asked}
    with pytest.raises(SlackApiError) as refused:
        slack.conversations_replies(channel=ID, ts="1.000100")
    assert error_of(refused) == "thread_not_found"


def test_people_answer_into_a_thread_that_there_is(world: World) -> None:
    asked = world.slack.post(CHANNEL, "emil", "asked")
    reply = world.slack.post(CHANNEL, "kim", "reply", asked)
    world.slack.post(CHANNEL, "amber", "to the reply", reply)
    assert [each.text for each in world.slack.thread(CHANNEL, asked)] == ["asked", "reply", "to the reply"]
    with pytest.raises(KeyError):
        world.slack.post(CHANNEL, "amber", "to nobody", "1.000100")


def test_a_list_tells_how_many_reacted_but_not_all_of_who(world: World, slack: WebClient) -> None:
    ts = world.slack.post(CHANNEL, "emil", "x")
    world.slack.history_limit_reactions = 2
    for name in ("amber", "kim", "emil"):
        world.slack.react(CHANNEL, ts, name, "eyes")
    ids = [world.slack.add_user(each).id for each in ("amber", "kim", "emil")]
    listed = slack.conversations_history(channel=ID)["messages"][0]["reactions"]
    full = slack.reactions_get(channel=ID, timestamp=ts, full=True)["message"]["reactions"]
    assert listed == [{"name": "eyes", "users": ids[:2], "count": 3}]
    assert full == [{"name": "eyes", "users": ids, "count": 3}]


def test_a_reaction_that_is_taken_off_is_gone(world: World, slack: WebClient) -> None:
    ts = world.slack.post(CHANNEL, "emil", "x")
    for name in ("amber", "amber", "kim"):
        world.slack.react(CHANNEL, ts, name, "eyes")
    world.slack.unreact(CHANNEL, ts, "amber", "eyes")
    assert world.slack.reactions(CHANNEL, ts) == {"eyes": ["kim"]}
    world.slack.unreact(CHANNEL, ts, "kim", "eyes")
    assert "reactions" not in slack.reactions_get(channel=ID, timestamp=ts)["message"]


def test_an_app_reacts_once_with_an_emoji_that_there_is(world: World, slack: WebClient) -> None:
    ts = world.slack.post(CHANNEL, "emil", "x")
    slack.reactions_add(channel=ID, timestamp=ts, name="green-check-mark")
    for name, error in (("green-check-mark", "already_reacted"), ("no-such-emoji", "invalid_name")):
        with pytest.raises(SlackApiError) as refused:
            slack.reactions_add(channel=ID, timestamp=ts, name=name)
        assert error_of(refused) == error
    assert world.slack.reactions(CHANNEL, ts) == {"green-check-mark": ["starkeeper"]}
    assert "green-check-mark" in slack.emoji_list()["emoji"]


def test_a_message_that_is_not_there_has_no_reactions(slack: WebClient) -> None:
    for refused_call in (slack.reactions_get, lambda **more: slack.reactions_add(name="eyes", **more)):
        with pytest.raises(SlackApiError) as refused:
            refused_call(channel=ID, timestamp="1.000100")
        assert error_of(refused) == "message_not_found"


def test_channels_are_listed_in_pages_without_private_ones_of_others(world: World, slack: WebClient) -> None:
    world.slack.add_channel("ours", ["starkeeper"], is_private=True)
    world.slack.add_channel("gone")
    world.slack.archive("gone")
    pages = [
        {each["name"]: each["is_member"] for each in page["channels"]}
        for page in slack.conversations_list(limit=2, types="public_channel,private_channel", exclude_archived=True)
    ]
    assert pages == [{"ours": True, "elsewhere": False}, {"stars": True}]
    assert {each["name"] for each in slack.conversations_list()["channels"]} == {"stars", "elsewhere", "gone"}


def test_an_app_reads_a_channel_once_it_has_joined(world: World, slack: WebClient) -> None:
    world.slack.post("elsewhere", "emil", "hello")
    assert slack.conversations_info(channel="C0OTHER01")["channel"]["is_member"] is False
    with pytest.raises(SlackApiError) as refused:
        slack.conversations_history(channel="C0OTHER01")
    assert error_of(refused) == "not_in_channel"
    assert slack.conversations_join(channel="C0OTHER01")["channel"]["is_member"] is True
    joined, said = slack.conversations_history(channel="C0OTHER01")["messages"]
    assert (joined["subtype"], said["text"]) == ("channel_join", "hello")


def test_people_are_found_by_id_and_by_address(world: World, slack: WebClient) -> None:
    emil = world.slack.add_user("emil")
    assert slack.users_info(user=emil.id)["user"]["name"] == "emil"
    assert slack.users_lookupByEmail(email="EMIL@example.com")["user"]["id"] == emil.id
    world.slack.add_user("left", deleted=True)
    for email in ("nobody@example.com", "left@example.com"):
        with pytest.raises(SlackApiError) as refused:
            slack.users_lookupByEmail(email=email)
        assert error_of(refused) == "users_not_found"


def test_everybody_is_listed_in_pages_bots_and_those_who_left_too(world: World, slack: WebClient) -> None:
    world.slack.add_user("left", deleted=True)
    people = [each for page in slack.users_list(limit=2) for each in page["members"]]
    assert {each["name"] for each in people} == {"starkeeper", "emil", "amber", "kim", "left"}
    assert {each["name"] for each in people if each["is_bot"]} == {"starkeeper"}
    assert {each["name"] for each in people if each["deleted"]} == {"left"}


def test_addresses_are_shown_to_apps_that_may_read_them(world: World, url: str) -> None:
    world.slack.add_token("xoxb-less", "other", ["users:read"])
    emil = world.slack.add_user("emil").id
    profiles = [
        as_app(url, token).users_info(user=emil)["user"]["profile"].get("email") for token in ("xoxb-test", "xoxb-less")
    ]
    assert profiles == ["emil@example.com", None]
