"""The due times of the process description, to the minute, each with the calendar that it is told with."""

from __future__ import annotations

import datetime as dt

import pytest

from starkeeper.desk.calendars import after
from starkeeper.model.desk import Calendar, Window

WORKING_DAYS = tuple(Window(day, 0, 1440) for day in range(5))
CHRISTMAS = frozenset({dt.date(2026, 12, 25)})


@pytest.mark.parametrize(
    ("opened", "zone", "closed", "due"),
    [
        ("2026-11-27 18:30", "UTC", (), "2026-12-01 18:30"),
        ("2026-11-27 18:30", "Europe/Amsterdam", (), "2026-12-01 18:30"),
        ("2026-11-27 18:30", "America/Los_Angeles", (), "2026-12-01 18:30"),
        ("2026-11-27 18:30", "Australia/Brisbane", (), "2026-12-01 14:00"),
        ("2026-11-28 10:00", "UTC", (), "2026-12-02 00:00"),
        ("2026-12-24 20:00", "UTC", (), "2026-12-28 20:00"),
        ("2026-12-24 20:00", "UTC", CHRISTMAS, "2026-12-29 20:00"),
        ("2026-10-23 18:30", "Europe/Amsterdam", (), "2026-10-27 19:30"),
    ],
)
def test_contact_is_due_48_hours_of_monday_to_friday_later(
    opened: str, zone: str, closed: frozenset[dt.date], due: str
) -> None:
    calendar = Calendar(name="working_days", zone=zone, windows=WORKING_DAYS, closed=frozenset(closed))
    assert after(calendar, _at(opened), dt.timedelta(hours=48)) == _at(due)


def _at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)
