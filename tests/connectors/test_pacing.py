"""Waits, counted on a clock that never waits."""

from __future__ import annotations

import pytest

from starkeeper.connectors.pacing import Brake, Pace, asked_wait, backoff
from tests.connectors.conftest import NOW, Clock

RESET_IN_30 = {"Date": NOW, "RateLimit-Reset": "1796029230"}


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "30"}, 30),
        ({"Retry-After": "0"}, 0),
        ({"Retry-After": "1.5"}, 1.5),
        ({"Retry-After": "-3"}, None),
        ({"Retry-After": "Mon, 30 Nov 2026 09:00:45 GMT", "Date": NOW}, 45),
        ({"Retry-After": "Mon, 30 Nov 2026 08:00:00 GMT", "Date": NOW}, 0),
        (RESET_IN_30, 30),
        ({"Retry-After": "soon"} | RESET_IN_30, 30),
        ({"Retry-After": "7"} | RESET_IN_30, 7),
        ({"Retry-After": "nan"} | RESET_IN_30, 30),
        ({"RateLimit-Reset": "1796029230"}, None),
        ({"RateLimit-Reset": "never", "Date": NOW}, None),
        ({}, None),
    ],
)
def test_the_wait_that_an_answer_asks_for_needs_no_clock_of_ours(headers: dict[str, str], seconds: float) -> None:
    assert asked_wait(headers) == seconds


def test_backoff_grows_and_is_spread() -> None:
    waits = [[backoff(tried) for _ in range(50)] for tried in (1, 2, 3, 4)]
    assert all(2 ** (n - 1) / 2 <= wait <= 2 ** (n - 1) for n, row in enumerate(waits, 1) for wait in row)
    assert all(len(set(row)) > 1 for row in waits)


def test_pace_lets_one_through_per_second(clock: Clock) -> None:
    pace = Pace(1.0, clock.monotonic, clock.sleep)
    starts = []
    for _ in range(4):
        pace.wait()
        starts.append(clock.now)
    assert starts == [1000, 1001, 1002, 1003]


def test_pace_does_not_save_up_idle_time(clock: Clock) -> None:
    pace = Pace(2.0, clock.monotonic, clock.sleep)
    pace.wait()
    clock.now += 60
    for _ in range(3):
        pace.wait()
    assert clock.waits == [0.5, 0.5]


def brake_after(clock: Clock, remaining: int, limit: int, reset: str = "1796029230") -> list[float]:
    brake = Brake(8, clock.monotonic, clock.sleep)
    headers = {"RateLimit-Remaining": str(remaining), "RateLimit-Limit": str(limit), "RateLimit-Reset": reset}
    brake.see(headers | {"Date": NOW})
    brake.wait()
    return clock.waits


def test_brake_stops_before_the_limit_is_hit(clock: Clock) -> None:
    assert brake_after(clock, 8, 2000) == [30]


def test_brake_leaves_enough_alone(clock: Clock) -> None:
    assert brake_after(clock, 9, 2000) == []


def test_brake_does_not_stop_at_each_request_of_a_small_limit(clock: Clock) -> None:
    assert brake_after(clock, 5, 20) == []


def test_brake_does_not_begin_a_wait_that_is_too_long(clock: Clock) -> None:
    assert brake_after(clock, 0, 2000, reset="1796032800") == []
