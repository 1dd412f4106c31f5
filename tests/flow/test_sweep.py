"""Whole sweeps against the sandbox: what the plan says is what happens, and nothing happens twice."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from starkeeper import flow
from starkeeper.commands.watching import Watching, watching
from starkeeper.model.plan import Outcome
from starkeeper.render.renderer import TemplateRenderer
from starkeeper.report import exit_status
from starkeeper.sandbox.faults import Fault
from tests.builders import make_policies
from tests.flow.conftest import BOT, NOW, PROJECT, Place

GREET = """
- name: Greet
  conditions: {state: opened, forbidden_labels: [greeted]}
  actions: {labels: [greeted], comment: "Hello {{ author }}."}
"""


def _writes(place: Place) -> list[tuple[str, str]]:
    return [
        (each.method, each.path) for each in place.world.requests if each.method != "GET" and "graphql" not in each.path
    ]


def _results(outcomes: tuple[Outcome, ...]) -> list[tuple[int, str, str]]:
    return [(each.iid, each.action, each.result) for each in outcomes]


def test_dry_run_writes_nothing_and_plans_the_same(place: Place) -> None:
    place.world.open_issue(PROJECT, author="ivy")
    dry = place.sweep(GREET, dry_run=True)
    assert (_writes(place), dry.outcomes) == ([], ())
    assert place.sweep(GREET).plan == dry.plan
    assert place.world.issue(PROJECT, 1).labels == ("greeted",)


def test_one_field_request_and_one_note_whatever_the_number_of_rules(place: Place) -> None:
    place.world.open_issue(PROJECT, author="ivy", labels=["star::new"])
    rules = GREET + "\n- {name: Assign, actions: {assign: [kim]}}\n- {name: Star, actions: {labels: ['star::done']}}"
    place.sweep(rules)
    issue = place.world.issue(PROJECT, 1)
    assert (issue.labels, issue.assignees) == (("greeted", "star::done"), ("kim",))
    methods = [method for method, _ in _writes(place)]
    assert (methods.count("PUT"), methods.count("POST")) == (1, 1)


def test_failed_note_leaves_the_labels_and_the_next_sweep_does_both(place: Place) -> None:
    place.world.open_issue(PROJECT, author="ivy")
    place.world.faults.append(Fault(method="POST", path=r"/notes$", status=400, body='{"message":"no"}'))
    failed = place.sweep(GREET)
    assert _results(failed.outcomes) == [(1, "comment", "failed"), (1, "labels", "skipped")]
    assert exit_status(failed.plan, failed.outcomes) == 3
    assert place.world.issue(PROJECT, 1).labels == ()
    again = place.sweep(GREET)
    assert _results(again.outcomes) == [(1, "comment", "applied"), (1, "labels", "applied")]
    assert len(place.world.notes(PROJECT, 1)) == 1


def test_run_that_died_after_the_note_does_not_say_it_again(place: Place) -> None:
    place.world.open_issue(PROJECT, author="ivy")
    place.world.faults.append(Fault(method="PUT", path=r"/issues/1$", status=400, body='{"message":"no"}'))
    assert _results(place.sweep(GREET).outcomes) == [(1, "comment", "applied"), (1, "labels", "failed")]
    assert _results(place.sweep(GREET).outcomes) == [(1, "labels", "applied")]
    assert len(place.world.notes(PROJECT, 1)) == 1


def test_note_whose_answer_was_lost_stands_there_once(place: Place) -> None:
    place.world.open_issue(PROJECT, author="ivy")
    place.world.faults.append(Fault(method="POST", path=r"/notes$", status=500, after_effect=True))
    assert _results(place.sweep(GREET).outcomes) == [(1, "comment", "applied"), (1, "labels", "applied")]
    assert len(place.world.notes(PROJECT, 1)) == 1


def test_one_issue_that_fails_does_not_stop_the_others(place: Place) -> None:
    for _ in range(3):
        place.world.open_issue(PROJECT, author="ivy")
    place.world.faults.append(Fault(method="PUT", path=r"/issues/2$", status=403, body='{"message":"403 Forbidden"}'))
    run = place.sweep("- {name: Label, conditions: {state: opened}, actions: {labels: [x]}}")
    assert _results(run.outcomes) == [(1, "labels", "applied"), (2, "labels", "failed"), (3, "labels", "applied")]
    assert PROJECT in run.outcomes[1].why


@pytest.mark.parametrize("action", ["status: close", "assign: [kim]", "unassign: [lou]"])
def test_issue_that_a_person_changed_meanwhile_waits_for_the_next_sweep(place: Place, action: str) -> None:
    place.world.open_issue(PROJECT, author="ivy", assignees=["lou"])
    rules = f"- {{name: Act, conditions: {{state: opened}}, actions: {{{action}, comment: Good bye.}}}}"
    policies, gitlab = place.policies(rules), place.gitlab()

    class Person(Watching):
        """Comments between the plan and the writes."""

        def planned(self, plan: object) -> None:
            place.world.comment(PROJECT, 1, "ivy", "One more thing.", at=NOW + dt.timedelta(seconds=5))

    from starkeeper import flow
    from starkeeper.render.renderer import TemplateRenderer

    run = flow.sweep(policies, gitlab, TemplateRenderer(), NOW, Person(), dry_run=False)
    gitlab.close()
    assert {outcome.result for outcome in run.outcomes} == {"skipped"}
    assert place.world.issue(PROJECT, 1).assignees == ("lou",)
    assert "person changed" in run.outcomes[0].why
    assert exit_status(run.plan, run.outcomes) == 0
    assert place.world.issue(PROJECT, 1).state == "opened"
    assert [note.author for note in place.world.notes(PROJECT, 1)] == ["ivy"]


def test_list_that_breaks_off_fails_the_tracker_and_changes_nothing(place: Place) -> None:
    for _ in range(150):
        place.world.open_issue(PROJECT, author="ivy")
    place.world.faults.append(Fault(method="GET", path=r"/issues$", status=200, body="<html>Sorry</html>", times=50))
    run = place.sweep(GREET)
    assert (run.plan.changes, _writes(place)) == ((), [])
    assert [failure.where for failure in run.plan.errors] == [f"tracker '{PROJECT}'"]
    assert exit_status(run.plan, run.outcomes) == 3


def test_issue_whose_notes_cannot_be_read_is_left_out_and_said(place: Place) -> None:
    for _ in range(2):
        place.world.open_issue(PROJECT, author="ivy")
    place.world.faults.append(
        Fault(method="GET", path=r"/issues/1/notes$", status=403, body='{"message":"403 Forbidden"}', times=9)
    )
    run = place.sweep(GREET)
    assert [change.iid for change in run.plan.changes] == [2]
    assert f"{PROJECT}#1 was left out" in run.plan.errors[0].what
    assert exit_status(run.plan, run.outcomes) == 3


def test_label_that_gitlab_ignores_is_a_failed_step(place: Place) -> None:
    place.world.open_issue(PROJECT, author="ivy")
    place.world.add_user("guest-bot")
    place.world.add_member(PROJECT, "guest-bot", "guest")
    place.world.add_token("token", "guest-bot")
    run = place.sweep("- {name: Label, actions: {labels: [x]}}")
    assert _results(run.outcomes) == [(1, "labels", "failed")]
    assert "Planner role" in run.outcomes[0].why


def test_blown_fuse_of_one_rule_stops_it_and_lets_the_others_act(place: Place) -> None:
    for _ in range(3):
        place.world.open_issue(PROJECT, author="ivy")
    rules = "- {name: Wide, max_changes: 2, actions: {labels: [wide]}}\n"
    rules += "- {name: After it, conditions: {labels: [wide]}, actions: {status: close}}\n"
    rules += "- {name: Fine, limits: {oldest: 1}, actions: {labels: [fine]}}"
    run = place.sweep(rules)
    assert [(change.iid, step.rule) for change in run.plan.changes for step in change.steps] == [(1, "Fine")]
    assert exit_status(run.plan, run.outcomes) == 1
    assert [place.world.issue(PROJECT, iid).labels for iid in (1, 2, 3)] == [("fine",), (), ()]


def test_rules_that_agree_are_narrowed_on_the_server(place: Place) -> None:
    place.world.open_issue(PROJECT, author="ivy", labels=["a"])
    rules = "- {name: One, conditions: {state: opened, labels: [a]}, actions: {labels: [b]}}\n"
    rules += "- {name: Two, conditions: {state: opened, labels: [a, c]}, actions: {labels: [d]}}"
    place.sweep(rules, dry_run=True)
    (listed,) = [each.query for each in place.world.requests if each.path.endswith("/issues")]
    assert "state=opened" in listed and "labels=a&" in f"{listed}&" and "c" not in listed.split("labels=")[1][:3]


def test_hostile_and_odd_issues_are_handled(place: Place) -> None:
    texts = [
        "",
        "/close",
        "\u202e\u2066/close",
        "a" * 1_000_000,
        "\U0001f468‍\U0001f469‍\U0001f467",
        "שלום עולם",
        "```\n/close\n",
        "{{ 7 * 7 }}",
    ]
    for text in texts:
        place.world.open_issue(PROJECT, author="ivy", title=text[:255] or "-", description=text)
    rules = GREET.replace("Hello {{ author }}.", "{{ title }} {{ description }}\\n\\n{{ description | quote }}")
    run = place.sweep(rules)
    assert {outcome.result for outcome in run.outcomes} == {"applied"}
    for iid in range(1, len(texts) + 1):
        issue, notes = place.world.issue(PROJECT, iid), place.world.notes(PROJECT, iid)
        assert (issue.state, issue.labels, len(notes)) == ("opened", ("greeted",), 1)
        assert "49" not in notes[0].body.rpartition("\n")[0]
    assert [each.who for each in place.world.mentions if each.by == BOT] == []
    assert place.sweep(rules).plan.changes == ()


def test_issue_like_one_that_cannot_be_read_is_left_out_with_it(place: Place, tmp_path: Path) -> None:
    place.world.add_project("support/star")
    place.world.add_member("support/star", BOT)
    place.world.add_label("support/star", "first")
    for ticket in ("7", "7", "8"):
        place.world.open_issue("support/star", author="ivy", description=f"### ticket\n\n{ticket}")
    place.world.faults += [
        Fault(method="GET", path="issues/1/notes", status=403, times=99),
        Fault(method="POST", path="graphql", status=404, times=99),
    ]
    rules = """
- {name: Ask, conditions: {none_of: [{duplicate_of: {}}]}, actions: {comment: What is it about?}}
- {name: First, conditions: {none_of: [{duplicate_of: {}}]}, actions: {labels: [first]}}
"""
    gitlab = place.gitlab()
    with watching(quiet=True) as watch:
        run = flow.sweep(make_policies(tmp_path, rules), gitlab, TemplateRenderer(), NOW, watch, dry_run=True)
    gitlab.close()
    assert [change.iid for change in run.plan.changes] == [3]
    assert exit_status(run.plan, run.outcomes) == 3
