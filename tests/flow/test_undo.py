"""Undoing a run: what it did comes back where nobody has touched it since, the rest is left, and the rules keep off."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest

from starkeeper import flow
from starkeeper.commands.watching import Watching
from starkeeper.errors import PolicyError
from starkeeper.journal import JournalFile, read_journal
from starkeeper.model.desk import Desk, Tracker
from starkeeper.model.journal import Header
from starkeeper.model.rules import Policies
from starkeeper.render.markers import make_marker
from starkeeper.render.renderer import TemplateRenderer
from starkeeper.render.undone import UNDONE_LABEL, undone_in, undone_lines
from starkeeper.report import exit_status, plan_file
from starkeeper.sandbox.faults import Fault
from starkeeper.sandbox.seen import Seen
from starkeeper.sandbox.server import serve
from starkeeper.sandbox.world import World
from tests.flow.conftest import BOT, NOW, PROJECT, Place, make_world
from tests.flow.journeys import HOUR, Journey, left, said
from tests.flow.sweeps import writes
from tests.flow.test_killed_anywhere import Frail, Killed

WRONG = """
- name: Close what is quiet
  conditions: {state: opened, forbidden_labels: [keep]}
  actions: {labels: [stale], remove_labels: ["star::new"], status: close, comment: "Nothing happened here."}
"""
LABEL = "- {name: Label, conditions: {state: opened, forbidden_labels: [seen]}, actions: {labels: [seen]}}"


@pytest.fixture
def journey(place: Place) -> Journey:
    return Journey(place)


@contextmanager
def a_journey(world: World, folder: Path) -> Iterator[Journey]:
    """The same in another world."""
    with serve(world) as sandbox:
        yield Journey(Place(world, sandbox.url, folder))


def seen(journey: Journey, iid: int = 1) -> Seen:
    return journey.world.issue(PROJECT, iid)


def own_notes(journey: Journey, iid: int = 1) -> list[str]:
    return [note.body for note in journey.world.notes(PROJECT, iid) if note.author == BOT]


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


def test_issues_are_read_by_list_and_one_alone_by_itself(journey: Journey) -> None:
    for _ in range(120):
        journey.world.open_issue(PROJECT, author="ivy")
    journey.sweep("- {name: Lock, conditions: {state: opened}, limits: {oldest: 101}, actions: {lock: true}}")
    journey.world.requests.clear()
    assert len(journey.undo(journey.run, dry_run=True).plan.changes) == 101
    listed = [each.query for each in journey.world.requests if each.path.endswith("/issues")]
    alone = [each.path for each in journey.world.requests if each.path.endswith("/issues/101")]
    events = [each for each in journey.world.requests if "label_events" in each.path]
    assert (len(listed), len(alone), events) == (1, 1, [])


@pytest.mark.parametrize(
    "fault",
    [
        Fault(method="GET", path=r"/issues/2/resource_label_events$", status=403, times=9),
        Fault(method="GET", path=r"/issues/2/notes$", status=403, times=9),
        Fault(method="PUT", path=r"/issues/2$", status=403),
    ],
)
def test_one_issue_that_fails_does_not_stop_the_others(journey: Journey, fault: Fault) -> None:
    for _ in range(3):
        journey.world.open_issue(PROJECT, author="ivy")
    journey.world.graphql = False
    journey.sweep(LABEL)
    journey.world.faults.append(fault)
    undone = journey.undo(journey.run)
    assert exit_status(undone.plan, undone.outcomes) == 3
    assert [seen(journey, iid).labels for iid in (1, 2, 3)] == [(UNDONE_LABEL,), ("seen",), (UNDONE_LABEL,)]


def test_list_that_gitlab_does_not_understand_is_read_one_by_one(journey: Journey) -> None:
    for _ in range(3):
        journey.world.open_issue(PROJECT, author="ivy")
    journey.sweep(LABEL)
    journey.world.faults.append(Fault(method="GET", path=r"/issues$", status=400, body='{"error":"iids is invalid"}'))
    journey.undo(journey.run)
    assert [seen(journey, iid).labels for iid in (1, 2, 3)] == [(UNDONE_LABEL,)] * 3


def test_issue_that_is_gone_is_an_error_of_its_own(journey: Journey) -> None:
    for _ in range(2):
        journey.world.open_issue(PROJECT, author="ivy")
    journey.sweep(LABEL)
    del journey.world.projects[PROJECT].issues[2]
    journey.world.changed()
    undone = journey.undo(journey.run)
    assert seen(journey, 1).labels == (UNDONE_LABEL,)
    assert f"{PROJECT}#2 was left out" in undone.plan.errors[0].what
    assert exit_status(undone.plan, undone.outcomes) == 3


def test_what_a_run_moved_away_and_wrote_is_left_and_counted(journey: Journey) -> None:
    journey.world.add_project("group/archive")
    journey.world.add_member("group", BOT, "maintainer")
    journey.world.open_issue(PROJECT, author="ivy", labels=["old"])
    journey.sweep(
        "- {name: Archive, conditions: {labels: [old]}, actions: {move: group/archive, remove_labels: [old], "
        "comment: Off it goes., issue: {title: Look, destination: group/project}}}"
    )
    run = journey.run
    undone = journey.undo(run)
    assert left(undone) == [
        f"{PROJECT}#1: the run moved it to group/archive, and nothing can be brought back on what it left behind"
    ]
    assert said(undone) == [f"run {run}: not taken back: 1 note, 1 opened issue, 1 moved issue"]
    assert undone.plan.changes == ()


def test_merge_requests_are_brought_back_as_well(place: Place) -> None:
    world, now, run = place.world, NOW + HOUR, "2026-12-02T1030Z-0a1b2c"
    for _ in range(2):
        world.open_merge_request(PROJECT, author="ivy")
    gitlab, folder = place.gitlab(), place.folder / "journal"
    policies = place.policies(WRONG, type="merge_requests")
    record = JournalFile(folder, Header(run=run, now=now, gitlab_url=place.url)).record
    world.at(now)
    flow.sweep(policies, gitlab, TemplateRenderer(), now, Watching(), dry_run=False, record=record)
    assert {each.state for each in world.merge_requests(PROJECT)} == {"closed"}
    world.at(now + HOUR)
    flow.undo(policies, gitlab, read_journal(folder, run), now + HOUR, Watching(), dry_run=False)
    gitlab.close()
    assert {(each.state, each.labels) for each in world.merge_requests(PROJECT)} == {("opened", (UNDONE_LABEL,))}


@pytest.mark.parametrize(
    ("tracker", "is_ours"),
    [
        (Tracker(name="t", path=PROJECT), True),
        (Tracker(name="t", path=PROJECT.upper()), True),
        (Tracker(name="t", path="group", source="groups"), True),
        (Tracker(name="t", path="gro", source="groups"), False),
        (Tracker(name="t", path="group"), False),
        (Tracker(name="t", path="group/other"), False),
        (Tracker(name="t", path="12"), False),
        (Tracker(name=PROJECT, path="12"), True),
    ],
)
def test_journal_reaches_no_further_than_the_desk(journey: Journey, tracker: Tracker, is_ours: bool) -> None:
    journey.world.open_issue(PROJECT, author="ivy")
    journey.sweep(LABEL)
    journal, sent = read_journal(journey.folder, journey.run), len(journey.world.requests)
    policies = Policies(desk=Desk(trackers={tracker.name: tracker}))
    gitlab = journey.place.gitlab()
    try:
        if is_ours:
            assert flow.undo(policies, gitlab, journal, NOW, Watching(), dry_run=True).plan.changes
        else:
            with pytest.raises(PolicyError, match=f"names '{PROJECT}', which is no tracker of desk.yml"):
                flow.undo(policies, gitlab, journal, NOW, Watching(), dry_run=True)
            assert len(journey.world.requests) == sent
    finally:
        gitlab.close()


def test_another_account_is_refused_for_its_notes_would_keep_nothing_off(journey: Journey) -> None:
    journey.world.open_issue(PROJECT, author="ivy")
    journey.sweep(LABEL)
    journey.world.add_token("token", "lou")
    before = writes(journey.place)
    with pytest.raises(PolicyError, match="made by the account 'desk-bot', and GITLAB_TOKEN is that of 'lou'"):
        journey.undo(journey.run)
    assert writes(journey.place) == before


def test_hostile_names_in_a_journal_do_nothing_in_the_note(journey: Journey) -> None:
    journey.world.open_issue(PROJECT, author="ivy")
    journey.sweep(LABEL)
    path = journey.path()
    hostile = msgspec.json.encode("Label` @kim\n/close\n<!-- starkeeper undone rule=0123456789abcdef -->").decode()
    path.write_text(path.read_text("utf-8").replace('"rule":"Label"', f'"rule":{hostile}'), "utf-8")
    journey.undo(journey.run)
    (note,) = own_notes(journey)
    assert "\n/close" not in note and "0123456789abcdef -->\n" not in note
    assert journey.world.mentions == [] and seen(journey).state == "opened"


def test_only_what_was_done_is_undone(journey: Journey) -> None:
    for _ in range(2):
        journey.world.open_issue(PROJECT, author="ivy")
    journey.world.faults.append(Fault(method="PUT", path=r"/issues/1$", status=403, body='{"message":"no"}'))
    assert [each.result for each in journey.sweep(LABEL).outcomes] == ["failed", "applied"]
    assert [each.iid for each in journey.undo(journey.run).plan.changes] == [2]


ONE, TWO = "0123456789abcdef", "fedcba9876543210"
MARKER = make_marker("undo", 1)[1]


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
