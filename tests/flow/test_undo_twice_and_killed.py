"""An undo again, of an undo, in parts, and one that dies half-way."""

from __future__ import annotations

from typing import Any

import pytest

from starkeeper.errors import PolicyError
from starkeeper.render.undone import UNDONE_LABEL
from starkeeper.report import exit_status
from starkeeper.sandbox.faults import Fault
from tests.flow.conftest import PROJECT, Place
from tests.flow.journeys import LABEL, WRONG, Journey, left, own_notes, seen
from tests.flow.test_killed_anywhere import Frail, Killed


@pytest.fixture
def journey(place: Place) -> Journey:
    return Journey(place)


def test_undo_of_an_undo_brings_the_run_back_and_lets_its_rules_act(journey: Journey) -> None:
    journey.world.open_issue(PROJECT, author="ivy", labels=["star::new"])
    journey.sweep(WRONG)
    first, after_run = journey.run, seen(journey)
    journey.undo(first)
    undo = journey.run
    journey.undo(undo)
    assert (seen(journey).state, seen(journey).labels) == (after_run.state, after_run.labels)
    assert "The rules that kept off this issue for that act here again." in own_notes(journey)[-1]
    again = journey.run
    journey.world.open_issue(PROJECT, author="ivy")
    journey.sweep(WRONG)
    assert seen(journey, 2).state == "closed"
    journey.undo(again)
    assert (seen(journey).state, seen(journey).labels) == ("opened", ("star::new", UNDONE_LABEL))
    assert journey.sweep(WRONG).plan.changes == ()


def test_second_undo_changes_nothing_and_does_not_call_the_first_a_person(journey: Journey) -> None:
    journey.world.open_issue(PROJECT, author="ivy", labels=["star::new"], assignees=["lou"])
    rules = WRONG.replace("status: close", "status: close, assign: [kim], lock: true")
    journey.sweep(rules)
    run = journey.run
    journey.undo(run)
    before = (seen(journey), own_notes(journey))
    again = journey.undo(run)
    assert (again.plan.changes, left(again), (seen(journey), own_notes(journey))) == ((), [], before)


def test_undo_that_died_between_note_and_fields_goes_on_without_a_second_note(journey: Journey) -> None:
    journey.world.open_issue(PROJECT, author="ivy", labels=["star::new"])
    journey.sweep(WRONG)
    run = journey.run
    journey.world.faults.append(Fault(method="PUT", path=r"/issues/1$", status=400, body='{"message":"no"}'))
    failed = journey.undo(run)
    assert exit_status(failed.plan, failed.outcomes) == 3
    assert seen(journey).state == "closed"
    undone = journey.undo(run)
    assert [each.action for each in undone.outcomes] == ["labels", "status"]
    assert (seen(journey).state, len(own_notes(journey))) == ("opened", 2)
    assert journey.sweep(WRONG).plan.changes == ()


@pytest.mark.parametrize("number", range(6))
def test_undo_killed_after_any_write_and_run_again_brings_the_same_world(journey: Journey, number: int) -> None:
    for _ in range(3):
        journey.world.open_issue(PROJECT, author="ivy", labels=["star::new"])
    journey.sweep(WRONG)
    run = journey.run
    with pytest.raises(Killed):
        journey.undo(run, gitlab=Frail(journey.place.url, number, Killed))
    journey.undo(run)
    for iid in (1, 2, 3):
        assert (seen(journey, iid).state, seen(journey, iid).labels) == ("opened", ("star::new", UNDONE_LABEL))
        assert len(own_notes(journey, iid)) == 2
    assert journey.sweep(WRONG).plan.changes == ()


def test_one_rule_of_a_run_is_undone_alone_and_the_other_later(journey: Journey) -> None:
    rules = LABEL + "\n- {name: Lock, conditions: {state: opened}, actions: {lock: true}}"
    journey.world.open_issue(PROJECT, author="ivy")
    journey.sweep(rules)
    run = journey.run
    journey.undo(run, rules=("Lock",))
    assert (seen(journey).locked, seen(journey).labels) == (False, ("seen", UNDONE_LABEL))
    journey.undo(run)
    assert (seen(journey).locked, seen(journey).labels) == (False, (UNDONE_LABEL,))
    assert journey.sweep(rules).plan.changes == ()
    assert len(own_notes(journey)) == 2


@pytest.mark.parametrize(
    ("names", "said_so"),
    [({"rules": ("Labell",)}, "did nothing by the rule 'Labell'"), ({"trackers": ("x",)}, "in the tracker 'x'")],
)
def test_name_that_the_run_does_not_know_is_said(journey: Journey, names: dict[str, Any], said_so: str) -> None:
    journey.world.open_issue(PROJECT, author="ivy")
    journey.sweep(LABEL)
    with pytest.raises(PolicyError, match=said_so):
        journey.undo(journey.run, **names)
