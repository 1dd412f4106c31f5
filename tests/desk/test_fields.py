"""What a form and a title say, and who is on call."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from starkeeper.desk.fields import read_fields
from starkeeper.desk.rotations import on_call
from starkeeper.model.desk import Rotation, Shift, Tracker
from tests.builders import make_issue

TRACKER = Tracker(
    name="star",
    path="support/star",
    title=re.compile(r"ZD#(?P<ticket>\d+)"),
    form={"Ticket": "ticket", "Urgency": "urgency", "Reason": "reason"},
    values={"urgency": {"not urgent": "not-urgent"}},
)


def _fields(description: str, title: str = "A STAR") -> dict[str, str]:
    return dict(read_fields(make_issue(title=title, description=description), TRACKER))


def test_form_gives_each_heading_its_answer_and_leaves_empty_ones_out() -> None:
    form = "Hello\n\n### Urgency\n\nTimely\n\n## Reason ##\n\nOne.\n\nTwo.\n\n### Ticket\n\n_No response_\n"
    assert _fields(form) == {"urgency": "Timely", "reason": "One.\n\nTwo."}


def test_free_text_further_down_cannot_change_an_answer_above_it() -> None:
    form = "### Urgency\nNot Urgent\n### Reason\nPlease.\n### Urgency\nUrgent\n"
    assert _fields(form) == {"urgency": "not-urgent", "reason": "Please."}


def test_megabyte_that_looks_like_headings_is_read_in_no_time() -> None:
    assert _fields("### a" + " " * 1_000_000 + "x\n### Ticket" + " #" * 500_000 + "\n7\n### Ticket ##\n8") == {
        "ticket": "8"
    }


def test_title_wins_over_the_form_since_people_correct_the_title() -> None:
    assert _fields("### Ticket\n1\n", title="STAR for ZD#2") == {"ticket": "2"}


def test_values_are_called_as_the_desk_calls_them_whatever_their_case_and_spaces() -> None:
    assert _fields("### Urgency\n  NOT   urgent ") == {"urgency": "not-urgent"}


ROTATION = Rotation(
    name="r",
    zone="Europe/Amsterdam",
    shifts=(
        Shift(person="day", starts=dt.time(8), ends=dt.time(20)),
        Shift(person="night", starts=dt.time(22), ends=dt.time(6)),
    ),
)


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
    assert on_call(ROTATION, dt.datetime.fromisoformat(at)) == who
