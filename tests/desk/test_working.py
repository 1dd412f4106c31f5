"""Who is at work, and until when."""

from __future__ import annotations

import datetime as dt
import random

from starkeeper.desk.working import at_work, works_until
from starkeeper.model.desk import Calendar, Person, Window
from tests.desk.reference import MINUTE, make_case, seen_open

AWAY = dt.date(2026, 12, 2)
HOURS = Calendar(
    name="hours of Aoi",
    zone="Asia/Tokyo",
    windows=(*(Window(day, 540, 1080) for day in range(5)), Window(5, 0, 120), Window(4, 1320, 1440)),
    closed=frozenset({AWAY}),
    holidays=("JP",),
)
AOI = Person(gitlab="aoi", zone="Asia/Tokyo", hours=HOURS, away=frozenset({AWAY}))


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text + "+09:00")


def test_somebody_is_at_work_in_the_hours_of_the_own_zone() -> None:
    assert at_work(AOI, at("2026-12-01T09:00"))
    assert not at_work(AOI, at("2026-12-01T18:00"))
    assert works_until(AOI, at("2026-12-01T09:00")) == at("2026-12-01T18:00")
    assert works_until(AOI, at("2026-12-01T08:59")) is None


def test_hours_over_midnight_end_on_the_next_day() -> None:
    assert works_until(AOI, at("2026-12-04T23:00")) == at("2026-12-05T02:00")


def test_nobody_is_at_work_on_a_day_off_or_on_a_holiday() -> None:
    assert not at_work(AOI, at("2026-12-02T10:00"))
    assert not at_work(AOI, at("2026-11-03T10:00"))  # Culture Day


def test_of_whom_nobody_knows_the_hours_it_is_not_said() -> None:
    assert not at_work(Person(gitlab="kim"), at("2026-12-01T10:00"))
    assert works_until(Person(gitlab="kim"), at("2026-12-01T10:00")) is None


def test_work_without_an_end_has_none() -> None:
    always = Calendar(name="hours of a robot", windows=tuple(Window(day, 0, 1440) for day in range(7)))
    assert at_work(Person(gitlab="kim", hours=always), at("2026-12-01T10:00"))
    assert works_until(Person(gitlab="kim", hours=always), at("2026-12-01T10:00")) is None


def test_it_agrees_with_looking_at_the_wall_clock_every_minute() -> None:
    chance = random.Random("people of all zones")
    for case in (make_case(chance) for _ in range(100)):
        person = Person(gitlab="kim", hours=case.calendar)
        seen = seen_open(case.calendar, case.start, case.minutes)
        assert at_work(person, case.start) is seen[0]
        if seen[0] and False in seen:
            assert works_until(person, case.start) == case.start + seen.index(False) * MINUTE
