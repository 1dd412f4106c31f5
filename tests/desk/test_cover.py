"""When cover is wanted, who is meant, and how long they have to answer."""

from __future__ import annotations

import datetime as dt

import pytest
from msgspec import structs

from starkeeper.desk.cover import Span, answer_by, held_by, manager_named, span_of, without_account
from starkeeper.desk.on_call import shifts_in
from starkeeper.model.desk import Person
from starkeeper.model.facets import FacetNeeded, Unanswerable
from starkeeper.model.resources import Duty, ResourceKey
from tests.builders import DESK, NOW, make_facts


def at(day: int, hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime(2026, 12, day, hour, minute, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("starts", "ends"),
    [
        ("2026-12-02 13:00", "2026-12-02 15:00"),
        ("2026-12-02T13:00:00Z", " 2026-12-02 15:00 UTC "),
        ("2026-12-02 14:00 +0100", "2026-12-03T00:00+09:00"),
        ("2026-12-02t13:00z", "2026-12-02 15:00:00"),
    ],
)
def test_times_are_read_as_people_write_them(starts: str, ends: str) -> None:
    assert span_of(starts, ends) == Span(at(2, 13), at(2, 15))


@pytest.mark.parametrize(
    ("starts", "ends"),
    [
        ("", "2026-12-02 15:00"),
        ("2026-12-02", "2026-12-02 15:00"),
        ("tomorrow 13:00", "2026-12-02 15:00"),
        ("2026-12-02 13:00 PST", "2026-12-02 15:00"),
        ("2026-02-30 13:00", "2026-12-02 15:00"),
        ("2026-12-02 24:30", "2026-12-03 15:00"),
        ("0001-01-01 00:00 +14:00", "2026-12-02 15:00"),
        ("2026-12-02 13:00 +99:99", "2026-12-02 15:00"),
        ("2026-12-02 15:00", "2026-12-02 15:00"),
        ("2026-12-02 15:00", "2026-12-02 13:00"),
        ("2026-12-02 15:00", "2026-12-09 15:01"),
        ("9999-12-30 15:00", "9999-12-31 15:00 -10:00"),
    ],
)
def test_what_is_no_time_that_can_be_covered_is_none(starts: str, ends: str) -> None:
    assert span_of(starts, ends) is None


def test_seven_days_can_be_covered() -> None:
    assert span_of("2026-12-02 15:00", "2026-12-09 15:00") == Span(at(2, 15), at(9, 15))


def test_time_is_said_with_its_day_once_where_that_is_enough() -> None:
    assert str(Span(at(2, 13), at(2, 15))) == "Wed 2026-12-02 13:00 to 15:00 UTC"
    assert str(Span(at(2, 22), at(3, 0))) == "Wed 2026-12-02 22:00 to Thu 2026-12-03 00:00 UTC"


@pytest.mark.parametrize(("text", "name"), [("@Emil", "emil"), (" emil brandt ", "emil"), ("kim", ""), ("", "")])
def test_manager_is_named_by_user_name_or_as_people_call_them(text: str, name: str) -> None:
    people = {**DESK.people, "emil": Person(gitlab="emil", name="Emil Brandt")}
    assert manager_named(text, structs.replace(DESK, people=people)) == name


def test_time_to_answer_is_two_hours_or_half_of_what_is_left() -> None:
    assert answer_by(at(2, 9), at(3, 9)) == at(2, 11)
    assert answer_by(at(2, 9), at(2, 10)) == at(2, 9, 30)


@pytest.mark.parametrize(
    ("names", "is_held"), [(("emil",), False), (("emil", "AMBER"), True), (("amber",), False), (("", "emil"), False)]
)
def test_time_is_held_by_those_who_are_on_call_in_all_of_it(names: tuple[str, ...], is_held: bool) -> None:
    shifts = (
        Duty(person="emil", starts=at(2, 8), ends=at(2, 16)),
        Duty(person="", name="Lee", starts=at(2, 12), ends=at(2, 16)),
        Duty(person="amber", starts=at(2, 16), ends=at(3, 0)),
    )
    assert held_by(names, Span(at(2, 15), at(2, 18)), shifts) is is_held


def test_nobody_on_call_for_a_while_is_a_time_that_nobody_holds() -> None:
    shifts = (
        Duty(person="emil", starts=at(2, 8), ends=at(2, 12)),
        Duty(person="emil", starts=at(2, 13), ends=at(2, 16)),
    )
    assert not held_by(("emil",), Span(at(2, 10), at(2, 15)), shifts)


def test_table_tells_who_is_on_call_weeks_ahead() -> None:
    found = shifts_in("support_manager", make_facts(), at(20, 6), at(23, 18)) or ()
    assert [each.person for each in found] == ["aoi", "emil", "amber"] * 4
    assert (found[0].starts, found[-1].ends) == (at(20, 0), at(24, 0))


def test_schedules_without_pagerduty_and_a_table_tell_nothing() -> None:
    assert shifts_in("paged", make_facts(), at(3, 13), at(3, 15)) is None


def test_pagerduty_is_asked_for_what_is_further_ahead_than_it_is_read_anyway() -> None:
    facts = make_facts(duties={"paged": ({"person": "emil", "starts": at(2, 8), "ends": at(4, 9)},)})
    assert [each.person for each in shifts_in("paged", facts, at(3, 13), at(3, 15)) or ()] == ["emil"]
    with pytest.raises(FacetNeeded) as needed:
        shifts_in("paged", facts, at(4, 9), at(4, 10))
    key = needed.value.subject
    assert isinstance(key, ResourceKey)
    later = structs.replace(facts, read={**facts.read, "duties": {key: ()}}, now=NOW + dt.timedelta(days=1))
    assert shifts_in("paged", later, at(4, 9), at(4, 10)) == ()


def test_silence_of_pagerduty_is_no_empty_rota() -> None:
    facts = make_facts(duties={"other": ()})
    with pytest.raises(FacetNeeded) as needed:
        shifts_in("paged", facts, at(3, 13), at(3, 15))
    silent = structs.replace(facts, unread={("duties", needed.value.subject): ("no answer", False)})
    with pytest.raises(Unanswerable):
        shifts_in("paged", silent, at(3, 13), at(3, 15))


def test_whom_people_yml_gives_nothing_of_pagerduty_cannot_be_found_there() -> None:
    people = {"Hana": Person(gitlab="Hana", name="Hana Mori"), "kim": Person(gitlab="kim", email="kim@example.com")}
    desk = structs.replace(DESK, people=people)
    assert without_account("hana", desk) == "Hana Mori has no PagerDuty id or e-mail in people.yml"
    assert without_account("lee", desk) == "lee has no PagerDuty id or e-mail in people.yml"
    assert without_account("kim", desk) == ""
