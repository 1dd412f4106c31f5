"""What people ask the bot in comments, and until when an issue is snoozed."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from starkeeper.desk.commands import MOST_DAYS, Command, commands_by, says_something, snooze_end, snoozed_until
from starkeeper.model.desk import Person
from tests.builders import BOT, DESK, NOW, make_facts, make_issue, make_note

ASKED = Command("emil", NOW, "snooze")  # a Wednesday, 09:30


def asked(body: str, author: str = "emil") -> list[str]:
    issue = make_issue()
    facts = make_facts(issue, notes={12: [{"author": author, "body": body}]})
    return [each.text for each in commands_by("managers", issue, facts)]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("@desk-bot snooze 2 days", ["snooze 2 days"]),
        ("Thanks.\n\n@Desk-Bot:  Snooze   2 DAYS ", ["snooze 2 days"]),
        ("@desk-bot", [""]),
        ("  @desk-bot, explain", ["explain"]),
        ("Ask @desk-bot snooze 2 days", []),
        ("> @desk-bot snooze 2 days", []),
        ("```\n@desk-bot snooze 2 days\n```", []),
        ("````\n```\n@desk-bot explain\n````", []),
        ("```\ncode\n```\n@desk-bot explain", ["explain"]),
        ("@desk-bot-2 explain", []),
        (">>>\n@desk-bot explain\n>>>", []),
        ("\t@desk-bot explain", []),
        ("```x``` y\n@desk-bot explain", ["explain"]),
        ("@desk-bots explain", []),
        ("@desk-bot explain\n@desk-bot snooze 2 days", ["explain"]),
    ],
)
def test_line_that_begins_with_the_bots_name_asks_it(body: str, text: list[str]) -> None:
    assert asked(body) == text


def test_others_and_the_bot_itself_ask_nothing() -> None:
    assert asked("@desk-bot explain", "ivy") == []
    assert asked("@desk-bot explain", BOT) == []


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("2 days", "2026-12-04T09:30"),
        ("for 30 minutes", "2026-12-02T10:00"),
        ("4h", "2026-12-02T13:30"),
        ("1 week.", "2026-12-09T09:30"),
        ("until 2026-12-24", "2026-12-24T00:00"),
        ("until 2026-12-24 08:15", "2026-12-24T08:15"),
        ("until tomorrow", "2026-12-03T00:00"),
        ("until monday 9:00", "2026-12-07T09:00"),
        ("until wed", "2026-12-09T00:00"),
        ("", None),
        ("for ever", None),
        ("0 days", None),
        ("91 days", None),
        ("until 2026-12-01", None),
        ("until 2026-13-01", None),
        ("until monday 25:00", None),
        ("9999 weeks", None),
    ],
)
def test_end_is_read_or_is_none(text: str, end: str | None) -> None:
    found = snooze_end(text, ASKED, make_facts(make_issue()))
    assert found == (dt.datetime.fromisoformat(end).replace(tzinfo=dt.UTC) if end else None)


@given(st.text(max_size=40))
def test_any_text_gives_an_end_ahead_or_none(text: str) -> None:
    end = snooze_end(text, ASKED, make_facts(make_issue()))
    assert end is None or NOW < end <= NOW + dt.timedelta(days=MOST_DAYS)


@pytest.mark.parametrize(
    ("bodies", "until"),
    [
        (["@desk-bot snooze 2 hours"], "2026-12-02T10:00"),
        (["@desk-bot snooze 10 minutes"], None),
        (["@desk-bot snooze 2 hours", "@desk-bot unsnooze"], None),
        (["@desk-bot snooze 2 hours", "@desk-bot snooze for ever"], "2026-12-02T10:00"),
        (["@desk-bot snooze 5 hours", "@desk-bot snooze 1 hour"], None),  # that ended at 09:01
    ],
)
def test_last_word_counts(bodies: list[str], until: str | None) -> None:
    issue = make_issue()
    times = [dt.datetime(2026, 12, 2, 8, number, tzinfo=dt.UTC) for number in range(len(bodies))]
    notes = [{"author": "emil", "body": body, "created_at": at} for body, at in zip(bodies, times, strict=True)]
    found = snoozed_until(issue, make_facts(issue, notes={12: notes}))
    wanted = dt.datetime.fromisoformat(until).replace(tzinfo=dt.UTC) if until else None
    assert found == wanted


@pytest.mark.parametrize(
    ("body", "is_for_people"),
    [
        ("@desk-bot snooze 2 days", False),
        ("@desk-bot explain\n\n@desk-bot snooze 2 days\n", False),
        ("Kim has it.\n@desk-bot snooze 2 days", True),
        ("@desk-bots are great", True),
        ("", True),
    ],
)
def test_comment_that_only_asks_the_bot_is_not_for_people(body: str, is_for_people: bool) -> None:
    assert says_something(make_note(body=body), make_facts(make_issue())) is is_for_people


@pytest.mark.parametrize(
    ("asked_at", "text", "hours"),
    [
        ("2026-03-29T00:30", "2 hours", 2),
        ("2026-10-25T00:50", "30 minutes", 0.5),
        ("2026-10-25T01:40", "10 minutes", 1 / 6),
    ],
)
def test_hours_are_hours_also_when_the_clocks_change(asked_at: str, text: str, hours: float) -> None:
    people = {"emil": Person(gitlab="emil", zone="Europe/Amsterdam")}
    facts = make_facts(make_issue(), desk=structs.replace(DESK, people=people))
    when = dt.datetime.fromisoformat(asked_at).replace(tzinfo=dt.UTC)
    assert snooze_end(text, Command("emil", when, "snooze"), facts) == when + dt.timedelta(hours=hours)


def test_other_words_are_no_days() -> None:
    assert snooze_end("until monkey", ASKED, make_facts(make_issue())) is None
    assert snooze_end("until thursday", ASKED, make_facts(make_issue())) is not None
