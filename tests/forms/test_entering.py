"""What a form says of what somebody entered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pytest

from starkeeper.errors import PolicyError
from tests.forms.desk import NOTICE, NOW, STAR, filled_in

COVER = {"from": "2026-12-01 13:00", "to": "2026-12-01 15:00"}


def complaints(form: str, given: Mapping[str, str], *, now: dt.datetime = NOW, by: str = "ivy") -> list[str]:
    try:
        filled_in(form, given, now=now, by=by)
    except PolicyError as error:
        return [str(each) for each in error.problems]
    return []


@pytest.mark.parametrize(
    ("field", "entered", "taken"),
    [
        ("ticket", " ZD#123456 ", "123456"),
        ("ticket", "#123456", "123456"),
        ("ticket", "https://example.zendesk.com/agent/tickets/123456?page=2", "123456"),
        ("urgency", "not   URGENT", "Not Urgent"),
        ("form", "l&r", "L&R"),
        ("group", "  acme \n group ", "acme group"),
        ("reason", "One.  \r\n\r\nTwo.\u202e\n", "One.\n\nTwo."),
    ],
)
def test_answer_is_taken_as_the_desk_writes_it(field: str, entered: str, taken: str) -> None:
    assert filled_in("star", {**STAR, field: entered}).answers[field] == taken


def test_what_says_nothing_was_not_given() -> None:
    assert "group" not in filled_in("star", {**STAR, "group": " N/A "}).answers
    for nothing in ("-", "None", "\N{EM DASH}"):
        assert complaints("star", {**STAR, "reason": nothing}) == [
            "reason: it must be filled in; the business case: what it costs the customer, or us, to wait"
        ]


def test_everything_is_said_at_once() -> None:
    found = complaints("star", {"ticket": "soon", "urgency": "Tmely", "form": "Emergency"})
    assert [each.partition(":")[0] for each in found] == ["ticket", "urgency", "form", "reason", "result"]
    assert "did you mean 'Timely'?" in found[1]


@pytest.mark.parametrize(
    "entered",
    ["x" * 5_000, "\x1b[2J\x1b]0;owned\x07", "line\nsection_start:1:x\r\x1b[0K", "<script>alert(1)</script>" * 3],
)
def test_long_or_hostile_text_is_never_shown_again(entered: str) -> None:
    (said,) = complaints("star", {**STAR, "ticket": entered})
    assert "found a text of " in said
    assert not any(part in said for part in ("xxxx", "\x1b", "section", "script"))


def test_text_longer_than_the_issue_can_show_is_refused_not_cut() -> None:
    assert complaints("star", {**STAR, "reason": "x" * 4_001}) == [
        "reason: found 4,001 characters, at most 4,000 are read; say it in fewer words"
    ]
    (said,) = complaints("star", {**STAR, "reason": "x\n" * 81})
    assert said.startswith("reason: found 81 lines, at most 80 are read")
    assert complaints("star", {**STAR, "reason": "x\n" * 80}) == []


def test_group_is_asked_for_where_the_ticket_is_about_gitlab_com() -> None:
    (said,) = complaints("star", {**STAR, "form": "SaaS Account"})
    assert said.startswith("group: it must be filled in where 'form' is 'SaaS Account'; the group on GitLab.com")


@pytest.mark.parametrize(
    "given",
    [
        {"group": "https://gitlab.com/acme-agency"},
        {"organisation": "https://acme-agency.example.com/records/1"},
        {"organisation": "https://example.zendesk.com/agent/organizations/1?name=acme-agency"},
        {"ticket": "acme-agency 123"},
    ],
)
def test_us_federal_customer_cannot_be_named_by_another_field_either(given: Mapping[str, str]) -> None:
    record = "https://example.zendesk.com/agent/organizations/1"
    (said,) = complaints("star", {**STAR, "form": "US Federal", "organisation": record, **given})
    assert said.startswith(f"{next(iter(given))}: ")
    assert "acme" not in said


@pytest.mark.parametrize("form", ["US Federl", ""])
def test_nothing_is_shown_before_it_is_known_whether_it_may_be(form: str) -> None:
    found = complaints("star", {**STAR, "form": form, "ticket": "Acme Agency", "organisation": "Acme Agency"})
    assert len(found) == 3
    assert not any("Acme" in each for each in found)


def test_what_a_confidential_form_was_given_is_never_shown_again() -> None:
    (said,) = complaints("notice", {**NOTICE, "recipients": "Acme Corp"})
    assert said.startswith("recipients: found something else, expected a whole number from 1 up")


def test_ticket_is_one_number_however_it_is_written_and_never_0() -> None:
    assert filled_in("star", {**STAR, "ticket": "000123456"}).answers["ticket"] == "123456"
    (said,) = complaints("star", {**STAR, "ticket": "0"})
    assert "expected the number of a ticket" in said


def test_address_that_the_issue_could_not_show_whole_is_refused() -> None:
    long = f"https://example.zendesk.com/agent/organizations/{'1' * 400}"
    (said,) = complaints("star", {**STAR, "form": "US Federal", "organisation": long})
    assert said.startswith("organisation: found 448 characters, at most 300 are read")


def test_nobody_asks_themselves_for_cover() -> None:
    given = {"from": "2026-12-01 13:00", "to": "2026-12-01 15:00", "asked": "amber"}
    (said,) = complaints("cover", given, by="amber")
    assert said == "asked: it names whoever asks; name another manager, or leave it empty"


@pytest.mark.parametrize("form", ["US Federal", "us government"])
def test_name_of_a_us_federal_customer_is_refused_and_not_repeated(form: str) -> None:
    found = complaints("star", {**STAR, "form": form, "customer": "Acme Agency"})
    assert [each.partition(":")[0] for each in found] == ["customer", "organisation"]
    assert "US Federal customers are never named" in found[0]
    assert "Acme" not in "".join(found)
    record = "https://example.zendesk.com/agent/organizations/1"
    assert complaints("star", {**STAR, "form": form, "organisation": record}) == []


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        (dt.datetime(2026, 11, 28, 0, 59, tzinfo=dt.UTC), None),
        (dt.datetime(2026, 11, 28, 1, 0, tzinfo=dt.UTC), "Sun 2026-11-29 23:00 UTC"),
        (dt.datetime(2026, 10, 25, 22, 30, tzinfo=dt.UTC), None),
        (dt.datetime(2026, 11, 1, 22, 30, tzinfo=dt.UTC), "Sun 2026-11-01 23:00 UTC"),
    ],
)
def test_star_is_taken_during_global_support_hours(now: dt.datetime, opens: str | None) -> None:
    found = complaints("star", STAR, now=now)
    closed = "the form 'star' is closed now, outside global support hours"
    advice = "if production is down, ask the customer to raise an emergency"
    assert found == ([f"{closed}; it opens {opens}; {advice}"] if opens else [])


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"to": "2026-12-01 13:00"}, "to: found Tue 2026-12-01 13:00 UTC, expected a time after 'from'"),
        ({"to": "2026-12-08 13:01"}, "to: found Tue 2026-12-08 13:01 UTC, more than 7 days after 'from'"),
        ({"from": "2026-11-30 09:00"}, "from: found Mon 2026-11-30 09:00 UTC, expected a time after now"),
        ({"from": "tomorrow"}, "from: found 'tomorrow', expected a time in UTC; write it like 2026-12-01 13:00"),
        ({"from": "2026-02-30 10:00"}, "from: found '2026-02-30 10:00', expected a time in UTC"),
        ({"asked": "ivy"}, "asked: found 'ivy', which is no manager of the desk"),
        ({"asked": "Ember"}, "asked: found 'Ember', which is no manager of the desk; did you mean 'amber'?"),
    ],
)
def test_request_for_cover_names_a_time_and_a_manager(given: Mapping[str, str], said: str) -> None:
    (found,) = complaints("cover", {**COVER, **given})
    assert found.startswith(said)


def test_times_are_taken_in_any_zone_and_managers_by_what_people_call_them() -> None:
    entered = filled_in("cover", {"from": "2026-12-01T14:00+01:00", "to": "2026-12-01 15:00Z", "asked": "Amber"})
    assert entered.answers == {"from": "2026-12-01 13:00 UTC", "to": "2026-12-01 15:00 UTC", "asked": "amber"}


@pytest.mark.parametrize("entered", ["0", "-1", "two", "1.5", "1e9"])
def test_number_of_recipients_is_a_whole_number_from_1_up(entered: str) -> None:
    (said,) = complaints("notice", {**NOTICE, "recipients": entered})
    assert said == "recipients: found something else, expected a whole number from 1 up; write it like 2"
