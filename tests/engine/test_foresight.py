"""What is said of the time to come: exact, as a look at every minute shows, and never of what nobody can know."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import structs

from starkeeper.evaluate import evaluate, explain_rules
from starkeeper.evaluate.foresight import foresee
from starkeeper.model.facts import Facts
from starkeeper.model.plan import CommentStep
from starkeeper.model.resources import Resource
from starkeeper.model.rules import Clause
from starkeeper.render.markers import make_marker
from tests.builders import BOT, NOW, RENDER, make_facts, make_issue, make_policies

MINUTE = dt.timedelta(minutes=1)
PARTS = (
    "clock: {name: answer, at_least: 50%}",
    "clock: {name: answer, at_least: 20 minutes, less_than: 40 minutes}",
    "clock: {name: answer, breached: true}",
    "clock: {name: answer, remaining: 10 minutes}",
    "within: {calendar: office_hours}",
    "none_of: [{within: {calendar: office_hours}}]",
    "date: {attribute: created_at, condition: older_than, interval_type: hours, interval: 7}",
    "date: {attribute: created_at, condition: newer_than, interval_type: hours, interval: 2}",
    "date: {attribute: created_at, condition: older_than, interval_type: days, interval: 1}",
    "date: {attribute: created_at, condition: older_than, interval_type: hours, interval: 3, calendar: office_hours}",
    "human_activity: {none_within: 6 hours}",
    "human_activity: {none_within: 2 hours, calendar: office_hours}",
    "commented: {by: people, older_than: 90 minutes}",
    "label_added: {label: seen, within: 3 hours}",
    "snoozed: false",
)


def _world(opened: dt.datetime, wrote: dt.datetime, now: dt.datetime) -> tuple[Resource, Facts]:
    issue = make_issue(created_at=opened, labels=("seen",))
    notes = ({"author": "ivy", "body": "Any news?", "created_at": wrote},)
    snooze = ({"author": "emil", "body": "@desk-bot snooze 5 hours", "created_at": wrote},)
    events = ({"action": "add", "label": "seen", "user": "ivy", "created_at": wrote},)
    return issue, make_facts(issue, notes={12: (*notes, *snooze)}, label_events={12: events}, now=now)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    st.lists(st.sampled_from(PARTS), min_size=1, max_size=2, unique_by=lambda part: part.partition(":")[0]),
    st.integers(0, 4 * 1440),
    st.integers(0, 600),
    st.integers(0, 600),
)
def test_foreseen_instant_is_the_first_at_which_all_hold(
    tmp_path: Path, parts: list[str], start: int, wrote: int, later: int
) -> None:
    lines = "\n    ".join(parts)
    clauses = make_policies(tmp_path, f"- name: R\n  conditions:\n    {lines}").rules[0].conditions
    opened = dt.datetime(2026, 12, 3, 6, tzinfo=dt.UTC) + start * MINUTE
    now = opened + max(wrote, later) * MINUTE
    issue, facts = _world(opened, opened + wrote * MINUTE, now)
    found = foresee(clauses, issue, facts)
    looked = next((now + n * MINUTE for n in range(3 * 1440) if _holds(clauses, issue, facts, now + n * MINUTE)), None)
    if looked is None:
        assert found is None or found > now + 3 * 1440 * MINUTE - MINUTE
    else:
        assert found is not None
        assert looked - MINUTE < found <= looked


def _holds(clauses: tuple[Clause, ...], issue: Resource, facts: Facts, at: dt.datetime) -> bool:
    then = structs.replace(facts, now=at)
    return all(each.condition.holds(issue, then) for each in clauses)


@pytest.mark.parametrize("condition", ["title: ready", "labels: [ready]", "expr: now > created_at"])
def test_what_time_alone_does_not_change_is_not_foreseen(condition: str, tmp_path: Path) -> None:
    clauses = make_policies(tmp_path, f"- name: R\n  conditions:\n    {condition}").rules[0].conditions
    issue = make_issue(created_at=NOW + MINUTE)
    assert foresee(clauses, issue, make_facts(issue)) is None


def test_explanation_says_when_each_condition_and_the_rule_begin_to_hold(tmp_path: Path) -> None:
    rules = "- {name: R, conditions: {clock: {name: answer, at_least: 50%}, snoozed: false}, actions: {labels: [x]}}"
    policies = make_policies(tmp_path, rules)
    snooze = {"author": "emil", "body": "@desk-bot snooze 2 hours", "created_at": NOW}
    issue = make_issue(created_at=NOW, author="emil")
    [explained] = explain_rules(policies, make_facts(issue, notes={12: [snooze]}), issue, RENDER)
    assert [each.from_at for each in explained.reasons] == [NOW + 30 * MINUTE, NOW + 120 * MINUTE]
    assert explained.from_at == NOW + 120 * MINUTE
    assert explained.reasons[0].seen == (
        "answer: 0 min of 1 h since Wed 2026-12-02 09:30 UTC; due Wed 2026-12-02 10:30 UTC"
    )
    assert explained.reasons[1].seen == "snoozed until Wed 2026-12-02 11:30 UTC"


OUTLOOK = """
- name: X
  conditions: {command: {is: explain}}
  actions: {comment: "{% for e in explanation() %}{{ e.rule }} {{ e.at }};{% endfor %}"}
"""


def _told(folder: Path, rules: str, *others: Resource, said: tuple[dict[str, Any], ...] = (), **issue: Any) -> str:
    story = make_policies(folder, f"{rules}\n{OUTLOOK}")
    asked = {"author": "emil", "body": "@desk-bot explain", "created_at": NOW}
    facts = make_facts(make_issue(**issue), *others, notes={12: [*said, asked]})
    evaluation = evaluate(story, facts, RENDER)
    bodies = [step.body for each in evaluation.decisions for step in each.steps if isinstance(step, CommentStep)]
    return next(body for body in bodies if "rule X" in body).splitlines()[0]


def test_repeated_reminder_is_foreseen_for_its_next_turn(tmp_path: Path) -> None:
    said = {"author": BOT, "body": f"again\n\n{make_marker('R', 1)[1]}", "created_at": NOW - 60 * MINUTE}
    rules = "- {name: R, actions: {comment: again}, repeat: {every: 5 hours}}"
    assert _told(tmp_path, rules, said=(said,)) == "R Wed 2026-12-02 13:30 UTC;"


def test_rule_that_acts_on_the_original_only_is_foreseen(tmp_path: Path) -> None:
    rules = "- {name: Dup, conditions: {duplicate_of: {}}, actions: {original: {labels: [x]}}}"
    other = make_issue(iid=1, fields={"ticket": "1"}, created_at=NOW - 900 * MINUTE)
    assert _told(tmp_path, rules, other, fields={"ticket": "1"}) == "Dup Wed 2026-12-02 09:30 UTC;"


def test_rule_that_fails_does_not_silence_the_others(tmp_path: Path) -> None:
    rules = """
- {name: Broken, actions: {labels: ["u::{{ fields.urgency }},x"]}}
- {name: Sound, conditions: {clock: {name: answer, at_least: 50%}}, actions: {labels: [x]}}
"""
    told = _told(tmp_path, rules, created_at=NOW, author="emil")
    assert told == "Sound Wed 2026-12-02 10:00 UTC;"
