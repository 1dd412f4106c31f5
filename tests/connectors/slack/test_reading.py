"""What is read from Slack is what people see there: whole, in order, and ours only where we wrote it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from starkeeper.model.resources import Mark, Place, Reaction, Reply, ResourceKey, SlackMessage
from starkeeper.sandbox.faults import Fault
from starkeeper.sandbox.slack import faults
from tests.connectors.slack.conftest import NOW, PLAIN, SINCE, STAR, TOKEN, Office, payload

MINUTE = dt.datetime(2026, 11, 30, 9, 0, tzinfo=dt.UTC)


def test_a_message_is_told_with_all_that_rules_ask_for(office: Office) -> None:
    slack = office.world.slack
    ts = slack.post("stars", "emil", "ZD#7 &amp; more", at=NOW - dt.timedelta(hours=1))
    later = slack.post("stars", "kim", "On it.", thread=ts, at=NOW)
    slack.react("stars", ts, "kim", "eyes")
    slack.react("stars", ts, "amber", "eyes")
    [message] = office.messages()
    at = dt.datetime(2026, 11, 30, 8, 0, 0, 100, tzinfo=dt.UTC)
    assert message == SlackMessage(
        tracker="star",
        project="star",
        name=ts,
        description="ZD#7 &amp; more",
        created_at=at,
        updated_at=at,
        web_url=message.web_url,
        user=_id(office, "emil"),
        reactions=(Reaction("eyes", (_id(office, "kim"), _id(office, "amber"))),),
        replies=1,
        replied_at=dt.datetime(2026, 11, 30, 9, 0, 0, 100, tzinfo=dt.UTC),
    )
    assert message.web_url.endswith(f"/slack/archives/C0STARS01/p{ts.replace('.', '')}")
    assert office.replies(ts) == (Reply(user=_id(office, "kim"), text="On it.", at=message.replied_at or at),)
    assert later != ts


def test_messages_come_oldest_first_over_all_pages(office: Office) -> None:
    texts = [f"message {number}" for number in range(450)]
    for number, text in enumerate(texts):
        office.world.slack.post("stars", "emil", text, at=NOW - dt.timedelta(minutes=500 - number))
    assert [each.description for each in office.messages()] == texts
    assert office.asked("conversations.history") == 3


def test_what_was_written_before_the_time_is_left_out(office: Office) -> None:
    office.world.slack.post("stars", "emil", "long ago", at=SINCE - dt.timedelta(minutes=1))
    office.world.slack.post("stars", "emil", "since then", at=SINCE + dt.timedelta(minutes=1))
    assert [each.description for each in office.messages()] == ["since then"]


def test_a_channel_of_which_a_page_is_missing_is_not_read_at_all(office: Office) -> None:
    for number in range(201):
        office.world.slack.post("stars", "emil", f"message {number}")
    office.world.slack.post("plain", "emil", "hello")
    office.world.faults.append(faults.refused("conversations.history", "invalid_cursor", times=9))
    office.world.faults[-1].skip = 2  # the page of the other channel, and the first one
    reading = office.slack.read_facet("messages", {STAR, PLAIN}, SINCE)
    assert set(reading.found) == {PLAIN}
    assert "reading channel 'star'" in str(reading.failed[STAR])


@pytest.mark.parametrize(
    "body",
    [
        '{"ok": true, "messages": [], "has_more": true}',
        '{"ok": true, "messages": [], "response_metadata": {"next_cursor": "again"}}',
        '{"ok": true}',
        '{"ok": true, "messages": [{"text": "no time stamp"}]}',
        '{"ok": true, "messages": [{"ts": "yesterday"}]}',
        "[]",
        "ok",
    ],
)
def test_an_answer_that_cannot_be_whole_is_no_empty_channel(office: Office, body: str) -> None:
    office.messages(PLAIN)
    office.world.faults.append(Fault("*", "conversations.history", times=9, status=200, body=body))
    assert "reading channel 'star': " in office.error()


def test_a_private_channel_is_found_by_its_name(office: Office) -> None:
    office.world.slack.post("plain", "emil", "hello")
    [message] = office.messages(Place("channels", "hidden"))
    assert (message.project, message.description) == ("hidden", "hello")


def test_reactions_are_whole_although_the_list_leaves_people_out(office: Office) -> None:
    slack = office.world.slack
    slack.history_limit_reactions = 2
    many, few = slack.post("stars", "starkeeper", "many"), slack.post("stars", "starkeeper", "few")
    people = ["amber", "kim", "rosa", "ivy"]
    for name in people:
        slack.react("stars", many, name, "eyes")
    slack.react("stars", few, "amber", "eyes")
    first, second = office.messages()
    assert first.reactions == (Reaction("eyes", tuple(_id(office, each) for each in people)),)
    assert second.reactions == (Reaction("eyes", (_id(office, "amber"),)),)
    assert office.asked("reactions.get") == 1


def test_of_messages_of_others_the_reactions_that_the_list_tells_are_enough(office: Office) -> None:
    slack = office.world.slack
    slack.history_limit_reactions = 2
    ts = slack.post("stars", "emil", "lunch?")
    for name in ("amber", "kim", "rosa"):
        slack.react("stars", ts, name, "eyes")
    [message] = office.messages()
    assert message.reactions == (Reaction("eyes", (_id(office, "amber"), _id(office, "kim"))),)
    assert office.asked("reactions.get") == 0


def test_a_reaction_counts_whatever_its_skin(office: Office) -> None:
    ts = office.world.slack.post("stars", "emil", "hello")
    office.world.slack.react("stars", ts, "amber", "+1")
    office.world.slack.react("stars", ts, "kim", "+1::skin-tone-5")
    [message] = office.messages()
    assert message.reactions == (Reaction("+1", (_id(office, "amber"), _id(office, "kim"))),)


def test_what_slack_says_itself_and_what_stands_in_threads_is_no_message(office: Office) -> None:
    slack = office.world.slack
    ts = slack.post("stars", "emil", "hello")
    slack.post("stars", "kim", "joined")
    slack.post("stars", "kim", "also to the channel", thread=ts)
    joined, broadcast = slack.channel("stars").messages[1:]
    joined.subtype, broadcast.subtype = "channel_join", "thread_broadcast"
    assert [each.description for each in office.messages()] == ["hello"]
    assert [each.text for each in office.replies(ts)] == ["also to the channel"]


def test_an_edited_message_says_when_and_a_bot_is_told_from_people(office: Office) -> None:
    slack = office.world.slack
    ts = slack.post("stars", "emil", "hello", at=NOW - dt.timedelta(hours=1))
    slack.edit("stars", ts, "hello again")
    slack.add_user("jira", is_bot=True)
    slack.post("stars", "jira", "a ticket", at=NOW + dt.timedelta(hours=1))
    slack.post("stars", "jira", "its state", thread=ts)
    slack.post("stars", "amber", "I see", thread=ts)
    person, bot = office.messages()
    assert {each.text: each.from_bot for each in office.replies(ts)} == {"its state": True, "I see": False}
    assert (person.description, person.updated_at.replace(microsecond=0)) == ("hello again", NOW)
    assert (person.from_bot, bot.from_bot, bot.is_own) == (False, True, False)


def test_our_own_message_carries_its_mark(office: Office) -> None:
    meta = payload(content="c0ffee", said="feed0002:htl30,3q2-7wAAAAEhtl5s")
    office.world.slack.post("stars", "starkeeper", "announced", metadata=meta)
    [message] = office.messages()
    assert message.mark == Mark(
        key="feed0001",
        about="desk/star#7",
        rule="Tell",
        role="announcement",
        content="c0ffee",
        said={"feed0002": MINUTE, "deadbeef00000001": MINUTE + dt.timedelta(minutes=100)},
    )
    assert (message.is_own, message.from_bot) == (True, True)


@pytest.mark.parametrize(
    ("by", "metadata"),
    [
        ("emil", payload()),
        ("jira", payload()),
        ("starkeeper", {"event_type": "other", "event_payload": payload()["event_payload"]}),
        ("starkeeper", payload(v=2)),
        ("starkeeper", payload(key="")),
        ("starkeeper", payload(key=["feed0001"])),
        ("starkeeper", payload(about=7)),
        ("starkeeper", payload(said={"feed0001": "now"})),
        ("starkeeper", {"event_type": "starkeeper", "event_payload": {}}),
        ("starkeeper", None),
    ],
)
def test_metadata_of_others_or_in_another_shape_says_nothing(office: Office, by: str, metadata: Any) -> None:
    ts = office.world.slack.post("stars", "emil", "hello")
    office.world.slack.post("stars", by, "not ours", metadata=metadata)
    office.world.slack.post("stars", by, "not ours", thread=ts, metadata=metadata)
    assert [each.mark for each in office.messages()] == [None, None]
    assert [each.mark for each in office.replies(ts)] == [None]


def test_garbage_in_what_was_said_is_passed_over(office: Office) -> None:
    said = "feed0002:htl30,no time:zz,:1,feed0004:zzzzzzzz,3q2-7wAAAAE,,ü"
    office.world.slack.post("stars", "starkeeper", "announced", metadata=payload(said=said))
    [message] = office.messages()
    assert message.mark is not None
    assert list(message.mark.said) == ["feed0002"]


def test_a_thread_of_many_says_that_the_bot_may_be_in_it(office: Office) -> None:
    slack = office.world.slack
    quiet, answered, busy = (slack.post("stars", "emil", each) for each in ("quiet", "answered", "busy"))
    slack.post("stars", "amber", "hm", thread=quiet)
    slack.post("stars", "starkeeper", "hm", thread=answered)
    for name in ("amber", "kim", "rosa", "ivy", "dana", "lee"):
        slack.post("stars", name, "hm", thread=busy)
    assert [each.may_be_answered for each in office.messages()] == [False, True, True]


def test_a_channel_is_read_once_in_a_run_and_again_only_further_back(office: Office) -> None:
    office.world.slack.post("stars", "emil", "long ago", at=SINCE - dt.timedelta(minutes=1))
    assert office.messages() == office.messages() == ()
    assert office.slack.requests == {"slack look-up": 2, "slack history": 1}
    reading = office.slack.read_facet("messages", {STAR}, SINCE - dt.timedelta(days=1))
    assert [each.description for each in reading.found[STAR]] == ["long ago"]


def test_one_thread_that_is_gone_does_not_stop_the_others(office: Office) -> None:
    ts = office.world.slack.post("stars", "emil", "hello")
    keys = {ResourceKey("star", 0, "slack_messages", each) for each in (ts, "1700000000.000100")}
    reading = office.slack.read_facet("replies", keys, SINCE)
    assert [each.name for each in reading.found if isinstance(each, ResourceKey)] == [ts]
    assert [str(each) for each in reading.failed.values()] == [
        "Slack: reading a thread in 'star': the message is not there any more (thread_not_found); "
        "the next sweep looks anew"
    ]


def test_names_of_channels_are_looked_up_only_where_desk_yml_has_names(office: Office) -> None:
    office.messages(PLAIN)
    assert office.asked("users.conversations") == 0
    office.messages(STAR)
    assert office.asked("users.conversations") == 1
    assert TOKEN not in "".join(each.query for each in office.world.requests)


def _id(office: Office, name: str) -> str:
    return office.world.slack.add_user(name).id
