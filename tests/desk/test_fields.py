"""What a form and a title say."""

from __future__ import annotations

import re

import pytest

from starkeeper.desk.fields import read_fields
from starkeeper.model.desk import Tracker
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


@pytest.mark.parametrize(
    ("answer", "read"),
    [
        ("```\n| One.\n|\n|   /close\n```", "One.\n\n  /close"),
        ("`2026-12-01 13:00 UTC`", "2026-12-01 13:00 UTC"),
        ("```\n| One.\nTwo.\n```", "```\n| One.\nTwo.\n```"),
        ("```\n| One.\n```\nTwo.", "```\n| One.\n```\nTwo."),
        ("`One` and `two`", "`One` and `two`"),
        ("```\n```", "```\n```"),
    ],
)
def test_what_a_form_quoted_is_read_as_it_was_entered_and_other_text_as_it_is(answer: str, read: str) -> None:
    assert _fields(f"### Reason\n\n{answer}\n\n### Urgency\n\nTimely") == {"reason": read, "urgency": "Timely"}
