"""Rules over facts: chains, scopes, limits, conflicts, what is said once, and what is asked for."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from msgspec import structs

from starkeeper.evaluate import evaluate
from starkeeper.model.decisions import Evaluation
from starkeeper.model.facts import Facts
from starkeeper.model.plan import AssignStep, CommentStep, LabelsStep, StatusStep
from starkeeper.render.markers import find_marker
from tests.builders import BOT, NOW, RENDER, make_facts, make_issue, make_policies


def _evaluate(folder: Path, rules: str, facts: Facts) -> Evaluation:
    return evaluate(make_policies(folder, rules), facts, RENDER)


def _steps(evaluation: Evaluation) -> list[object]:
    return [step for decision in evaluation.decisions for step in decision.steps]


def test_rule_sees_the_label_that_the_rule_before_it_sets(tmp_path: Path) -> None:
    rules = """
- name: First
  conditions: {forbidden_labels: [seen]}
  actions: {labels: [seen]}
- name: Second
  conditions: {labels: [seen]}
  actions: {status: close}
"""
    steps = _steps(_evaluate(tmp_path, rules, make_facts(make_issue())))
    assert steps == [LabelsStep(rule="First", add=("seen",)), StatusStep(rule="Second", state="closed")]


def test_chain_within_a_scope_is_no_conflict_and_takes_the_sibling_off(tmp_path: Path) -> None:
    rules = """
- name: New
  conditions: {forbidden_labels: ["star::*"]}
  actions: {labels: ["star::new"]}
- name: Acknowledged
  conditions: {labels: ["star::new"]}
  actions: {labels: ["star::acknowledged"]}
"""
    evaluation = _evaluate(tmp_path, rules, make_facts(make_issue()))
    assert evaluation.conflicts == ()
    assert _steps(evaluation)[1] == LabelsStep(rule="Acknowledged", add=("star::acknowledged",), remove=("star::new",))


def test_two_values_of_one_scope_by_independent_rules_are_a_conflict(tmp_path: Path) -> None:
    rules = """
- name: One
  actions: {labels: ["urgency::timely"]}
- name: Other
  actions: {labels: ["urgency::urgent"]}
- name: Third
  actions: {labels: [bug]}
"""
    evaluation = _evaluate(tmp_path, rules, make_facts(make_issue()))
    assert [(each.rules, each.over) for each in evaluation.conflicts] == [(("One", "Other"), "label 'urgency::timely'")]
    assert _steps(evaluation) == [LabelsStep(rule="Third", add=("bug",))]


def test_set_and_taken_off_by_two_rules_is_a_conflict_that_stops_what_followed_from_it(tmp_path: Path) -> None:
    rules = """
- name: On
  actions: {labels: [stale]}
- name: Off
  conditions: {labels: [stale]}
  actions: {remove_labels: [stale]}
- name: After
  conditions: {labels: [stale]}
  actions: {status: close}
"""
    facts = make_facts(make_issue(iid=1), make_issue(iid=2, labels=("stale",)))
    evaluation = _evaluate(tmp_path, rules, facts)
    assert [(each.iid, each.rules) for each in evaluation.conflicts] == [(1, ("On", "Off"))]
    closed = [(decision.resource.iid, step) for decision in evaluation.decisions for step in decision.steps]
    assert closed == [(2, LabelsStep(rule="Off", remove=("stale",)))]


def test_closed_and_reopened_by_two_rules_is_a_conflict(tmp_path: Path) -> None:
    rules = "- {name: Close, conditions: {state: opened}, actions: {status: close}}\n"
    rules += "- {name: Reopen, conditions: {state: closed}, actions: {status: reopen}}"
    evaluation = _evaluate(tmp_path, rules, make_facts(make_issue()))
    assert [each.over for each in evaluation.conflicts] == ["state"]
    assert _steps(evaluation) == []


def test_assigned_and_unassigned_by_two_rules_is_a_conflict(tmp_path: Path) -> None:
    rules = "- {name: On, actions: {assign: [kim]}}\n- {name: Off, actions: {unassign: [kim]}}"
    evaluation = _evaluate(tmp_path, rules, make_facts(make_issue()))
    assert [each.over for each in evaluation.conflicts] == ["assignee 'kim'"]


def test_user_names_are_one_in_any_case_also_in_a_conflict(tmp_path: Path) -> None:
    rules = "- {name: Off, actions: {unassign: [kim]}}\n- {name: On, actions: {assign: [Kim]}}"
    evaluation = _evaluate(tmp_path, rules, make_facts(make_issue(assignees=("kim",))))
    assert [each.over for each in evaluation.conflicts] == ["assignee 'kim'"]
    twice = _evaluate(tmp_path, "- {name: On, actions: {assign: [Kim, kim]}}", make_facts(make_issue()))
    assert _steps(twice) == [AssignStep(rule="On", add=("Kim",))]
    for asked in ("[Kim]", "{any_of: ['@KIM']}"):
        rules = f"- {{name: Seen, conditions: {{assignees: {asked}}}, actions: {{labels: [seen]}}}}"
        assert len(_steps(_evaluate(tmp_path, rules, make_facts(make_issue(assignees=("kim",)))))) == 1, asked


def test_rule_that_takes_a_scope_off_and_sets_one_label_of_it_rests_once_it_is_so(tmp_path: Path) -> None:
    for actions in (
        "remove_labels: ['star::*'], labels: ['star::done']",
        "labels: ['star::done'], remove_labels: ['*']",
    ):
        rules = f"- {{name: Done, actions: {{{actions}}}}}"
        first = _evaluate(tmp_path, rules, make_facts(make_issue(labels=("star::new",))))
        assert _steps(first) == [LabelsStep(rule="Done", add=("star::done",), remove=("star::new",))]
        assert _steps(_evaluate(tmp_path, rules, make_facts(make_issue(labels=("star::done",))))) == []


def test_rule_that_unassigns_everybody_and_assigns_one_rests_once_it_is_so(tmp_path: Path) -> None:
    rules = "- {name: Hand over, actions: {assign: {on_call: support_manager}, unassign: Any}}"
    first = _evaluate(tmp_path, rules, make_facts(make_issue(assignees=("aoi",))))
    assert _steps(first) == [AssignStep(rule="Hand over", add=("emil",), remove=("aoi",))]
    both = _evaluate(tmp_path, rules, make_facts(make_issue(assignees=("Emil", "aoi"))))
    assert _steps(both) == [AssignStep(rule="Hand over", remove=("aoi",))]
    assert _steps(_evaluate(tmp_path, rules, make_facts(make_issue(assignees=("emil",))))) == []


def test_chain_whose_expression_fails_without_the_first_rule_is_no_conflict(tmp_path: Path) -> None:
    rules = """
- {name: First, conditions: {forbidden_labels: ["star::*"]}, actions: {labels: ["star::new"]}}
- {name: Second, conditions: {expr: "labels[0].startswith('star::')"}, actions: {labels: ["star::acknowledged"]}}
"""
    evaluation = _evaluate(tmp_path, rules, make_facts(make_issue()))
    assert evaluation.conflicts == ()


def test_mark_that_was_taken_off_is_not_the_managers_when_a_rule_sets_the_label_again(tmp_path: Path) -> None:
    rules = """
- {name: Set, conditions: {state: opened}, actions: {labels: [mark]}}
- {name: Act, conditions: {label_added: {label: mark, by: managers}}, actions: {status: close}}
"""
    events = [{"action": "add", "label": "mark", "user": "emil"}, {"action": "remove", "label": "mark", "user": "emil"}]
    evaluation = _evaluate(tmp_path, rules, make_facts(make_issue(), label_events={12: events}))
    assert _steps(evaluation) == [LabelsStep(rule="Set", add=("mark",))]


@pytest.mark.parametrize("to", ["hello", "support/star#x", "12", "https://gitlab.example.com/a/b/-/issues/1"])
def test_reference_that_names_no_issue_is_an_error_before_the_first_write(tmp_path: Path, to: str) -> None:
    evaluation = _evaluate(tmp_path, f"- {{name: Link, actions: {{relate: {{to: '{to}'}}}}}}", make_facts(make_issue()))
    assert _steps(evaluation) == []
    assert [error.must_correct for error in evaluation.errors] == [True]
    assert "this gives no issue" in evaluation.errors[0].what


def test_link_to_the_issue_itself_or_one_known_in_other_letters_is_not_planned(tmp_path: Path) -> None:
    for to in ("#12", "Support/STAR#12", "Support/star#41"):
        facts = make_facts(make_issue(), links={12: ["support/star#41"]})
        assert _steps(_evaluate(tmp_path, f"- {{name: Link, actions: {{relate: {{to: '{to}'}}}}}}", facts)) == [], to


def test_interval_longer_than_the_calendar_is_simply_long_ago(tmp_path: Path) -> None:
    for unit in ("minutes", "hours", "days", "weeks", "months", "years"):
        date = f"{{attribute: created_at, condition: older_than, interval_type: {unit}, interval: 9999999999}}"
        rules = f"- {{name: Old, conditions: {{date: {date}}}, actions: {{labels: [old]}}}}"
        assert _steps(_evaluate(tmp_path, rules, make_facts(make_issue()))) == [], unit
    rules = "- {name: Nag, actions: {comment: Hello}, repeat: {every: 999999 weeks}}"
    said = {"author": BOT, "body": _body(tmp_path, rules)}
    assert _steps(_evaluate(tmp_path, rules, make_facts(make_issue(), notes={12: [said]}))) == []


def test_limits_take_the_oldest_or_the_most_recent(tmp_path: Path) -> None:
    issues = [make_issue(iid=n, created_at=NOW - dt.timedelta(days=10 - n)) for n in (3, 1, 2)]
    oldest = _evaluate(tmp_path, "- {name: O, limits: {oldest: 2}, actions: {labels: [x]}}", make_facts(*issues))
    assert [decision.resource.iid for decision in oldest.decisions] == [1, 2]
    both = "- {name: B, limits: {oldest: 2, most_recent: 1}, actions: {labels: [x]}}"
    assert [each.resource.iid for each in _evaluate(tmp_path, both, make_facts(*issues)).decisions] == [3]
    none = "- {name: N, limits: {oldest: 0}, actions: {labels: [x]}}"
    assert _evaluate(tmp_path, none, make_facts(*issues)).decisions == ()


def test_everything_that_one_rule_says_is_one_note_with_reason_and_marker_last(tmp_path: Path) -> None:
    rules = "- name: Greet\n  actions:\n    mention: [kim]\n    comment: 'Hello {{ author }}.'\n    labels: [seen]"
    comment = _steps(_evaluate(tmp_path, rules, make_facts(make_issue())))[0]
    assert isinstance(comment, CommentStep)
    lines = comment.body.splitlines()
    assert lines[:3] == ["Hello @ivy.", "", "cc @kim"]
    assert "rule Greet, `policy.yml:" in lines[-3]
    marker = find_marker(comment.body)
    assert marker is not None
    assert (marker.key, marker.occurrence) == (comment.key, 1)


def test_comment_is_said_once(tmp_path: Path) -> None:
    rules = "- {name: Greet, actions: {comment: Hello, labels: [seen]}}"
    body = _body(tmp_path, rules)
    again = _evaluate(tmp_path, rules, make_facts(make_issue(), notes={12: [{"author": BOT, "body": body}]}))
    assert _steps(again) == [LabelsStep(rule="Greet", add=("seen",))]


def test_marker_in_somebody_elses_note_counts_for_nothing(tmp_path: Path) -> None:
    rules = "- {name: Greet, actions: {comment: Hello}}"
    copied = {"author": "ivy", "body": _body(tmp_path, rules)}
    assert len(_steps(_evaluate(tmp_path, rules, make_facts(make_issue(), notes={12: [copied]})))) == 1


def test_note_that_people_edited_is_still_known(tmp_path: Path) -> None:
    rules = "- {name: Greet, actions: {comment: Hello}}"
    body = _body(tmp_path, rules)
    for edited in (f"{body}\n\nand more", body.replace("Hello", "Good day"), body.rpartition("\n")[2] + "\r\n\r\nBye"):
        facts = make_facts(make_issue(), notes={12: [{"author": BOT, "body": edited}]})
        assert _steps(_evaluate(tmp_path, rules, facts)) == [], edited


def test_repeat_says_it_again_when_it_is_due_and_not_more_often_than_at_most(tmp_path: Path) -> None:
    rules = "- {name: Nag, actions: {comment: Hello}, repeat: {every: 2 days, at_most: 2}}"
    first = {"author": BOT, "body": _body(tmp_path, rules), "created_at": NOW - dt.timedelta(days=2)}
    early = structs.replace(make_facts(make_issue(), notes={12: [first]}), now=NOW - dt.timedelta(seconds=1))
    assert _steps(_evaluate(tmp_path, rules, early)) == []
    (second,) = _steps(_evaluate(tmp_path, rules, make_facts(make_issue(), notes={12: [first]})))
    assert isinstance(second, CommentStep)
    later = structs.replace(
        make_facts(make_issue(), notes={12: [first, {"author": BOT, "body": second.body}]}),
        now=NOW + dt.timedelta(days=9),
    )
    assert _steps(_evaluate(tmp_path, rules, later)) == []


def test_repeat_counts_only_the_hours_in_which_a_calendar_is_open(tmp_path: Path) -> None:
    rules = "- {name: Nag, actions: {comment: Hello}, repeat: {every: 4 hours, calendar: office_hours}}"
    tuesday_at_four = NOW.replace(day=1, hour=16, minute=0)
    said = {"author": BOT, "body": _body(tmp_path, rules), "created_at": tuesday_at_four}
    facts = make_facts(make_issue(), notes={12: [said]})
    wednesday_noon = NOW.replace(hour=12, minute=0)
    assert (
        _steps(_evaluate(tmp_path, rules, structs.replace(facts, now=wednesday_noon - dt.timedelta(minutes=1)))) == []
    )
    assert len(_steps(_evaluate(tmp_path, rules, structs.replace(facts, now=wednesday_noon)))) == 1


def test_facets_are_asked_only_of_issues_that_the_cheap_conditions_leave(tmp_path: Path) -> None:
    rules = """
- name: Marked
  conditions: {label_added: {label: mark, by: managers}, labels: [mark]}
  actions: {status: close}
"""
    facts = structs.replace(make_facts(make_issue(iid=1), make_issue(iid=2, labels=("mark",))), read={})
    evaluation = _evaluate(tmp_path, rules, facts)
    assert {(facet, str(subject)) for facet, subject in evaluation.needs} == {("label_events", "support/star#2")}
    assert evaluation.decisions == ()


def test_template_that_fails_on_one_issue_is_reported_and_the_others_go_on(tmp_path: Path) -> None:
    rules = "- {name: Name it, actions: {labels: ['v::{{ fields.version }}']}}"
    issues = (make_issue(iid=1, fields={"version": "1,2"}), make_issue(iid=2, fields={"version": "3"}))
    evaluation = _evaluate(tmp_path, rules, make_facts(*issues))
    assert [decision.resource.iid for decision in evaluation.decisions] == [2]
    assert [error.must_correct for error in evaluation.errors] == [True]
    assert "support/star#1" in evaluation.errors[0].where
    assert "1,2" not in evaluation.errors[0].what


def test_named_groups_of_a_pattern_are_fields_of_the_templates(tmp_path: Path) -> None:
    rules = r"""
- name: Version
  conditions: {description: 'Version: (?P<version>\d+)'}
  actions: {labels: ['v::{{ fields.version }}']}
"""
    facts = make_facts(make_issue(description="Version: 18 and more"))
    assert _steps(_evaluate(tmp_path, rules, facts)) == [LabelsStep(rule="Version", add=("v::18",))]


def test_newest_comment_counts(tmp_path: Path) -> None:
    rules = r"""
- name: Engineer
  conditions: {commented: {by: managers, matching: 'Engineer: (?P<version>\w+)'}}
  actions: {labels: ['engineer::{{ fields.version }}']}
"""
    said = [{"author": "emil", "body": "Engineer: kim"}, {"author": "aoi", "body": "Engineer: lou"}]
    facts = make_facts(make_issue(), notes={12: said})
    assert _steps(_evaluate(tmp_path, rules, facts)) == [LabelsStep(rule="Engineer", add=("engineer::lou",))]


def test_duplicate_takes_over_the_assignee_of_the_first(tmp_path: Path) -> None:
    rules = """
- name: Second
  conditions: {duplicate_of: {}}
  actions: {assign: {like: original}, relate: original}
"""
    first = make_issue(iid=1, fields={"ticket": "7"}, assignees=("emil",), created_at=NOW - dt.timedelta(days=1))
    second = make_issue(iid=2, fields={"ticket": "7"})
    evaluation = _evaluate(tmp_path, rules, make_facts(first, second))
    assert [decision.resource.iid for decision in evaluation.decisions] == [2]
    assert AssignStep(rule="Second", add=("emil",)) in _steps(evaluation)


def _body(folder: Path, rules: str) -> str:
    steps = _steps(_evaluate(folder, rules, make_facts(make_issue())))
    return next(step.body for step in steps if isinstance(step, CommentStep))


def test_conflict_that_cannot_be_told_yet_asks_for_what_is_missing(tmp_path: Path) -> None:
    """What the first rule would find on the issue afterwards costs a request that it did not cost before."""
    rules = """
- name: One
  conditions: {any_of: [{title: ready}, {label_added: {label: a}}]}
  actions: {labels: [a, "s::y"]}
- name: Other
  actions: {labels: [a, "s::x"], remove_labels: ["s::y"]}
"""
    facts = make_facts(make_issue(title="ready"))
    unread = structs.replace(facts, read={**facts.read, "label_events": {}})
    assert _evaluate(tmp_path, rules, unread).conflicts == _evaluate(tmp_path, rules, facts).conflicts
    rules = rules.replace("{title: ready}, ", "{expr: 'labels | length == 0'}, ")
    assert _evaluate(tmp_path, rules, unread).needs == {("label_events", make_issue().key)}


def test_rules_that_pull_the_original_to_and_fro_are_a_conflict(tmp_path: Path) -> None:
    rules = """
- {name: A, conditions: {duplicate_of: {}}, actions: {original: {labels: [x]}}}
- {name: B, conditions: {labels: [x]}, actions: {remove_labels: [x]}}
"""
    same = {"fields": {"ticket": "1"}}
    one, two = make_issue(iid=1, **same), make_issue(iid=2, **same, created_at=NOW)
    evaluation = _evaluate(tmp_path, rules, make_facts(one, two))
    assert [(each.iid, each.rules) for each in evaluation.conflicts] == [(1, ("A", "B"))]
    assert _steps(evaluation) == []


def test_two_rules_that_both_act_on_the_original_come_to_an_end(tmp_path: Path) -> None:
    rules = """
- name: A
  conditions: {any_of: [{duplicate_of: {was_opened: before}}, {duplicate_of: {was_opened: after}}]}
  actions: {original: {labels: [x]}}
- {name: B, conditions: {duplicate_of: {was_opened: before}}, actions: {original: {remove_labels: [x]}}}
"""
    same = {"fields": {"ticket": "1"}}
    one, two = make_issue(iid=1, **same), make_issue(iid=2, **same, created_at=NOW)
    evaluation = _evaluate(tmp_path, rules, make_facts(one, two))
    assert [each.rules for each in evaluation.conflicts] == [("A", "B")]
