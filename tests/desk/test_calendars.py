"""Open time on the wall clocks of the world: tables of what people expect, and a slow reference minute by minute."""

from __future__ import annotations

import datetime as dt
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from starkeeper.desk.calendars import after, before, is_open, next_closing, next_opening, open_time
from starkeeper.model.desk import Calendar, Window
from tests.desk.reference import COUNTRIES, MINUTE, ZONES, differences, make_case, public_holidays, seen_open

ALL_DAY = (0, 1440)
GLOBAL_SUPPORT_HOURS = Calendar(
    name="global_support_hours",
    zone="America/Los_Angeles",
    windows=(Window(6, 900, 1440), *(Window(day, *ALL_DAY) for day in range(4)), Window(4, 0, 1020)),
)
ALWAYS = Calendar(name="always", zone="Europe/Amsterdam", windows=tuple(Window(day, *ALL_DAY) for day in range(7)))
WORKING_DAYS = Calendar(name="working_days", windows=tuple(Window(day, *ALL_DAY) for day in range(5)))
zones = st.sampled_from(ZONES)
windows = st.builds(
    lambda day, start, length: Window(day, start, min(1440, start + length)),
    st.integers(0, 6),
    st.integers(0, 1439),
    st.integers(1, 1440),
)
days = st.dates(dt.date(2010, 1, 1), dt.date(2030, 12, 31))
calendars = st.builds(
    lambda zone, parts, closed, names: Calendar(
        name="any", zone=zone, windows=tuple(parts), closed=frozenset(closed), holidays=tuple(names)
    ),
    zones,
    st.lists(windows, min_size=1, max_size=4),
    st.lists(days, max_size=3),
    st.lists(st.sampled_from(COUNTRIES), max_size=1),
)
seconds = st.integers(0, 20 * 365 * 86_400)
instants = st.builds(lambda number: dt.datetime(2010, 1, 1, tzinfo=dt.UTC) + dt.timedelta(seconds=number), seconds)


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("moment", "is_so"),
    [
        ("2026-11-29T22:59", False),
        ("2026-11-29T23:00", True),  # winter: Sunday 23:00 UTC
        ("2026-12-05T00:59", True),
        ("2026-12-05T01:00", False),  # to Saturday 01:00
        ("2026-07-05T21:59", False),
        ("2026-07-05T22:00", True),  # summer: Sunday 22:00 UTC
        ("2026-07-10T23:59", True),
        ("2026-07-11T00:00", False),  # to Saturday 00:00
    ],
)
def test_global_support_hours_open_and_close_on_the_pacific_clock(moment: str, is_so: bool) -> None:
    assert is_open(GLOBAL_SUPPORT_HOURS, at(moment)) is is_so


@pytest.mark.parametrize(
    ("zone", "due"),
    [
        ("UTC", "2026-12-01T18:30"),
        ("Europe/Amsterdam", "2026-12-01T18:30"),
        ("America/Los_Angeles", "2026-12-01T18:30"),
        ("Australia/Brisbane", "2026-12-01T14:00"),
    ],
)
def test_forty_eight_hours_on_working_days_stand_still_at_the_weekend_of_their_zone(zone: str, due: str) -> None:
    calendar = Calendar(name="working_days", zone=zone, windows=WORKING_DAYS.windows)
    assert after(calendar, at("2026-11-27T18:30"), dt.timedelta(hours=48)) == at(due)


def test_a_day_on_which_clocks_change_has_an_hour_less_or_more() -> None:
    only_sunday = Calendar(name="sunday", zone="Europe/Amsterdam", windows=(Window(6, *ALL_DAY),))
    assert open_time(only_sunday, at("2026-03-28T12:00"), at("2026-03-30T12:00")) == dt.timedelta(hours=23)
    assert open_time(only_sunday, at("2026-10-24T12:00"), at("2026-10-26T12:00")) == dt.timedelta(hours=25)
    assert open_time(ALWAYS, at("2026-01-01T00:00"), at("2027-01-01T00:00")) == dt.timedelta(days=365)


def test_a_window_in_the_hour_that_comes_twice_is_open_twice_and_in_the_one_that_is_left_out_never() -> None:
    night = Calendar(name="night", zone="Europe/Amsterdam", windows=(Window(6, 150, 170),))
    assert open_time(night, at("2026-10-24T00:00"), at("2026-10-26T00:00")) == dt.timedelta(minutes=40)
    assert open_time(night, at("2026-03-28T00:00"), at("2026-03-30T00:00")) == dt.timedelta(0)


def test_a_closed_day_is_closed_from_midnight_to_midnight_of_its_zone() -> None:
    closed = Calendar(
        name="x", zone="Asia/Tokyo", windows=WORKING_DAYS.windows, closed=frozenset({dt.date(2026, 12, 2)})
    )
    assert open_time(closed, at("2026-12-01T00:00"), at("2026-12-03T15:00")) == dt.timedelta(hours=39)


def test_the_next_opening_is_now_while_it_is_open() -> None:
    assert next_opening(WORKING_DAYS, at("2026-12-05T10:00")) == at("2026-12-07T00:00")
    assert next_opening(WORKING_DAYS, at("2026-12-02T10:00")) == at("2026-12-02T10:00")


def test_the_next_closing_is_now_while_it_is_closed() -> None:
    assert next_closing(WORKING_DAYS, at("2026-12-05T10:00")) == at("2026-12-05T10:00")
    assert next_closing(WORKING_DAYS, at("2026-12-02T10:00")) == at("2026-12-05T00:00")


def test_a_stretch_over_the_new_year_closes_when_it_ends() -> None:
    assert next_closing(WORKING_DAYS, at("2026-12-31T10:00")) == at("2027-01-02T00:00")


def test_a_calendar_that_is_always_open_closes_on_its_closed_days_only() -> None:
    assert next_closing(ALWAYS, at("2026-12-31T10:00")) is None
    closed = structs.replace(ALWAYS, closed=frozenset({dt.date(2026, 1, 1), dt.date(2031, 5, 5)}))
    assert next_closing(closed, at("2026-12-31T10:00")) == at("2031-05-04T22:00")
    assert next_closing(closed, at("2031-05-06T10:00")) is None


def test_holidays_close_a_calendar_as_closed_days_do() -> None:
    office = Calendar(name="office", zone="Europe/Amsterdam", windows=WORKING_DAYS.windows, holidays=("NL",))
    assert not is_open(office, at("2026-04-27T10:00"))  # King's Day
    assert is_open(WORKING_DAYS, at("2026-04-27T10:00"))
    assert next_opening(office, at("2026-12-24T23:30")) == at("2026-12-27T23:00")


@pytest.mark.parametrize(
    ("weekday", "minutes"),
    [(5, 24 * 60 + 59), (6, 24 * 60 + 1)],
)
def test_clocks_that_are_put_back_past_midnight_give_both_days_more(weekday: int, minutes: int) -> None:
    """At 00:01 of Sunday 2010-11-07 it was 23:01 of Saturday once more, in Newfoundland."""
    day = Calendar(name="day", zone="America/St_Johns", windows=(Window(weekday, *ALL_DAY),))
    assert open_time(day, at("2010-11-06T00:00"), at("2010-11-08T12:00")) == MINUTE * minutes


def test_a_calendar_that_is_never_open_says_so() -> None:
    with pytest.raises(ValueError, match="'none' is not open for so long"):
        after(Calendar(name="none"), at("2026-12-05T10:00"), MINUTE)


@settings(max_examples=60, deadline=None)
@given(calendars, instants, st.timedeltas(MINUTE, dt.timedelta(hours=2)))
def test_adding_then_measuring_gives_back_the_amount(
    calendar: Calendar, start: dt.datetime, amount: dt.timedelta
) -> None:
    end = after(calendar, start, amount)
    assert open_time(calendar, start, end) == amount
    assert open_time(calendar, start, end - dt.timedelta(microseconds=1)) < amount


@settings(max_examples=60, deadline=None)
@given(calendars, instants, st.timedeltas(MINUTE, dt.timedelta(hours=2)))
def test_going_back_then_measuring_gives_the_amount(calendar: Calendar, end: dt.datetime, amount: dt.timedelta) -> None:
    start = before(calendar, end, amount)
    assert open_time(calendar, start, end) == amount
    assert open_time(calendar, start + dt.timedelta(microseconds=1), end) < amount


@settings(max_examples=60, deadline=None)
@given(calendars, st.lists(instants, min_size=3, max_size=3))
def test_open_time_adds_up_and_keeps_order(calendar: Calendar, moments: list[dt.datetime]) -> None:
    first, middle, last = sorted(moments)
    both = open_time(calendar, first, middle) + open_time(calendar, middle, last)
    assert open_time(calendar, first, last) == both
    assert open_time(calendar, last, first) == dt.timedelta(0)


@settings(max_examples=60, deadline=None)
@given(calendars, instants, instants, st.timedeltas(MINUTE, dt.timedelta(hours=2)))
def test_who_starts_later_is_due_later(
    calendar: Calendar, one: dt.datetime, other: dt.datetime, amount: dt.timedelta
) -> None:
    first, last = sorted((one, other))
    assert after(calendar, first, amount) <= after(calendar, last, amount)
    assert before(calendar, first, amount) <= before(calendar, last, amount)
    assert next_opening(calendar, first) <= next_opening(calendar, last)


@settings(max_examples=40, deadline=None)
@given(calendars, instants, st.sampled_from(COUNTRIES), st.timedeltas(MINUTE, dt.timedelta(days=400)))
def test_holidays_count_as_closed_days(
    calendar: Calendar, start: dt.datetime, country: str, length: dt.timedelta
) -> None:
    named = structs.replace(calendar, holidays=(country,))
    listed = structs.replace(calendar, holidays=(), closed=calendar.closed | public_holidays(country))
    assert open_time(named, start, start + length) == open_time(listed, start, start + length)
    assert next_opening(named, start) == next_opening(listed, start)
    assert next_closing(named, start) == next_closing(listed, start)


@settings(max_examples=40, deadline=None)
@given(calendars, instants, st.integers(1, 4000))
def test_it_agrees_with_looking_at_the_wall_clock_every_minute(
    calendar: Calendar, start: dt.datetime, count: int
) -> None:
    start = start.replace(second=0, microsecond=0)
    minutes = [start + MINUTE * number for number in range(count)]
    seen = seen_open(calendar, start, count)
    assert open_time(calendar, start, start + MINUTE * count) == MINUTE * sum(seen)
    assert [is_open(calendar, each) for each in minutes] == seen
    if True in seen:
        assert next_opening(calendar, start) == minutes[seen.index(True)]
    if False in seen:
        assert next_closing(calendar, start) == minutes[seen.index(False)]


def test_cases_of_the_benchmark_show_no_difference() -> None:
    chance = random.Random("some of those that tests.benchmarks.calendars looks at")
    assert [each for _ in range(300) for each in differences(make_case(chance))] == []
