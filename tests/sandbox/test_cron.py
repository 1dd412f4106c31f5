"""When a line of cron comes due."""

from __future__ import annotations

import datetime as dt

import pytest

from starkeeper.sandbox.cron import next_run, read_cron

MONDAY = dt.datetime(2026, 11, 30, 12, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("line", "zone", "due"),
    [
        ("*/10 * * * *", "UTC", "2026-11-30T12:10"),
        ("0 * * * *", "UTC", "2026-11-30T13:00"),
        ("5-20/5,50 11 * * *", "UTC", "2026-12-01T11:05"),
        ("0 9 * * mon-fri", "Asia/Tokyo", "2026-12-01T00:00"),
        ("0 9 * * 7", "UTC", "2026-12-06T09:00"),
        ("0 0 29 feb *", "UTC", "2028-02-29T00:00"),
        ("0 0 1 * fri", "UTC", "2026-12-01T00:00"),
        ("0 8 * * *", "America/Los_Angeles", "2026-11-30T16:00"),
    ],
)
def test_the_next_run_is_in_the_schedules_own_zone(line: str, zone: str, due: str) -> None:
    assert next_run(line, zone, MONDAY) == dt.datetime.fromisoformat(f"{due}+00:00")


def test_a_day_that_never_comes_has_no_next_run() -> None:
    assert next_run("0 0 30 2 *", "UTC", MONDAY) is None


@pytest.mark.parametrize(
    "line", ["", "* * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "*/0 * * * *", "5-1 * * * *", "x * * * *"]
)
def test_what_is_no_cron_is_not_understood(line: str) -> None:
    assert read_cron(line) is None
