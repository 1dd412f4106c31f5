"""What a step says stands in Slack as it was meant, is found again by later sweeps, and tells nobody by accident."""

from __future__ import annotations

import datetime as dt

import pytest

from starkeeper.model.facts import Facts
from starkeeper.model.resources import Reaction
from starkeeper.sandbox.slack import faults
from tests.connectors.conftest import Clock
from tests.connectors.slack.conftest import NOW, POST, REPLY, SINCE, STAR, Office, like

UPDATE = like(POST, does="update", text="ZD#7 is taken.")
REACT = like(REPLY, does="react", text="eyes", key="")


def test_a_post_is_read_back_by_a_later_run_with_its_mark(office: Office) -> None:
    office.slack.tell(POST)
    office.slack = office.connect()
    [message] = office.messages()
    assert message.mark is not None
    assert (message.description, message.is_own) == ("ZD#7 waits.", True)
    assert (message.mark.key, message.mark.about, message.mark.role) == ("feed0001", "desk/star#7", "announcement")


def test_a_later_run_finds_the_announcement_and_all_that_was_said_below_it(office: Office) -> None:
    office.slack.tell(POST)
    office.slack.tell(REPLY)
    office.slack = office.connect()
    [message] = office.messages()
    facts = Facts(now=NOW, bot="", resources=(), read={"messages": {STAR: (message,)}})
    assert facts.own_message("star", "desk/star#7", "announcement") == message
    said_at = NOW.replace(microsecond=0)
    assert facts.said_in_slack("star", "desk/star#7") == {"feed0001": message.created_at, "feed0002": said_at}
    assert office.asked("conversations.replies") == 1  # before the reply; none is needed to know what was said


def test_a_message_tells_nobody_whom_the_text_only_names(office: Office) -> None:
    office.slack.tell(like(POST, text="@here #general &lt;!channel&gt; https://example.com"))
    [stored] = office.stored()
    section, context = stored.blocks
    assert section["text"] == {
        "type": "mrkdwn",
        "text": "@here #general &lt;!channel&gt; https://example.com",
        "verbatim": True,
    }
    assert context["elements"] == [{"type": "mrkdwn", "text": "by a rule", "verbatim": True}]


def test_a_reply_stands_in_the_thread_of_the_announcement(office: Office) -> None:
    office.slack.tell(POST)
    office.slack.tell(REPLY)
    [stored] = office.stored()
    assert [each.text for each in office.world.slack.thread("stars", stored.ts)] == ["ZD#7 waits.", "Still waiting."]


def test_a_reply_stands_in_the_thread_of_anybodys_message(office: Office) -> None:
    ts = office.world.slack.post("stars", "emil", "who takes ZD#7?")
    office.slack.tell(like(REPLY, reply_to="message", to=ts))
    office.slack.tell(like(REPLY, reply_to=ts, key="feed0003", text="Again."))
    texts = [each.text for each in office.world.slack.thread("stars", ts)]
    assert texts == ["who takes ZD#7?", "Still waiting.", "Again."]


def test_what_is_said_twice_stands_there_once(office: Office) -> None:
    for _ in range(2):
        office.slack.tell(POST)
        office.slack.tell(REPLY)
        office.slack = office.connect()
    [stored] = office.stored()
    assert len(office.world.slack.thread("stars", stored.ts)) == 2


def test_a_reply_that_could_not_be_noted_is_still_said_once(office: Office) -> None:
    office.slack.tell(POST)
    office.world.faults.append(faults.refused("chat.update", "edit_window_closed"))
    office.slack.tell(REPLY)
    office.slack = office.connect()
    [message] = office.messages()
    assert message.mark is not None
    assert message.mark.said == {}
    office.slack.tell(REPLY)
    [message] = office.messages()
    assert message.mark is not None
    assert (message.replies, list(message.mark.said)) == (1, ["feed0002"])


def test_several_replies_in_one_run_are_all_noted_and_leave_the_announcement_as_it_was(office: Office) -> None:
    office.slack.tell(POST)
    [before] = office.stored()
    office.slack = office.connect()
    for number in range(3):
        office.slack.tell(like(REPLY, key=f"beef000{number}"))
    [after] = office.stored()
    assert (after.text, after.blocks) == (before.text, before.blocks)
    [message] = office.messages()
    assert (message.replies, message.may_be_answered) == (3, True)
    [message] = office.connect().read_facet("messages", {STAR}, SINCE).found[STAR]
    assert message.mark.said == dict.fromkeys(("beef0000", "beef0001", "beef0002"), NOW)


def test_an_update_changes_the_words_and_keeps_what_was_said(office: Office) -> None:
    office.slack.tell(POST)
    office.slack.tell(REPLY)
    said = metadata_said(office)
    office.slack = office.connect()
    office.slack.tell(like(UPDATE, to=office.stored()[0].ts))
    [stored], [message] = office.stored(), office.messages()
    assert (stored.text, stored.blocks[0]["text"]["text"]) == ("ZD#7 is taken.", "ZD#7 is taken.")
    assert metadata_said(office) == said != ""
    assert message.mark is not None
    assert (message.description, message.mark.key, message.mark.role) == ("ZD#7 is taken.", "feed0001", "announcement")


def test_an_update_after_a_reply_of_the_same_run_keeps_both(office: Office) -> None:
    office.slack.tell(POST)
    office.slack.tell(REPLY)
    office.slack.tell(UPDATE)
    office.slack.tell(like(REPLY, key="feed0003"))
    [stored] = office.stored()
    assert stored.text == "ZD#7 is taken."
    assert [each.partition(":")[0] for each in metadata_said(office).split(",")] == ["feed0002", "feed0003"]


def test_an_update_reaches_a_message_from_before_what_was_read(office: Office) -> None:
    office.slack.tell(POST)
    office.slack.tell(REPLY)
    ts, said = office.stored()[0].ts, metadata_said(office)
    office.slack = office.connect()
    office.slack.read_facet("messages", {STAR}, NOW + dt.timedelta(minutes=1))
    office.slack.tell(like(UPDATE, to=ts))
    assert (office.stored()[0].text, metadata_said(office)) == ("ZD#7 is taken.", said)


def test_a_reaction_is_set_once_and_told_afterwards(office: Office) -> None:
    office.slack.tell(POST)
    me = office.messages()[0].user
    for _ in range(2):
        office.slack.tell(REACT)
        assert office.messages()[0].reactions == (Reaction("eyes", (me,)),)
        office.slack = office.connect()
    assert office.world.slack.reactions("stars", office.stored()[0].ts) == {"eyes": ["starkeeper"]}


def test_posts_keep_the_pace_of_each_channel(office: Office, clock: Clock) -> None:
    office.world.slack.posts_per_second = None
    office.slack.tell(POST)
    office.slack.tell(like(POST, channel="plain"))
    assert clock.waits == []
    office.slack.tell(REPLY)
    office.slack.tell(like(REPLY, key="feed0003"))
    assert clock.waits == [1, 1, 0.25]  # the last is the note of the second reply


def test_edits_keep_a_pace_of_their_own_in_all_channels_together(office: Office, clock: Clock) -> None:
    for channel in ("star", "plain"):
        office.slack.tell(like(POST, channel=channel))
    for channel in ("star", "plain"):
        office.slack.tell(like(UPDATE, channel=channel))
    assert clock.waits == [1.25]


def test_two_runs_at_the_same_time_say_it_once(office: Office) -> None:
    other = office.connect()
    for slack in (office.slack, other):
        slack.read_facet("messages", {STAR}, SINCE)
    office.slack.tell(POST)
    other.tell(POST)
    assert len(office.stored()) == 1


def test_what_another_run_said_before_our_own_last_words_is_found_too(office: Office, clock: Clock) -> None:
    other = office.connect()
    other.tell(POST)
    office.slack.tell(like(POST, key="beef0001"))
    other.tell(like(POST, key="beef0002"))
    clock.sleep(5)
    other.tell(like(POST, key="beef0001"))
    assert len(office.stored()) == 3


def test_a_channel_is_not_read_again_before_each_post(office: Office) -> None:
    office.messages()
    for number in range(3):
        office.slack.tell(like(POST, key=f"beef000{number}"))
    assert office.asked("conversations.history") == 2


@pytest.mark.parametrize("key", ["", "a,b", "a:b", "a b"])
def test_a_message_without_a_key_to_find_it_by_is_never_sent(office: Office, key: str) -> None:
    with pytest.raises(ValueError, match="key"):
        office.slack.tell(like(POST, key=key))
    assert office.stored() == ()


def metadata_said(office: Office) -> str:
    metadata = office.stored()[0].metadata
    assert metadata is not None
    said: str = metadata["event_payload"]["said"]
    return said
