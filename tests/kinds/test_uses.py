"""Uses of the kinds that are refused where they stand, what lists are narrowed by, and what is read for an answer."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from starkeeper.errors import PolicyError
from starkeeper.model.facets import FacetNeeded
from starkeeper.model.resources import EVERY_TYPE, ResourceType
from starkeeper.model.rules import Condition
from starkeeper.registry import ACTIONS, CONDITIONS
from tests.builders import NOW, make_facts, make_policies, make_resource


def _condition(folder: Path, yaml: str, type: ResourceType = "issues") -> Condition:
    return make_policies(folder, f"- name: R\n  conditions:\n    {yaml}", type=type).rules[0].conditions[0].condition


@pytest.mark.parametrize(
    ("type", "condition", "message"),
    [
        ("issues", "state: merged", "only merge requests can be 'merged'; write opened or closed"),
        ("branches", "state: opened", "write merged: true"),
        ("issues", "state: locked", "only merge requests can be 'locked'"),
        ("issues", "any_of: [{state: merged}]", "only merge requests can be 'merged'"),
        (
            "issues",
            "date: {attribute: merged_at, condition: older_than, interval_type: days, interval: 1}",
            "'merged_at' is no time of issues; write created_at or updated_at or closed_at",
        ),
        (
            "branches",
            "date: {attribute: created_at, condition: older_than, interval_type: days, interval: 1}",
            "'created_at' is no time of branches; write committed_date or authored_date",
        ),
        ("issues", "due_date: {}", "'due_date' asks nothing"),
        ("issues", "tasks: {}", "'tasks' asks nothing"),
        ("issues", "time_tracking: {}", "'time_tracking' asks nothing"),
        ("issues", "human_activity: {by: people}", "'human_activity' needs one of"),
        ("issues", "human_activity: {within: 1 day, none_within: 2 days}", "'human_activity' needs one of"),
        ("issues", "weight: Nome", "'Nome' is not known here"),
        ("issues", "weight: -1", "no weight is less than 0; write a whole number"),
        ("issues", "votes: {attribute: upvotes, condition: more_than, threshold: 3}", "'more_than' is not known here"),
        ("issues", "author_member: {source: user, condition: member_of, source_id: 1}", "'user' is not known here"),
    ],
)
def test_use_that_can_never_be_meant_is_refused_at_its_line(
    type: ResourceType, condition: str, message: str, tmp_path: Path
) -> None:
    with pytest.raises(PolicyError) as caught:
        _condition(tmp_path, condition, type)
    assert message in str(caught.value)
    assert "policy.yml:8:" in str(caught.value)


@pytest.mark.parametrize(
    ("action", "message"),
    [
        ("move: support/star", "'move' names the project that tracker 'star' is; name another one"),
        ("move: Support/STAR", "'move' names the project that tracker 'star' is"),
        ("move: archive", "'archive' is no path of a project; write it like group/project"),
        ("due_date: 2026-02-30", "there is no day 2026-02-30"),
        ("due_date: tomorrow", "'tomorrow' is no day; write year, month and day like 2026-12-24, or None"),
        ("due_date: {in: soon}", "'soon' is no interval"),
        ("comment_type: discussion", "'discussion' is not known here"),
    ],
)
def test_action_that_cannot_be_done_is_refused_at_its_line(action: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(PolicyError) as caught:
        make_policies(tmp_path, f"- name: R\n  actions:\n    {action}")
    assert message in str(caught.value)
    assert "policy.yml:8:" in str(caught.value)


@pytest.mark.parametrize(
    ("type", "condition", "asked"),
    [
        ("issues", "weight: 3", {("weight", "3")}),
        ("issues", "weight: none", {("weight", "None")}),
        ("issues", "health_status: ANY", {("health_status", "Any")}),
        ("issues", "health_status: at_risk", {("health_status", "at_risk")}),
        ("issues", "iteration: None", {("iteration_id", "None")}),
        ("issues", "iteration: Week 49", {("iteration_title", "Week 49")}),
        ("issues", "iteration: 2026-11-30 - 2026-12-06", set()),
        ("issues", "issue_type: [incident]", {("issue_type", "incident")}),
        ("issues", "issue_type: [incident, task]", set()),
        ("issues", "due_date: None", {("due_date", "0")}),
        ("issues", "due_date: overdue", set()),
        ("merge_requests", "draft: false", {("wip", "no")}),
        ("merge_requests", "source_branch: main", {("source_branch", "main")}),
        ("merge_requests", "target_branch: 'release-*'", set()),
        ("merge_requests", "reviewer_id: 7", {("reviewer_id", "7")}),
        ("merge_requests", "state: merged", {("state", "merged")}),
        ("branches", "name: ^feature", {("search", "^feature")}),
        ("branches", "name: ^feature/login$", {("search", "^feature/login")}),
        ("branches", "name: 'feature*login'", set()),
    ],
)
def test_list_is_narrowed_by_what_loses_nothing(
    type: ResourceType, condition: str, asked: set[tuple[str, str]], tmp_path: Path
) -> None:
    assert _condition(tmp_path, condition, type).asks() == asked


@pytest.mark.parametrize(
    ("asked", "name", "is_it"),
    [
        ("^feature/login$", "feature/login", True),
        ("^feature/login$", "feature/login-2", False),
        ("^feature*in$", "feature/login", True),
        ("a.c", "abc", False),
        ("A.C", "x-a.c-y", True),
    ],
)
def test_name_of_a_branch_is_anchored_and_is_no_regular_expression(
    asked: str, name: str, is_it: bool, tmp_path: Path
) -> None:
    branch = make_resource(type="branches", name=name)
    assert _condition(tmp_path, f"name: '{asked}'", "branches").holds(branch, make_facts(branch)) is is_it


@pytest.mark.parametrize(
    ("now", "interval", "due_date", "is_it"),
    [
        ("2026-12-02T23:59:59Z", "0 days", "2026-12-02", True),
        ("2026-12-02T23:59:59Z", "1 minute", "2026-12-03", True),
        ("2027-01-31T12:00:00Z", "1 month", "2027-02-28", True),
        ("2027-01-31T12:00:00Z", "1 month", "2027-03-01", False),
        ("2028-02-29T12:00:00Z", "1 year", "2029-02-28", True),
        ("2026-12-02T12:00:00Z", "999999 years", "2999-01-01", True),
        ("2026-12-02T12:00:00Z", "999999 weeks", "2999-01-01", True),
    ],
)
def test_due_within_counts_days_of_utc_on_the_calendar(
    now: str, interval: str, due_date: str, is_it: bool, tmp_path: Path
) -> None:
    issue = make_resource(due_date=due_date)
    facts = make_facts(issue, now=dt.datetime.fromisoformat(now))
    assert _condition(tmp_path, f"due_date: {{within: {interval}}}").holds(issue, facts) is is_it
    assert _condition(tmp_path, f"due_date: {{beyond: {interval}}}").holds(issue, facts) is not is_it


def test_today_is_not_overdue_by_any_time(tmp_path: Path) -> None:
    issue = make_resource(due_date=NOW.date())
    assert not _condition(tmp_path, "due_date: {overdue_by: 0 days}").holds(issue, make_facts(issue))


def test_activity_is_exact_to_the_second(tmp_path: Path) -> None:
    border = NOW - dt.timedelta(days=7)
    issue = make_resource(created_at=border - dt.timedelta(days=30))
    for at, is_active in ((border, True), (border - dt.timedelta(seconds=1), False)):
        facts = make_facts(issue, notes={12: [{"author": "ivy", "created_at": at}]})
        assert _condition(tmp_path, "human_activity: {within: 7 days}").holds(issue, facts) is is_active
        assert _condition(tmp_path, "human_activity: {none_within: 7 days}").holds(issue, facts) is not is_active


def test_activity_that_is_known_is_not_read_for(tmp_path: Path) -> None:
    condition = _condition(tmp_path, "human_activity: {none_within: 7 days}")
    fresh, old = make_resource(), make_resource(created_at=NOW - dt.timedelta(days=30))
    unread = structs.replace(make_facts(fresh), read={})
    assert condition.holds(fresh, unread) is False
    with pytest.raises(FacetNeeded):
        condition.holds(old, unread)


def test_activity_says_who_was_last_and_when(tmp_path: Path) -> None:
    condition = _condition(tmp_path, "human_activity: {within: 7 days}")
    issue = make_resource(created_at=NOW - dt.timedelta(days=30))
    notes = [{"author": "kim", "body": "my password", "created_at": "2026-12-01T09:00:00Z"}]
    assert condition.explain(issue, make_facts(issue, notes={12: notes})) == "kim was the last, at 2026-12-01 09:00 UTC"


def test_linked_merge_requests_are_read_only_for_their_states(tmp_path: Path) -> None:
    issue = make_resource(merge_requests_count=2)
    unread = structs.replace(make_facts(issue), read={})
    assert _condition(tmp_path, "linked_merge_requests: {at_least: 2}").holds(issue, unread)
    assert _condition(tmp_path, "linked_merge_requests: {at_least: 2}").facets == frozenset()
    assert _condition(tmp_path, "linked_merge_requests: {state: opened}").facets == {"merge_requests"}


@pytest.mark.parametrize(
    ("registry", "key", "types"),
    [
        (CONDITIONS, "labels", {"issues", "merge_requests", "epics"}),
        (CONDITIONS, "expr", set(EVERY_TYPE)),
        (CONDITIONS, "none_of", set(EVERY_TYPE)),
        (CONDITIONS, "upvotes", {"issues", "merge_requests"}),
        (CONDITIONS, "due_date", {"issues", "epics"}),
        (ACTIONS, "due_date", {"issues"}),
        (ACTIONS, "confidential", {"issues", "epics"}),
        (ACTIONS, "delete", {"branches"}),
    ],
)
def test_kind_is_for_what_has_such_a_thing(registry: Any, key: str, types: set[str]) -> None:
    assert registry.kind(key).types == types


@pytest.mark.parametrize(
    "rules",
    [
        "- {actions: {comment: x}, repeat: {every: 1 day, at_most: 1, then: {suggest: {busy_on: [star], text: x}}}}",
        "- {name: R, conditions: {duplicate_of: {}}, actions: {original: {suggest: {busy_on: [star], text: x}}}}",
        "- {name: R, conditions: {all_of: [{none_of: [{concurrent: {tracker: star}}]}]}, actions: {labels: [x]}}",
        "- {name: R, conditions: {concurrent: {where: {concurrent: {tracker: star}}}}, actions: {labels: [x]}}",
    ],
)
def test_what_is_looked_at_is_known_however_deep_it_stands(rules: str, tmp_path: Path) -> None:
    [rule] = make_policies(tmp_path, rules).rules
    acts = (*rule.actions, *(rule.repeat.then if rule.repeat else ()))
    kinds = (*(each.condition for each in rule.conditions), *(each.action for each in acts))
    assert {name for kind in kinds for name in kind.looks_at(rule)} == {"star"}
