"""Who is on call: by a table of shifts, by what PagerDuty said, and where nobody knows."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from starkeeper.desk.on_call import next_shift, shift_of, unknown_on_call, who_is_on_call
from starkeeper.desk.rotations import duties_of, next_duty, on_duty
from starkeeper.model.desk import Desk, Rotation, Shift
from starkeeper.model.facets import FacetNeeded
from starkeeper.model.facts import Facts
from starkeeper.model.resources import Duty, Place
from starkeeper.scenarios.given import narrowed_to
from starkeeper.scenarios.script import Given
from tests.builders import NOW, make_facts, make_policies

NEW_YEAR = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
TABLE = Rotation(
    name="table",
    zone="Europe/Amsterdam",
    shifts=(
        Shift(person="day", starts=dt.time(8), ends=dt.time(20), region="EMEA"),
        Shift(person="night", starts=dt.time(22), ends=dt.time(6)),
    ),
)
ZONES = ("UTC", "Europe/Amsterdam", "America/Los_Angeles", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Apia")


def _at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def _shift(person: str, starts: str, ends: str, region: str = "") -> Shift:
    return Shift(person=person, starts=dt.time.fromisoformat(starts), ends=dt.time.fromisoformat(ends), region=region)


def _duty(person: str, starts: str, ends: str, **more: Any) -> Duty:
    return Duty(person=person, starts=_at(starts), ends=_at(ends), **more)


@pytest.mark.parametrize(
    ("at", "who"),
    [
        ("2026-12-02T07:00:00Z", "day"),
        ("2026-12-02T06:59:59Z", None),
        ("2026-12-02T19:00:00Z", None),
        ("2026-12-02T21:00:00Z", "night"),
        ("2026-12-03T04:59:59Z", "night"),
        ("2026-12-03T05:00:00Z", None),
        ("2026-07-01T06:00:00Z", "day"),
        ("2026-07-01T05:59:59Z", None),
    ],
)
def test_shift_begins_and_ends_on_the_clock_of_its_zone(at: str, who: str | None) -> None:
    duty = on_duty(duties_of(TABLE, _at(at)), _at(at))
    assert (duty.person if duty else None) == who


def test_table_gives_whole_shifts_from_a_day_ago_to_two_days_ahead() -> None:
    duties = duties_of(TABLE, _at("2026-12-02T12:00:00Z"))
    assert duties == (
        _duty("day", "2026-12-01T07:00:00Z", "2026-12-01T19:00:00Z", region="EMEA"),
        _duty("night", "2026-12-01T21:00:00Z", "2026-12-02T05:00:00Z"),
        _duty("day", "2026-12-02T07:00:00Z", "2026-12-02T19:00:00Z", region="EMEA"),
        _duty("night", "2026-12-02T21:00:00Z", "2026-12-03T05:00:00Z"),
        _duty("day", "2026-12-03T07:00:00Z", "2026-12-03T19:00:00Z", region="EMEA"),
        _duty("night", "2026-12-03T21:00:00Z", "2026-12-04T05:00:00Z"),
        _duty("day", "2026-12-04T07:00:00Z", "2026-12-04T19:00:00Z", region="EMEA"),
    )


def test_whoever_is_on_call_day_and_night_hands_over_at_no_midnight() -> None:
    now = _at("2026-12-02T12:00:00Z")
    (duty,) = duties_of(Rotation(name="r", shifts=(_shift("amber", "00:00", "00:00"),)), now)
    assert duty.person == "amber"
    assert duty.starts < now - dt.timedelta(days=1)
    assert duty.ends > now + dt.timedelta(days=2)


@pytest.mark.parametrize(
    ("at", "who"),
    [
        # The clock goes back from 03:00 to 02:00 at 01:00 UTC: the hour comes twice, its shifts once.
        ("2026-10-25T00:29:59Z", "a"),
        ("2026-10-25T00:30:00Z", "b"),
        ("2026-10-25T01:15:00Z", "b"),
        ("2026-10-25T02:30:00Z", "b"),
        # The clock goes on from 02:00 to 03:00 at 01:00 UTC: there is no 02:30, and yet somebody is on call.
        ("2026-03-29T00:59:59Z", "a"),
        ("2026-03-29T01:29:59Z", "a"),
        ("2026-03-29T01:30:00Z", "b"),
    ],
)
def test_one_edge_in_the_hour_of_a_clock_change_hands_over_once(at: str, who: str) -> None:
    shifts = (_shift("a", "00:00", "02:30"), _shift("b", "02:30", "00:00"))
    duty = on_duty(duties_of(Rotation(name="r", zone="Europe/Amsterdam", shifts=shifts), _at(at)), _at(at))
    assert duty is not None and duty.person == who


@st.composite
def tables(draw: st.DrawFn) -> Rotation:
    """Shifts as desk.yml may have them: none overlaps another."""
    edges = sorted(draw(st.sets(st.integers(0, 1439), min_size=2, max_size=8)))
    times = [dt.time(edge // 60, edge % 60) for edge in edges]
    pairs = zip(times, [*times[1:], times[0]], strict=True)
    people = st.sampled_from(["aoi", "emil", "amber", ""])
    shifts = [Shift(person=who, starts=starts, ends=ends) for starts, ends in pairs if (who := draw(people))]
    return Rotation(name="r", zone=draw(st.sampled_from(ZONES)), shifts=tuple(draw(st.permutations(shifts))))


@given(
    rotation=tables(),
    now=st.integers(0, 2 * 365 * 86_400_000).map(lambda passed: NEW_YEAR + dt.timedelta(milliseconds=passed)),
    away=st.timedeltas(dt.timedelta(days=-1), dt.timedelta(days=2)),
)
def test_the_table_says_who_is_on_call_whenever_it_is_asked(
    rotation: Rotation, now: dt.datetime, away: dt.timedelta
) -> None:
    at = min(now + away, now + dt.timedelta(days=2, microseconds=-1))
    if _clocks_change_about(at, rotation.zone):
        return
    duty = on_duty(duties_of(rotation, now), at)
    assert (duty.person if duty else None) == _by_the_clock_on_the_wall(rotation, at)


def _clocks_change_about(at: dt.datetime, zone: str) -> bool:
    hours = dt.timedelta(hours=2)
    return len({each.astimezone(ZoneInfo(zone)).utcoffset() for each in (at - hours, at, at + hours)}) > 1


def _by_the_clock_on_the_wall(rotation: Rotation, at: dt.datetime) -> str | None:
    local = at.astimezone(ZoneInfo(rotation.zone)).time()
    for shift in rotation.shifts:
        over_midnight = shift.starts >= shift.ends
        if (shift.starts <= local or (over_midnight and local < shift.ends)) and (over_midnight or local < shift.ends):
            return shift.person
    return None


def test_of_two_at_once_the_one_counts_who_began_first_and_the_other_comes_next() -> None:
    first = _duty("emil", "2026-12-02T08:00:00Z", "2026-12-02T17:00:00Z")
    second = _duty("amber", "2026-12-02T16:00:00Z", "2026-12-03T00:00:00Z")
    duties = (second, first)
    assert on_duty(duties, _at("2026-12-02T16:30:00Z")) == first
    assert on_duty(duties, _at("2026-12-02T17:00:00Z")) == second
    assert next_duty(duties, _at("2026-12-02T15:59:59Z")) == second
    assert next_duty(duties, _at("2026-12-02T16:00:00Z")) is None


EMIL = {"person": "emil", "starts": "2026-12-02T08:00:00Z", "ends": "2026-12-02T16:00:00Z"}
LEE = {"person": "", "name": "Lee \x1b[31mDoe", "starts": "2026-12-02T16:00:00Z", "ends": "2026-12-03T00:00:00Z"}


def _with_table(facts: Facts) -> Facts:
    """The rotation of PagerDuty has a table as well."""
    rotation = structs.replace(facts.desk.rotations["paged"], shifts=(_shift("kim", "00:00", "00:00"),))
    return structs.replace(facts, desk=Desk(rotations={"paged": rotation}))


def test_pagerduty_says_who_is_on_call_now_then_and_next() -> None:
    facts = make_facts(duties={"paged": [EMIL, {**EMIL, "person": "aoi", "starts": EMIL["ends"], "ends": LEE["ends"]}]})
    later = _at("2026-12-02T20:00:00Z")
    following = next_shift("paged", facts)
    assert who_is_on_call("paged", facts) == "emil"
    assert who_is_on_call("paged", facts, later) == "aoi"
    assert following == shift_of("paged", facts, later)
    assert next_shift("paged", facts, later) is None


def test_pagerduty_wins_over_the_table_where_it_is_connected() -> None:
    assert who_is_on_call("paged", _with_table(make_facts(duties={"paged": [EMIL]}))) == "emil"


def test_table_counts_where_pagerduty_is_not_connected() -> None:
    assert who_is_on_call("paged", _with_table(make_facts())) == "kim"
    assert who_is_on_call("paged", make_facts()) is None


def test_failed_look_up_gives_nobody_and_never_the_table() -> None:
    facts = _with_table(make_facts(duties={"other": []}))
    failed = structs.replace(facts, unread={("duties", Place("rotations", "paged")): ("PagerDuty is down", False)})
    assert who_is_on_call("paged", failed) is None


def test_scenario_says_who_is_on_call_whatever_pagerduty_says(tmp_path: Path) -> None:
    policies = narrowed_to(Given(on_call={"paged": "amber"}), make_policies(tmp_path, "- {name: R, actions: {}}"))
    facts = make_facts(duties={"paged": [EMIL]}, desk=policies.desk)
    assert who_is_on_call("paged", facts) == "amber"


def test_only_a_rotation_with_schedules_costs_a_look_up() -> None:
    facts = make_facts(duties={"other": []})
    assert who_is_on_call("support_manager", facts) == "emil"
    with pytest.raises(FacetNeeded) as needed:
        who_is_on_call("paged", facts)
    assert (needed.value.facet, needed.value.subject) == ("duties", Place("rotations", "paged"))


def test_whoever_is_on_call_and_not_in_people_yml_is_nobody_and_told_of_once() -> None:
    facts = make_facts(duties={"paged": [EMIL, LEE]}, now=_at("2026-12-02T18:00:00Z"))
    assert who_is_on_call("paged", facts) is None
    assert unknown_on_call(facts) == (
        "PagerDuty has 'Lee [31mDoe' on call in paged until Thu 2026-12-03 00:00 UTC, who is not in people.yml, "
        "so rules find nobody there; add them with their PagerDuty id or e-mail",
    )


def test_nobody_is_told_of_who_is_on_call_later_or_was_not_asked_for() -> None:
    assert unknown_on_call(make_facts(duties={"paged": [EMIL, LEE]}, now=NOW)) == ()
    assert unknown_on_call(make_facts()) == ()
