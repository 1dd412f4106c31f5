"""Decisions to a plan: order, bytes, and the fuses that stop before the first write."""

from __future__ import annotations

import json
from pathlib import Path

from msgspec import structs

from starkeeper.evaluate import evaluate
from starkeeper.model.facts import Facts
from starkeeper.model.plan import Plan
from starkeeper.plan import blown_fuses, make_plan
from starkeeper.report import exit_status, plan_file
from tests.builders import RENDER, make_facts, make_issue, make_policies

RULES = """
- name: Close
  actions: {status: close, labels: [done], comment: Good bye.}
"""


def _plan(folder: Path, rules: str, facts: Facts, top: str = "") -> Plan:
    policies = make_policies(folder, rules, top=top)
    return make_plan(evaluate(policies, facts, RENDER), facts, policies)


def test_notes_come_before_fields_and_the_state_last(tmp_path: Path) -> None:
    plan = json.loads(plan_file(_plan(tmp_path, RULES, make_facts(make_issue()))))
    assert [step["action"] for step in plan["changes"][0]["steps"]] == ["comment", "labels", "status"]


def test_plan_file_has_the_keys_of_version_1(tmp_path: Path) -> None:
    plan = json.loads(plan_file(_plan(tmp_path, RULES, make_facts(make_issue(title="T", web_url="https://g/1")))))
    assert list(plan) == [
        "version",
        "now",
        "policies",
        "changes",
        "conflicts",
        "skipped",
        "errors",
        "notices",
        "summary",
    ]
    assert (plan["version"], plan["now"]) == (1, "2026-12-02T09:30:00Z")
    assert plan["policies"].startswith("sha256:")
    change = plan["changes"][0]
    assert {name: change[name] for name in ("tracker", "project", "type", "iid", "title", "web_url")} == {
        "tracker": "star", "project": "support/star", "type": "issues", "iid": 12, "title": "T", "web_url": "https://g/1",
    }  # fmt: skip
    comment, labels, status = change["steps"]
    assert labels == {"action": "labels", "rule": "Close", "add": ["done"], "remove": []}
    assert status == {"action": "status", "rule": "Close", "state": "closed"}
    assert comment["internal"] is False and comment["body"].startswith("Good bye.")


def test_same_facts_in_another_order_give_the_same_changes(tmp_path: Path) -> None:
    issues = [make_issue(iid=n) for n in (1, 2, 3)]
    one = plan_file(_plan(tmp_path, RULES, make_facts(*issues)))
    assert plan_file(_plan(tmp_path, RULES, make_facts(*reversed(issues)))) == one


def test_fuse_of_a_rule_names_it_and_what_to_do(tmp_path: Path) -> None:
    rules = RULES.replace("name: Close", "name: Close\n  max_changes: 2")
    policies, facts = make_policies(tmp_path, rules), make_facts(*(make_issue(iid=n) for n in (1, 2, 3)))
    blown = blown_fuses(evaluate(policies, facts, RENDER).decisions, facts, policies)
    assert [name for name, *_ in blown] == ["Close"]
    (failure,) = blown.values()
    assert "3 issues, max_changes allows 2" in failure.what
    assert failure.must_correct


def test_fuses_of_two_rules_of_one_name_on_two_trackers_count_apart(tmp_path: Path) -> None:
    policies = make_policies(tmp_path, "- {name: Mark, max_changes: 1, actions: {labels: [a]}}")
    first = policies.rules[0]
    second = structs.replace(first, trackers=("feedback",))
    policies = structs.replace(policies, rules=(first, second))
    one = make_issue(iid=1)
    other = structs.replace(one, tracker="feedback", project="support/feedback")
    third = structs.replace(other, iid=2)
    facts = make_facts(one, other)
    assert blown_fuses(evaluate(policies, facts, RENDER).decisions, facts, policies) == {}
    facts = make_facts(one, other, third)
    blown = blown_fuses(evaluate(policies, facts, RENDER).decisions, facts, policies)
    assert list(blown) == [("Mark", "issues", ("feedback",))]


def test_fuse_in_percent_counts_the_issues_read(tmp_path: Path) -> None:
    rules = RULES.replace("name: Close", "name: Close\n  max_changes: 50%\n  conditions: {state: opened}")
    policies = make_policies(tmp_path, rules)
    for closed, expected in ((3, []), (2, ["Close"])):
        issues = [make_issue(iid=n) for n in (1, 2, 3)]
        issues += [make_issue(iid=10 + n, state="closed") for n in range(closed)]
        facts = make_facts(*issues)
        blown = blown_fuses(evaluate(policies, facts, RENDER).decisions, facts, policies)
        assert [name for name, *_ in blown] == expected


def test_fuse_of_a_file_counts_each_issue_once(tmp_path: Path) -> None:
    rules = "- {name: A, actions: {labels: [a]}}\n- {name: B, actions: {labels: [b]}}"
    for top, expected in (("max_changes: 2", []), ("max_changes: 1", ["A", "B"])):
        policies, facts = make_policies(tmp_path, rules, top=top), make_facts(make_issue(iid=1), make_issue(iid=2))
        blown = blown_fuses(evaluate(policies, facts, RENDER).decisions, facts, policies)
        assert [name for name, *_ in blown] == expected


def test_fuse_of_the_run_leaves_a_plan_without_changes(tmp_path: Path) -> None:
    issues = [make_issue(iid=n) for n in (1, 2)]
    for ceiling, changed in (("2", 2), ("1", 0), ("50%", 0), ("100%", 2)):
        policies = make_policies(tmp_path, RULES, desk=f"max_changes: {ceiling}")
        facts = structs.replace(make_facts(*issues), desk=policies.desk)
        plan = make_plan(evaluate(policies, facts, RENDER), facts, policies)
        assert len(plan.changes) == changed
        assert [error.where for error in plan.errors] == ([] if changed else ["this run"])
        assert exit_status(plan, ()) == (0 if changed else 1)


def test_conflict_ends_with_status_1_and_nothing_to_do_with_0(tmp_path: Path) -> None:
    conflict = "- {name: A, actions: {labels: ['u::a']}}\n- {name: B, actions: {labels: ['u::b']}}"
    assert exit_status(_plan(tmp_path, conflict, make_facts(make_issue())), ()) == 1
    assert exit_status(_plan(tmp_path, "- {name: A, actions: {labels: [a]}}", make_facts()), ()) == 0
