"""What is too long for one message stands in several, all of them sooner or later; what is edited later is cut."""

from __future__ import annotations

import pytest

from starkeeper.errors import ConnectorError
from starkeeper.model.resources import Mark
from starkeeper.sandbox.slack import faults
from tests.connectors.slack.conftest import POST, REPLY, Office, like

LONG = "\n".join(f"line {number:04} of a very long digest" for number in range(850))
ONCE = like(POST, role="", text=LONG)


def first_mark(office: Office) -> Mark:
    [message] = office.messages()
    assert message.mark is not None
    return message.mark


def told(office: Office, ts: str) -> str:
    """All that the sections of a thread say, without its first message where that is somebody else's."""
    parts = office.world.slack.thread("stars", ts)
    sections = [each for part in parts for each in part.blocks if each["type"] == "section"]
    assert all(len(each["text"]["text"]) <= 3000 for each in sections)
    return "\n".join(each["text"]["text"] for each in sections)


def fail_at_second_post(office: Office) -> None:
    office.world.faults.append(faults.refused("chat.postMessage", "msg_too_long"))
    office.world.faults[-1].skip = 1


def test_a_text_of_25000_signs_is_split_between_lines_and_its_rest_stands_in_the_thread(office: Office) -> None:
    assert len(LONG) > 25_000
    office.slack.tell(ONCE)
    [stored] = office.stored()
    parts = office.world.slack.thread("stars", stored.ts)
    assert told(office, stored.ts) == LONG
    assert [len([b for b in part.blocks if b["type"] == "context"]) for part in parts] == [1, 0, 0]
    assert stored.text.endswith("\n…")
    assert len(stored.text) <= 4002


def test_a_long_text_is_said_once_and_costs_nothing_once_it_is_whole(office: Office) -> None:
    office.slack.tell(ONCE)
    office.slack = office.connect()
    assert first_mark(office).is_whole
    asked = office.asked("conversations.replies")
    office.slack.tell(ONCE)
    [stored] = office.stored()
    assert len(office.world.slack.thread("stars", stored.ts)) == 3
    assert office.asked("conversations.replies") == asked


def test_a_long_text_of_which_a_part_is_missing_says_so_and_is_completed(office: Office) -> None:
    fail_at_second_post(office)
    with pytest.raises(ConnectorError):
        office.slack.tell(ONCE)
    office.slack = office.connect()
    assert not first_mark(office).is_whole
    office.slack.tell(ONCE)
    [stored] = office.stored()
    assert told(office, stored.ts) == LONG
    office.slack = office.connect()
    assert first_mark(office).is_whole
    assert [each.metadata for each in office.stored()] == [stored.metadata]


def test_a_long_reply_of_which_a_part_is_missing_is_not_said_before_it_is_completed(office: Office) -> None:
    ts = office.world.slack.post("stars", "emil", "who takes ZD#7?")
    reply = like(REPLY, to=ts, text=LONG)
    fail_at_second_post(office)
    with pytest.raises(ConnectorError):
        office.slack.tell(reply)
    assert REPLY.key not in {each.mark.key for each in office.replies(ts) if each.mark}
    office.slack = office.connect()
    office.slack.tell(reply)
    assert told(office, ts) == LONG
    assert REPLY.key in {each.mark.key for each in office.replies(ts) if each.mark}


def test_what_is_edited_later_is_cut_and_says_so(office: Office) -> None:
    office.slack.tell(like(POST, text=LONG))
    [posted] = office.stored()
    office.slack.tell(like(POST, does="update", text=LONG))
    [edited] = office.stored()
    assert edited.blocks == posted.blocks
    assert edited.blocks[-2]["text"]["text"].endswith(" of a very long digest\n… (cut)")
    assert len(office.world.slack.thread("stars", posted.ts)) == 1
    mark = first_mark(office)
    assert (mark.content, mark.is_whole) == (ONCE.content, True)
