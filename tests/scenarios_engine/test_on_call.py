"""Who is on call in a scenario: by the table of shifts, but for those who stand in."""

from __future__ import annotations

import datetime as dt

from msgspec import structs

from starkeeper.model.desk import Desk, Person, Rotation, Shift
from starkeeper.model.plan import OverrideStep
from starkeeper.model.resources import Duty, Place
from starkeeper.scenarios.pager import StandIn, TablePager

PLACE = Place("rotations", "desk")
SHIFTS = (
    Shift(person="aoi", starts=dt.time(0), ends=dt.time(12)),
    Shift(person="emil", starts=dt.time(12), ends=dt.time(0)),
)
DESK = Desk(
    rotations={"desk": Rotation(name="desk", shifts=SHIFTS, schedules=("Desk",))},
    people={name: Person(gitlab=name, pagerduty=f"P{name.upper()}", region="EMEA") for name in ("aoi", "emil", "kim")},
)


def at(hour: int) -> dt.datetime:
    return dt.datetime(2026, 11, 30, hour, tzinfo=dt.UTC)


def today(pager: TablePager) -> list[tuple[str, int, int]]:
    """Who is on call during this day, from and to which hour."""
    duties: tuple[Duty, ...] = pager.read_facet("duties", [PLACE]).found[PLACE]
    this_day = [each for each in duties if each.starts.date() == at(0).date()]
    return [(each.person, each.starts.hour, each.ends.hour) for each in this_day]


def test_who_stands_in_has_the_time_and_the_others_what_is_left_of_it() -> None:
    stand_in = StandIn("desk", "kim", at(10), at(14))
    pager = TablePager(DESK, [stand_in, StandIn("other", "kim", at(1), at(2))], at(9))
    assert today(pager) == [("aoi", 0, 10), ("kim", 10, 14), ("emil", 14, 0)]
    assert today(TablePager(DESK, [], at(9))) == [("aoi", 0, 12), ("emil", 12, 0)]


def test_an_override_of_the_bot_counts_once() -> None:
    overrides: list[StandIn] = []
    pager = TablePager(DESK, overrides, at(9))
    step = OverrideStep(
        rule="Swap", rotation="desk", person="kim", instead_of="emil", starts=at(20), ends=at(22), key="k"
    )
    pager.override(step)
    pager.override(step)
    assert today(pager)[1:] == [("emil", 12, 20), ("kim", 20, 22), ("emil", 22, 0)]
    assert len(overrides) == 1


def test_somebody_of_whom_people_yml_says_nothing_of_pagerduty_is_nobody() -> None:
    unknown = structs.replace(DESK, people={**DESK.people, "aoi": Person(gitlab="aoi")})
    duties: tuple[Duty, ...] = TablePager(unknown, [], at(9)).read_facet("duties", [PLACE]).found[PLACE]
    assert {(each.person, each.name) for each in duties} == {("", "aoi"), ("emil", "")}


def test_a_pagerduty_that_fails_tells_nothing() -> None:
    reading = TablePager(DESK, [], at(9), is_silent=True).read_facet("duties", [PLACE])
    assert (reading.found, str(reading.failed[PLACE])) == (
        {},
        "PagerDuty: reading duties: no answer in time; run again later",
    )
