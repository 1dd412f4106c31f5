"""Digests as plans: which shift they are about, what is in them, and what they do where something is not known."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from msgspec import structs

from starkeeper.model.resources import Page, Place
from tests.builders import BOT, make_issue
from tests.digests.desk import (
    DIGEST,
    SHIFT_AT,
    digested,
    facts_for,
    issue_of,
    message_of,
    read_policies,
    with_override,
    without_shifts,
    without_star,
)

HOUR = dt.timedelta(hours=1)
LIST = "{% for each in lists.stars %}{{ each.iid }} {% endfor %}"
OPEN_SINCE_NOON = dt.datetime(2026, 12, 2, 12, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("at", "role", "about"),
    [
        (SHIFT_AT - 61 * HOUR / 60, "hand-over", "support_manager 2026-12-02T08:00Z"),
        (SHIFT_AT - HOUR, "hand-over-draft", "support_manager 2026-12-02T16:00Z"),
        (SHIFT_AT - HOUR / 60, "hand-over-draft", "support_manager 2026-12-02T16:00Z"),
        (SHIFT_AT, "hand-over", "support_manager 2026-12-02T16:00Z"),
        (SHIFT_AT + 6 * HOUR, "hand-over", "support_manager 2026-12-02T16:00Z"),
    ],
)
def test_digest_is_about_the_shift_that_is_on_or_comes_so_soon(
    tmp_path: Path, at: dt.datetime, role: str, about: str
) -> None:
    policies = read_policies(tmp_path)
    found = digested(tmp_path, policies, facts_for(policies, now=at))
    step = message_of(found)
    assert (step.role, step.about) == (role, about)
    assert bool(found.issue) is (role == "hand-over")


def test_message_of_before_is_edited(tmp_path: Path) -> None:
    policies = read_policies(tmp_path)
    first = message_of(digested(tmp_path, policies, facts_for(policies)))
    assert first.does == "post"
    again = message_of(digested(tmp_path, policies, facts_for(policies, message=first)))
    assert (again.does, again.text, again.key) == ("update", first.text, first.key)


def test_draft_is_no_message_of_the_shift(tmp_path: Path) -> None:
    policies = read_policies(tmp_path)
    draft = message_of(digested(tmp_path, policies, facts_for(policies, now=SHIFT_AT - HOUR)))
    assert message_of(digested(tmp_path, policies, facts_for(policies, message=draft))).does == "post"


def test_who_comes_who_goes_and_who_is_next(tmp_path: Path) -> None:
    words = "{{ outgoing }} {{ incoming }} {{ next_on_call }} {{ next_at }}"
    policies = read_policies(tmp_path, slack=words)
    step = message_of(digested(tmp_path, policies, facts_for(policies)))
    assert step.text == "emil amber aoi Thu 2026-12-03 00:00 UTC"


def test_what_falls_due_first_comes_first(tmp_path: Path) -> None:
    policies = read_policies(tmp_path, slack=LIST)
    later, sooner, never = (
        make_issue(iid=1, created_at=OPEN_SINCE_NOON),
        make_issue(iid=2, created_at=OPEN_SINCE_NOON - HOUR),
        make_issue(iid=3, created_at=OPEN_SINCE_NOON - 2 * HOUR),
    )
    facts = facts_for(policies, later, sooner, never, notes={3: [{"author": "emil", "body": "Done."}]})
    assert message_of(digested(tmp_path, policies, facts)).text == "2 1 3"


def test_due_times_news_and_last_words_are_told(tmp_path: Path) -> None:
    words = "{% for each in lists.stars %}{{ each.due_at }}|{{ each.is_overdue }}|{{ each.due_in_shift }}|"
    words += "{{ each.is_new }}|{{ each.last_word_by }}|{{ each.clock_of('answer').elapsed }}\n{% endfor %}"
    policies = read_policies(tmp_path, slack=words)
    notes = {2: [{"author": "ivy", "body": "And?"}, {"author": BOT, "body": "Late."}]}
    old = make_issue(iid=1, created_at=SHIFT_AT - 30 * HOUR)
    new = make_issue(iid=2, created_at=SHIFT_AT + HOUR / 2)
    facts = facts_for(policies, old, new, notes=notes, now=SHIFT_AT + 45 * HOUR / 60)
    first, second = message_of(digested(tmp_path, policies, facts)).text.splitlines()
    assert first == "Tue 2026-12-01 11:00 UTC|yes|no|no|—|14 h 45 min"
    assert second == "Thu 2026-12-03 09:30 UTC|no|no|yes|ivy|15 min"


def test_pages_that_nobody_acknowledged_come_first_and_resolved_ones_not_at_all(tmp_path: Path) -> None:
    words = (
        "{% for page in pages.emergencies %}{{ page.number }}:{{ page.ticket }}:{{ page.is_acknowledged }} {% endfor %}"
    )
    policies = read_policies(tmp_path, slack=words)
    pages = [
        Page(number=1, title="ZD#77 down", status="acknowledged", created_at=OPEN_SINCE_NOON),
        Page(number=2, title="Disk", status="triggered", created_at=OPEN_SINCE_NOON + HOUR),
        Page(number=3, title="ZD#78", status="resolved", created_at=OPEN_SINCE_NOON),
    ]
    step = message_of(digested(tmp_path, policies, facts_for(policies, pages=pages)))
    assert step.text == "2:—:no 1:77:yes"


@pytest.mark.parametrize(("day", "expected"), [(2, "no"), (5, "yes")])
def test_weekend_is_when_its_calendar_is_closed_as_the_shift_begins(tmp_path: Path, day: int, expected: str) -> None:
    policies = read_policies(tmp_path, slack="{{ is_weekend }}")
    now = SHIFT_AT.replace(day=day)
    assert message_of(digested(tmp_path, policies, facts_for(policies, now=now))).text == expected


def test_quiet_is_only_what_is_known_to_be_quiet(tmp_path: Path) -> None:
    policies = read_policies(tmp_path, slack="{{ is_quiet }} {{ unread }}")
    facts = facts_for(policies)
    assert message_of(digested(tmp_path, policies, facts)).text == "yes"
    assert message_of(digested(tmp_path, policies, without_star(facts))).text == "no star"
    busy = facts_for(policies, make_issue(iid=1))
    assert message_of(digested(tmp_path, policies, busy)).text == "no"


def test_pages_that_cannot_be_read_are_unread(tmp_path: Path) -> None:
    policies = read_policies(tmp_path, slack="{{ is_quiet }} {{ unread }}")
    facts = facts_for(policies)
    place = Place("services", "emergencies")
    read = {**facts.read, "pages": {}}
    silent = structs.replace(facts, read=read, unread={("pages", place): ("no answer", False)})
    assert message_of(digested(tmp_path, policies, silent)).text == "no pages of emergencies"


def test_nobody_is_taken_for_on_call_where_that_is_not_known(tmp_path: Path) -> None:
    policies = read_policies(tmp_path, slack="{{ incoming is none }} {{ outgoing is none }} {{ next_on_call is none }}")
    found = digested(tmp_path, policies, without_shifts(facts_for(policies)))
    step = issue_of(found)
    assert (step.assignees, step.labels, step.confidential) == ((), ("needs-human",), True)
    assert message_of(found).text == "yes yes yes"
    assert message_of(found).about == "support_manager 2026-12-02T16:00Z"


@pytest.mark.parametrize(("minutes", "expected"), [(30, "no"), (31, "yes")])
def test_sweeps_have_stopped_after_three_that_did_not_come(tmp_path: Path, minutes: int, expected: str) -> None:
    policies = read_policies(tmp_path, slack="{{ sweeps_stopped }}")
    facts = facts_for(policies, swept_at=SHIFT_AT - dt.timedelta(minutes=minutes))
    assert message_of(digested(tmp_path, policies, facts)).text == expected
    never = structs.replace(facts, heard_at=None)
    assert message_of(digested(tmp_path, policies, never)).text == "yes"


def test_of_a_confidential_issue_slack_shows_no_words(tmp_path: Path) -> None:
    words = "{% for each in lists.stars %}{{ each.title }} {{ each.fields.ticket }} {{ each.reference }}{% endfor %}"
    policies = read_policies(tmp_path, slack=words, issue=words)
    hidden = make_issue(iid=1, title="Initech", confidential=True, fields={"ticket": "77"})
    found = digested(tmp_path, policies, facts_for(policies, hidden))
    assert message_of(found).text == "(confidential) (confidential) support/star#1"
    assert "Initech 77 support/star#1" in issue_of(found).description


def test_digest_that_everybody_may_read_hides_confidential_issues_too(tmp_path: Path) -> None:
    words = "{% for each in lists.stars %}{{ each.title }}{% endfor %}"
    public = DIGEST.replace("assign: incoming", "confidential: false")
    policies = read_policies(tmp_path, public, issue=words)
    step = issue_of(digested(tmp_path, policies, facts_for(policies, make_issue(title="Initech", confidential=True))))
    assert "Initech" not in step.description
    assert (step.confidential, step.assignees, step.labels) == (False, (), ())


def test_issue_that_people_closed_is_found_again_and_left_alone(tmp_path: Path) -> None:
    policies = read_policies(tmp_path, issue=LIST)
    text = issue_of(digested(tmp_path, policies, facts_for(policies))).description
    there = make_issue(iid=5, author=BOT, project="support/handover", description=text)
    star = make_issue(iid=1)
    (change,) = digested(tmp_path, policies, facts_for(policies, star, own=[there])).issue
    assert change.iid == 5
    closed = structs.replace(there, state="closed")
    assert digested(tmp_path, policies, facts_for(policies, star, own=[closed])).issue == ()


def test_of_two_issues_the_one_that_people_left_open_goes_on(tmp_path: Path) -> None:
    policies = read_policies(tmp_path, issue=LIST)
    text = issue_of(digested(tmp_path, policies, facts_for(policies))).description
    first = make_issue(iid=5, author=BOT, project="support/handover", description=text, state="closed")
    second = structs.replace(first, iid=6, state="opened")
    (change,) = digested(tmp_path, policies, facts_for(policies, make_issue(iid=1), own=[first, second])).issue
    assert change.iid == 6


@pytest.mark.parametrize(
    ("draft_before", "at", "role", "about"),
    [
        # One and the same for as long as the shift is new, however early the draft of the next one is.
        ("4 hours", SHIFT_AT + HOUR, "hand-over", "16:00Z"),
        ("4 hours", SHIFT_AT + 5 * HOUR, "hand-over-draft", "00:00Z"),
        ("1 hour", SHIFT_AT + 70 * HOUR / 60, "hand-over", "16:00Z"),
        # Somebody stands in from 17:00 to 19:00.
        ("1 hour", SHIFT_AT + HOUR / 4, "hand-over", "16:00Z"),
        ("1 hour", SHIFT_AT + HOUR, "hand-over", "17:00Z"),
        ("1 hour", SHIFT_AT + 1.9 * HOUR, "hand-over", "17:00Z"),
        ("1 hour", SHIFT_AT + 2.5 * HOUR, "hand-over-draft", "19:00Z"),
        ("1 hour", SHIFT_AT + 3 * HOUR, "hand-over", "19:00Z"),
    ],
)
def test_shift_that_began_lately_is_handed_over_however_soon_the_next_one_comes(
    tmp_path: Path, draft_before: str, at: dt.datetime, role: str, about: str
) -> None:
    policies = read_policies(tmp_path, DIGEST.replace("draft_before: 1 hour", f"draft_before: {draft_before}"))
    facts = facts_for(policies, now=at)
    if draft_before == "1 hour" and at != SHIFT_AT + 70 * HOUR / 60:
        facts = with_override(facts, SHIFT_AT + HOUR, SHIFT_AT + 3 * HOUR)
    step = message_of(digested(tmp_path, policies, facts))
    assert (step.role, step.about.partition("T")[2]) == (role, about)


def test_title_of_a_page_about_a_confidential_ticket_is_hidden_as_well(tmp_path: Path) -> None:
    words = "{% for page in pages.emergencies %}{{ page.ticket }} {{ page.title }} {% endfor %}"
    policies = read_policies(tmp_path, slack=words)
    hidden = make_issue(title="Emergency - ZD#77", confidential=True)
    page = Page(number=1, title="ZD#77 Initech", status="triggered", created_at=OPEN_SINCE_NOON)
    found = message_of(digested(tmp_path, policies, facts_for(policies, hidden, pages=[page])))
    assert found.text == "— (confidential)"


def test_message_that_cannot_be_worded_holds_back_no_issue(tmp_path: Path) -> None:
    policies = read_policies(tmp_path, slack="{{ lists.stars[0].title }}")
    found = digested(tmp_path, policies, facts_for(policies))
    assert (len(found.issue), found.message) == (1, ())
    (error,) = found.errors
    assert error.must_correct and "digest 'hand-over'" in error.where
