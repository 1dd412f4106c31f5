"""The edges of `reopened`: epics, accounts that are gone, what is asked of GitLab, and what time changes."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from starkeeper.conditions.reopened import Reopened
from starkeeper.evaluate import evaluate
from starkeeper.model.values import Interval
from tests.builders import NOW, RENDER, make_facts, make_issue, make_policies, make_resource

HOUR = dt.timedelta(hours=1)
CLOSED = {"state": "closed", "user": "desk-bot", "created_at": NOW - 2 * HOUR}
REOPENED = {"state": "reopened", "user": "ivy", "created_at": NOW - HOUR}


@pytest.mark.parametrize(
    ("events", "holds"),
    [
        ([CLOSED, REOPENED], True),
        ([REOPENED], True),  # GitLab has not kept such events for ever
        ([CLOSED, {**REOPENED, "state": "opened"}], True),
        ([{**REOPENED, "state": "opened"}], False),
        ([CLOSED, {**REOPENED, "user": "ghost"}], False),
        ([CLOSED, {**REOPENED, "user": ""}], False),
        ([CLOSED], False),
    ],
)
def test_somebody_opened_again_what_had_been_closed(events: list[dict[str, Any]], holds: bool) -> None:
    epic = make_resource(type="epics")
    facts = make_facts(epic, state_events={epic.iid: events})
    assert Reopened(by="people").holds(epic, facts) is holds


def test_templates_know_who_it_was_and_when() -> None:
    issue = make_issue()
    facts = make_facts(issue, state_events={issue.iid: [CLOSED, {**REOPENED, "user": "sam"}, CLOSED, REOPENED]})
    assert Reopened(by="people").binds(issue, facts) == {"reopened_by": "ivy", "reopened_at": NOW - HOUR}


def test_time_alone_ends_it_where_it_is_asked_within_a_time() -> None:
    issue, condition = make_issue(), Reopened(within=Interval(3, "hours"))
    facts = make_facts(issue, state_events={issue.iid: [CLOSED, REOPENED]})
    assert condition.next_change(issue, facts) == NOW + 2 * HOUR
    assert condition.holds(issue, structs.replace(facts, now=NOW + 2 * HOUR))
    assert not condition.holds(issue, structs.replace(facts, now=NOW + 3 * HOUR))


def test_state_events_are_read_only_of_what_would_be_closed_otherwise(tmp_path: Path) -> None:
    rules = """
- name: Close what is done
  conditions: {labels: [done], commented: {by: people}, none_of: [{reopened: {by: people}}]}
  actions: {status: close}
"""
    issues = [make_issue(iid=1), make_issue(iid=2, labels=("done",)), make_issue(iid=3, labels=("done",))]
    facts = make_facts(*issues, notes={3: [{"author": "emil", "body": "Done."}]})
    unread = structs.replace(facts, read={**facts.read, "state_events": {}})
    assert evaluate(make_policies(tmp_path, rules), unread, RENDER).needs == {("state_events", issues[2].key)}
