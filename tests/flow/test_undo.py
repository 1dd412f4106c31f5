"""Takes a run back: what comes back, what is left because people touched it, and what is said of both."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import msgspec
import pytest

from starkeeper import flow
from starkeeper.commands.watching import Watching
from starkeeper.journal import read_journal
from starkeeper.render.undone import UNDONE_LABEL
from starkeeper.report import exit_status, plan_file
from tests.flow.conftest import BOT, NOW, PROJECT, Place, make_world
from tests.flow.journeys import HOUR, LABEL, WRONG, Journey, a_journey, left, own_notes, said, seen
from tests.flow.sweeps import writes


@pytest.fixture
def journey(place: Place) -> Journey:
    return Journey(place)


def test_wrong_policy_that_closed_forty_issues_is_taken_back_but_for_what_people_did(journey: Journey) -> None:
    for _ in range(40):
        journey.world.open_issue(PROJECT, author="ivy", labels=["star::new"])
    journey.sweep(WRONG)
    run = journey.run
    assert {seen(journey, iid).state for iid in range(1, 41)} == {"closed"}
    reopened = (3, 17, 40)
    for iid in reopened:
        journey.world.reopen(PROJECT, iid, by="kim", at=journey.now + HOUR / 2)

    undone = journey.undo(run)
    assert {each.result for each in undone.outcomes} == {"applied"}
    assert [each.iid for each in undone.outcomes if each.action == "status"] == [
        iid for iid in range(1, 41) if iid not in reopened
    ]
    for iid in range(1, 41):
        assert (seen(journey, iid).state, seen(journey, iid).labels) == ("opened", ("star::new", UNDONE_LABEL))
    assert left(undone) == [f"the state on {PROJECT}#{iid}: it was opened again since" for iid in reopened]
    assert said(undone) == [f"run {run}: not taken back: 40 notes"]
    assert exit_status(undone.plan, undone.outcomes) == 0

    assert journey.undo(run).plan.changes == ()
    assert journey.sweep(WRONG).plan.changes == ()
    assert {seen(journey, iid).state for iid in range(1, 41)} == {"opened"}
    journey.sweep(WRONG.replace("[keep]", "[keep, hold]"))
    assert {seen(journey, iid).state for iid in range(1, 41)} == {"closed"}


def test_dry_run_of_an_undo_writes_nothing_and_plans_the_same(journey: Journey) -> None:
    journey.world.open_issue(PROJECT, author="ivy", labels=["star::new"])
    journey.sweep(WRONG)
    run, before = journey.run, writes(journey.place)
    dry = journey.undo(run, dry_run=True)
    assert (writes(journey.place), dry.outcomes) == (before, ())
    journey.now -= HOUR
    assert plan_file(journey.undo(run).plan) == plan_file(dry.plan)
    assert dry.plan.changes


def test_note_says_what_came_back_what_is_left_and_which_rules_keep_off(journey: Journey) -> None:
    journey.world.open_issue(PROJECT, author="ivy", labels=["star::new"])
    rules = WRONG + "- {name: 'Mark `it` @kim', conditions: {state: opened}, actions: {labels: [marked]}}"
    rules = "\n".join(reversed(rules.strip().rsplit("\n", 1)))
    journey.sweep(rules)
    run = journey.run
    journey.world.set_labels(PROJECT, 1, by="lou", remove=["stale"], at=journey.now + HOUR / 2)
    journey.undo(run)
    greeting, note = journey.world.notes(PROJECT, 1)
    assert (note.author, note.internal, greeting.body.startswith("Nothing happened")) == (BOT, True, True)
    words, _, hidden = note.body.partition("\n\n<!--")
    assert words == (
        f"What run `{run}` did here is taken back, as far as nobody has touched it since:\n"
        "\n"
        "- opened again\n"
        "- labels taken off: marked\n"
        "- labels set again: `star::new`\n"
        "- left as it is: `label 'stale': lou took it off at 11:00 UTC`\n"
        "\n"
        'These rules keep off this issue until their text changes, or until ~"starkeeper:undone" is taken off: '
        "`Mark \u02cbit\u02cb @kim`, Close what is quiet\n"
        "\n"
        f"<sub>Starkeeper wrote this: `starkeeper undo {run}`</sub>"
    )
    lines = hidden.splitlines()
    assert len(lines) == 3 and all("starkeeper undone rule=" in line for line in lines[:2])
    assert [each.who for each in journey.world.mentions if each.by == BOT] == []


@pytest.mark.parametrize(
    ("before", "rule", "touched", "why"),
    [
        ([], {"labels": ["x"]}, [{"remove": ["x"]}], "lou took it off"),
        ([], {"labels": ["x"]}, [{"remove": ["x"]}, {"add": ["x"]}], "lou set it again"),
        (["x"], {"remove_labels": ["x"]}, [{"add": ["x"]}], "lou set it again"),
        (["x"], {"remove_labels": ["x"]}, [{"add": ["x"]}, {"remove": ["x"]}], "lou took it off"),
    ],
)
def test_label_that_a_person_touched_is_left_and_said(
    journey: Journey, before: list[str], rule: dict[str, Any], touched: list[dict[str, Any]], why: str
) -> None:
    journey.world.open_issue(PROJECT, author="ivy", labels=[*before, "go"])
    rules = f"- {{name: R, conditions: {{labels: [go]}}, actions: {msgspec.json.encode(rule).decode()}}}"
    journey.sweep(rules)
    run = journey.run
    for each in touched:
        journey.world.set_labels(PROJECT, 1, by="lou", at=journey.now + HOUR / 2, **each)
    as_left = seen(journey).labels
    undone = journey.undo(run)
    assert left(undone) == [f"label 'x' on {PROJECT}#1: {why} at 11:00 UTC"]
    assert (undone.plan.changes, seen(journey).labels) == ((), as_left)


def test_what_was_touched_on_another_day_is_told_with_the_day(journey: Journey) -> None:
    journey.world.open_issue(PROJECT, author="ivy")
    journey.sweep(LABEL)
    journey.world.set_labels(PROJECT, 1, by="lou", remove=["seen"], at=journey.now)
    run = journey.run
    journey.now += dt.timedelta(days=2)
    assert left(journey.undo(run)) == [f"label 'seen' on {PROJECT}#1: lou took it off on 2026-12-02 at 10:30 UTC"]


def test_label_that_a_person_had_touched_before_the_run_is_none_of_it(journey: Journey) -> None:
    journey.world.open_issue(PROJECT, author="ivy", labels=["seen"])
    journey.world.set_labels(PROJECT, 1, by="lou", remove=["seen"], at=NOW)
    journey.sweep(LABEL)
    assert seen(journey).labels == ("seen",)
    assert left(journey.undo(journey.run)) == []
    assert seen(journey).labels == (UNDONE_LABEL,)


@pytest.mark.parametrize("edition", ["premium", "free"])
def test_scoped_label_stays_off_where_a_person_set_another_of_its_scope(edition: Any, tmp_path: Path) -> None:
    world = make_world()
    world.edition = edition
    rules = """
- {name: Done, conditions: {labels: ["star::new"]}, actions: {labels: ["star::done"]}}
"""
    for label in ("star::new", "star::done", "star::mine"):
        world.add_label(PROJECT, label)
    for _ in range(2):
        world.open_issue(PROJECT, author="ivy", labels=["star::new"])
    with a_journey(world, tmp_path) as journey:
        journey.sweep(rules)
        run = journey.run
        world.set_labels(PROJECT, 2, by="lou", add=["star::mine"], remove=["star::done"], at=journey.now + HOUR / 2)
        undone = journey.undo(run)
        assert seen(journey, 1).labels == ("star::new", UNDONE_LABEL)
        assert seen(journey, 2).labels == ("star::mine",)
        assert left(undone) == [
            f"label 'star::done' on {PROJECT}#2: lou took it off at 11:00 UTC",
            f"label 'star::new' on {PROJECT}#2: lou set 'star::mine' at 11:00 UTC",
        ]


def test_issue_that_somebody_closed_again_stays_closed(journey: Journey) -> None:
    journey.world.open_issue(PROJECT, author="ivy")
    journey.sweep("- {name: Close, conditions: {state: opened}, actions: {status: close}}")
    journey.world.reopen(PROJECT, 1, by="kim", at=journey.now + HOUR / 4)
    journey.world.close(PROJECT, 1, by="lou", at=journey.now + HOUR / 2)
    undone = journey.undo(journey.run)
    assert left(undone) == [f"the state on {PROJECT}#1: lou closed it again at 11:00 UTC"]
    assert (undone.plan.changes, seen(journey).state) == ((), "closed")


def test_issue_that_the_run_opened_again_is_closed_again(journey: Journey) -> None:
    for _ in range(2):
        iid = journey.world.open_issue(PROJECT, author="ivy")
        journey.world.close(PROJECT, iid, by="kim", at=NOW)
    journey.sweep("- {name: Reopen, conditions: {state: closed}, actions: {status: reopen}}")
    journey.world.close(PROJECT, 2, by="lou", at=journey.now + HOUR / 2)
    undone = journey.undo(journey.run)
    assert [seen(journey, iid).state for iid in (1, 2)] == ["closed", "closed"]
    assert [each.iid for each in undone.plan.changes] == [1]
    assert left(undone) == [f"the state on {PROJECT}#2: lou closed it at 11:00 UTC"]


def test_assignees_and_the_like_come_back_where_they_are_as_the_run_left_them(journey: Journey) -> None:
    rules = """
- name: All
  conditions: {state: opened}
  actions: {assign: [kim], unassign: [lou], due_date: "2026-12-24", lock: true, confidential: true}
"""
    for _ in range(2):
        journey.world.open_issue(PROJECT, author="ivy", assignees=["ivy", "lou"], due_date=dt.date(2026, 12, 6))
    journey.sweep(rules)
    run = journey.run
    journey.world.edit(
        PROJECT,
        2,
        by="lou",
        at=journey.now + HOUR / 2,
        assignees=["lou"],
        due_date=dt.date(2027, 1, 1),
        locked=False,
        confidential=False,
    )
    undone = journey.undo(run)
    one, two = seen(journey, 1), seen(journey, 2)
    assert (set(one.assignees), one.due_date, one.locked, one.confidential) == (
        {"ivy", "lou"},
        dt.date(2026, 12, 6),
        False,
        False,
    )
    assert (two.assignees, two.due_date, two.locked, two.confidential) == (
        ("lou",),
        dt.date(2027, 1, 1),
        False,
        False,
    )
    assert left(undone) == [
        f"{what} on {PROJECT}#2: somebody has changed {it} since"
        for what, it in (
            ("the assignees", "them"),
            ("whether it is confidential", "it"),
            ("the due date", "it"),
            ("whether it is locked", "it"),
        )
    ]


def test_issue_that_people_wrote_on_since_stays_confidential(journey: Journey) -> None:
    for _ in range(2):
        journey.world.open_issue(PROJECT, author="ivy")
    journey.sweep("- {name: Hide, conditions: {state: opened}, actions: {confidential: true}}")
    journey.world.comment(PROJECT, 2, "kim", "Between us: …", at=journey.now + HOUR / 2)
    undone = journey.undo(journey.run)
    assert [seen(journey, iid).confidential for iid in (1, 2)] == [False, True]
    assert left(undone) == [
        f"whether it is confidential on {PROJECT}#2: people have written there since, who may rely on it"
    ]


def test_person_who_is_faster_than_the_undo_wins(journey: Journey) -> None:
    journey.world.open_issue(PROJECT, author="ivy", labels=["star::new"])
    journey.sweep(WRONG)
    journal = read_journal(journey.folder, journey.run)
    journey.later()

    class Person(Watching):
        def planned(self, plan: object) -> None:
            journey.world.comment(PROJECT, 1, "kim", "I look at it.", at=journey.now + dt.timedelta(seconds=5))

    gitlab = journey.place.gitlab()
    undone = flow.undo(journey.policies(WRONG), gitlab, journal, journey.now, Person(), dry_run=False)
    gitlab.close()
    assert {each.result for each in undone.outcomes} == {"skipped"}
    assert (seen(journey).state, len(own_notes(journey))) == ("closed", 1)
    assert {each.result for each in journey.undo(journal.header.run).outcomes} == {"applied"}
    assert seen(journey).state == "opened"
