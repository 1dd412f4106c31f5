"""What was undone is not done again: which rules keep off, where, and until when."""

from __future__ import annotations

import pytest

from starkeeper.render.markers import make_marker
from starkeeper.render.undone import UNDONE_LABEL, undone_in, undone_lines
from tests.flow.conftest import PROJECT, Place
from tests.flow.journeys import LABEL, Journey, own_notes, seen


@pytest.fixture
def journey(place: Place) -> Journey:
    return Journey(place)


def test_taking_the_label_off_lets_the_rule_act_again(journey: Journey) -> None:
    journey.world.open_issue(PROJECT, author="ivy")
    journey.sweep(LABEL)
    journey.undo(journey.run)
    assert journey.sweep(LABEL).plan.changes == ()
    journey.world.set_labels(PROJECT, 1, by="lou", remove=[UNDONE_LABEL], at=journey.now)
    journey.sweep(LABEL)
    assert seen(journey).labels == ("seen",)


def test_only_the_rules_that_were_undone_keep_off_and_only_there(journey: Journey) -> None:
    other = "\n- {name: Other, conditions: {state: opened, forbidden_labels: [other]}, actions: {labels: [other]}}"
    journey.world.open_issue(PROJECT, author="ivy")
    journey.sweep(LABEL)
    journey.undo(journey.run)
    journey.world.open_issue(PROJECT, author="ivy")
    journey.sweep(LABEL + other)
    assert seen(journey, 1).labels == ("other", UNDONE_LABEL)
    assert seen(journey, 2).labels == ("other", "seen")


def test_note_of_somebody_else_keeps_no_rule_off(journey: Journey) -> None:
    journey.world.open_issue(PROJECT, author="ivy")
    journey.sweep(LABEL)
    journey.undo(journey.run)
    (note,) = own_notes(journey)
    journey.world.open_issue(PROJECT, author="ivy", labels=[UNDONE_LABEL])
    journey.world.comment(PROJECT, 2, "ivy", note, at=journey.now)
    journey.sweep(LABEL)
    assert seen(journey, 2).labels == ("seen", UNDONE_LABEL)


def test_label_costs_no_request_where_it_does_not_stand(journey: Journey) -> None:
    for _ in range(3):
        journey.world.open_issue(PROJECT, author="ivy")
    journey.world.graphql = False
    journey.sweep(LABEL)
    journey.undo(journey.run)
    journey.world.open_issue(PROJECT, author="ivy")
    journey.world.requests.clear()
    journey.sweep(LABEL, dry_run=True)
    asked = [each.path.rpartition("/issues/")[2] for each in journey.world.requests if each.path.endswith("/notes")]
    assert sorted(asked) == ["1/notes", "2/notes", "3/notes"]


def test_conflict_of_two_rules_is_none_where_one_was_undone(journey: Journey) -> None:
    first = "- {name: One, conditions: {state: opened}, actions: {labels: ['u::a']}}"
    second = "\n- {name: Two, conditions: {state: opened}, actions: {labels: ['u::b']}}"
    for _ in range(2):
        journey.world.open_issue(PROJECT, author="ivy")
    journey.sweep(first)
    run = journey.run
    journey.world.set_labels(PROJECT, 2, by="lou", remove=["u::a"], at=journey.now)
    journey.undo(run)
    swept = journey.sweep(first + second)
    assert [each.iid for each in swept.plan.conflicts] == [2]
    assert seen(journey, 1).labels == (UNDONE_LABEL, "u::b")


MARKER = make_marker("undo", 1)[1]
ONE, TWO = "0123456789abcdef", "fedcba9876543210"


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (f"Words.\n\n{undone_lines((ONE, TWO, ONE))}\n{MARKER}", {ONE, TWO}),
        (f"Words.\r\n{undone_lines((ONE,))}\r\n{MARKER}\r\n", {ONE}),
        (f"{undone_lines((ONE,))}\n\n{undone_lines((TWO,))}\n{MARKER}", {TWO}),
        (f"| {undone_lines((ONE,))}\n{MARKER}", set()),
        (f"{undone_lines((ONE,))} \n> {MARKER}", set()),
        (undone_lines((ONE,)), set()),
        (MARKER, set()),
        ("", set()),
    ],
)
def test_digests_count_only_right_above_the_marker(body: str, found: set[str]) -> None:
    assert undone_in(body) == found
