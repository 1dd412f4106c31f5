"""The edges of `clock`: the very instants at which it begins and ends to hold, and the hours in which it reminds."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from msgspec import structs

from starkeeper.model.desk import Calendar, Window
from tests.builders import DESK, NOW, make_facts, make_issue, make_policies

MINUTE = dt.timedelta(minutes=1)


@pytest.mark.parametrize(
    ("asked", "minutes", "holds"),
    [
        ("at_least: 30 minutes", 29, False),
        ("at_least: 30 minutes", 30, True),
        ("at_least: 50%", 30, True),
        ("less_than: 30 minutes", 29, True),
        ("less_than: 30 minutes", 30, False),
        ("remaining: 10 minutes", 49, False),
        ("remaining: 10 minutes", 50, True),
        ("remaining: 10 minutes", 70, True),
        ("breached: true", 59, False),
        ("breached: true", 60, True),
        ("breached: false", 59, True),
        ("stopped: false", 5, True),
        ("stopped: true", 5, False),
    ],
)
def test_clock_holds_from_the_minute_on(asked: str, minutes: int, holds: bool, tmp_path: Path) -> None:
    rule = make_policies(tmp_path, f"- name: R\n  conditions:\n    clock: {{name: answer, {asked}}}").rules[0]
    issue = make_issue(created_at=NOW)
    facts = make_facts(issue, now=NOW + minutes * MINUTE)
    assert rule.conditions[0].condition.holds(issue, facts) is holds


def test_reminder_waits_for_the_hours_and_a_breach_is_one_at_any_time(tmp_path: Path) -> None:
    rules = """
- {name: Remind, conditions: {clock: {name: answer, at_least: 50%}}}
- {name: Breach, conditions: {clock: {name: answer, breached: true}}}
"""
    remind, breach = (rule.conditions[0].condition for rule in make_policies(tmp_path, rules).rules)
    until_ten = Calendar(name="office_hours", windows=(Window(2, 9 * 60, 10 * 60 + 30), Window(3, 9 * 60, 17 * 60)))
    desk = structs.replace(DESK, calendars={"office_hours": until_ten})
    issue = make_issue(created_at=NOW)
    closed = make_facts(issue, now=NOW + 60 * MINUTE, desk=desk)
    assert (remind.holds(issue, closed), breach.holds(issue, closed)) == (False, True)
    opened = structs.replace(closed, now=NOW + dt.timedelta(hours=23, minutes=30))
    assert remind.holds(issue, opened)
