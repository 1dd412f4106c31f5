"""Medians, nine in ten, and shares: against their definitions, and silent where there is little to go by."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from starkeeper.measures.numbers import FEW, Share, Times, times_of, usual_count, usual_percent, usual_times
from starkeeper.measures.weeks import weeks_until

MINUTE = dt.timedelta(minutes=1)
minutes = st.integers(0, 100_000).map(lambda count: count * MINUTE)


@given(st.lists(minutes, min_size=1, max_size=40))
def test_half_of_all_times_are_not_above_the_median_and_half_not_below(lengths: list[dt.timedelta]) -> None:
    middle = times_of(lengths).median
    assert middle is not None
    assert sum(each <= middle for each in lengths) * 2 >= len(lengths)
    assert sum(each >= middle for each in lengths) * 2 >= len(lengths)


@given(st.lists(minutes, min_size=FEW, max_size=40))
def test_nine_in_ten_is_a_time_that_was_seen_and_the_smallest_that_does(lengths: list[dt.timedelta]) -> None:
    ninth = times_of(lengths).ninth
    assert ninth is not None and ninth in lengths
    assert sum(each <= ninth for each in lengths) * 10 >= len(lengths) * 9
    assert sum(each < ninth for each in lengths) * 10 < len(lengths) * 9


@given(st.lists(minutes, max_size=FEW - 1))
def test_few_times_have_no_tenth(lengths: list[dt.timedelta]) -> None:
    times = times_of(lengths)
    assert (times.count, times.ninth) == (len(lengths), None)


@given(st.integers(0, 500), st.integers(0, 500))
def test_a_share_is_a_whole_one_only_where_it_is_all(count: int, more: int) -> None:
    share = Share(count, count + more)
    assert (share.percent is None) is (count + more < FEW)
    assert (share.percent == 100) is (more == 0 and count >= FEW)


@given(st.lists(minutes), st.randoms())
def test_the_order_of_things_changes_no_number(lengths: list[dt.timedelta], random: object) -> None:
    shuffled = sorted(lengths, key=lambda _: random.random())  # type: ignore[attr-defined]
    assert times_of(shuffled) == times_of(lengths)


@pytest.mark.parametrize(("counts", "usual"), [([], None), ([3], 3), ([1, 2], 1.5), ([0, 0, 7, 1], 0.5), ([1, 3], 2)])
def test_the_usual_count_is_the_median(counts: list[int], usual: float | None) -> None:
    assert usual_count(counts) == usual


def test_a_whole_usual_count_is_written_without_a_point() -> None:
    assert str(usual_count([1, 3])) == "2"


def test_weeks_with_little_in_them_do_not_tell_a_usual_rate() -> None:
    assert usual_percent([Share(0, 4), Share(9, 10), Share(8, 10), Share(5, 10)]) == 80
    assert usual_percent([Share(0, 4)]) is None


def test_the_usual_times_are_medians_of_the_weeks() -> None:
    weeks = [Times(9, 10 * MINUTE, 60 * MINUTE), Times(2, 20 * MINUTE), Times(), Times(9, 60 * MINUTE, 90 * MINUTE)]
    assert usual_times(weeks) == Times(20, 20 * MINUTE, 75 * MINUTE)
    assert usual_times([]) == Times()


@given(st.integers(0, 2**32).map(lambda second: dt.datetime.fromtimestamp(second, dt.UTC)), st.integers(-14, 14))
def test_five_whole_weeks_end_one_after_the_other_by_then(until: dt.datetime, ahead: int) -> None:
    until = until.astimezone(dt.timezone(dt.timedelta(hours=ahead)))
    weeks = weeks_until(until)
    assert [each.starts_at.weekday() for each in weeks] == [0] * 5
    assert [each.ends_at for each in weeks[1:]] == [each.starts_at for each in weeks[:-1]]
    assert dt.timedelta(0) <= until - weeks[0].ends_at < dt.timedelta(days=7)
