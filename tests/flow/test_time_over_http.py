"""Clocks, memory and their bad days over real HTTP: what a token may not read, what people delete, what moves."""

from __future__ import annotations

import datetime as dt

import pytest

from starkeeper.sandbox.faults import Fault
from tests.flow.conftest import BOT, NOW, PROJECT, Place
from tests.flow.sweeps import ON_GROUP, errors, results, sweep_file

HOUR = dt.timedelta(hours=1)
WAITED = """
  issues:
    rules:
      - name: Remind
        conditions:
          label_added: {label: waiting, older_than: 2 hours}
        actions:
          comment: Still waiting?
      - name: Greet
        actions:
          comment: Hello
"""
GREETED = """
  issues:
    rules:
      - name: Greet
        conditions: {forbidden_labels: [quiet]}
        actions: {comment: Hello}
      - name: Ask
        conditions: {labels: [quiet]}
        actions: {comment: What now?}
"""


def test_label_events_that_may_not_be_read_leave_only_that_issue_out(place: Place) -> None:
    for _ in range(2):
        place.world.open_issue(PROJECT, author="ivy", labels=["waiting"], created_at=NOW - 5 * HOUR)
    place.world.faults.append(
        Fault(method="GET", path=r"/issues/1/resource_label_events$", status=403, body='{"message":"403 Forbidden"}')
    )
    run = sweep_file(place, WAITED)
    assert [each for each in errors(run) if "#1 was left out" in each and "403" in each]
    assert results(run) == [("project#2", "comment", "applied"), ("project#2", "comment", "applied")]
    assert [len(place.world.notes(PROJECT, iid)) for iid in (1, 2)] == [0, 2]
    later = sweep_file(place, WAITED)
    assert [len(place.world.notes(PROJECT, iid)) for iid in (1, 2)] == [2, 2]
    assert errors(later) == []


def test_label_is_reminded_of_when_it_has_been_there_long_enough(place: Place) -> None:
    place.world.open_issue(PROJECT, author="ivy", created_at=NOW - 9 * HOUR)
    place.world.set_labels(PROJECT, 1, by="kim", add=["waiting"], at=NOW - HOUR)
    sweep_file(place, WAITED)
    sweep_file(place, WAITED, now=NOW + HOUR - dt.timedelta(minutes=1))
    assert len(place.world.notes(PROJECT, 1)) == 1
    sweep_file(place, WAITED, now=NOW + HOUR)
    assert [note.body.splitlines()[0] for note in place.world.notes(PROJECT, 1)] == ["Hello", "Still waiting?"]


def test_note_that_a_person_deleted_is_known_from_the_next_one(place: Place) -> None:
    place.world.open_issue(PROJECT, author="ivy")
    sweep_file(place, GREETED)
    place.world.set_labels(PROJECT, 1, by="kim", add=["quiet"], at=NOW)
    sweep_file(place, GREETED, now=NOW + HOUR)
    first, _ = place.world.notes(PROJECT, 1)
    place.world.delete_comment(PROJECT, 1, first.id)
    place.world.set_labels(PROJECT, 1, by="kim", remove=["quiet"], at=NOW + HOUR)
    assert sweep_file(place, GREETED, now=NOW + 2 * HOUR).plan.changes == ()


def test_issue_that_moved_keeps_its_memory(place: Place) -> None:
    place.world.add_project("group/elsewhere")
    for name in (BOT, "kim"):
        place.world.add_member("group/elsewhere", name, "developer")
    place.world.open_issue(PROJECT, author="ivy")
    sweep_file(place, GREETED)
    moving = "\n  issues:\n    rules:\n      - {name: Move, actions: {move: group/elsewhere}}\n"
    sweep_file(place, moving)
    again = sweep_file(place, GREETED, tracker=ON_GROUP, now=NOW + HOUR)
    assert {change.project for change in again.plan.changes} <= {PROJECT}
    assert [note.body.splitlines()[0] for note in place.world.notes("group/elsewhere", 1)] == ["Hello"]


def test_what_is_read_in_bulk_is_asked_first(place: Place) -> None:
    """Nobody wrote, so nobody needs to know who set the label."""
    place.world.open_issue(PROJECT, author="ivy", labels=["waiting"])
    rules = """
  issues:
    rules:
      - name: Close
        conditions: {label_added: {label: waiting}, commented: {by: people}}
        actions: {status: close}
"""
    gitlab = place.gitlab()
    sweep_file(place, rules, gitlab=gitlab)
    assert "label_events" not in gitlab.requests
    assert gitlab.requests["notes"] == 1


def test_others_are_looked_at_whatever_the_rules_agree_on(place: Place) -> None:
    place.world.open_issue(PROJECT, author="ivy", labels=["urgent"])
    place.world.open_issue(PROJECT, author="ivy")
    rules = """
  issues:
    rules:
      - name: Alone
        conditions: {state: opened, labels: [urgent], concurrent: {same: [author]}}
        actions: {labels: [several]}
"""
    sweep_file(place, rules)
    assert [place.world.issue(PROJECT, iid).labels for iid in (1, 2)] == [("several", "urgent"), ()]


@pytest.mark.parametrize(
    "conditions",
    [
        "{state: opened, labels: [urgent], any_of: [{concurrent: {same: [author]}}]}",
        "{state: opened, labels: [urgent], none_of: [{concurrent: {same: [author], at_most: 0}}]}",
    ],
)
def test_others_are_looked_at_also_from_within_a_group(conditions: str, place: Place) -> None:
    place.world.open_issue(PROJECT, author="ivy", labels=["urgent"])
    place.world.open_issue(PROJECT, author="ivy")
    rules = (
        f"\n  issues:\n    rules:\n      - {{name: Alone, conditions: {conditions}, actions: {{labels: [several]}}}}\n"
    )
    sweep_file(place, rules)
    assert place.world.issue(PROJECT, 1).labels == ("several", "urgent")
