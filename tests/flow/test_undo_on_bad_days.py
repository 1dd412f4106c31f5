"""Undoing where reading fails, issues are gone, and journals are of somebody else or hostile."""

from __future__ import annotations

import msgspec
import pytest

from starkeeper import flow
from starkeeper.commands.watching import Watching
from starkeeper.errors import PolicyError
from starkeeper.journal import JournalFile, read_journal
from starkeeper.model.desk import Desk, Tracker
from starkeeper.model.journal import Header
from starkeeper.model.policies import Policies
from starkeeper.model.resources import ResourceKey
from starkeeper.render.renderer import TemplateRenderer
from starkeeper.render.undone import UNDONE_LABEL
from starkeeper.report import exit_status
from starkeeper.sandbox.faults import Fault
from tests.flow.conftest import BOT, NOW, PROJECT, Place
from tests.flow.journeys import HOUR, LABEL, WRONG, Journey, left, own_notes, said, seen
from tests.flow.sweeps import writes


@pytest.fixture
def journey(place: Place) -> Journey:
    return Journey(place)


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


def test_what_a_person_moved_since_is_left_alone(journey: Journey) -> None:
    journey.world.add_project("group/elsewhere")
    journey.world.add_member("group/elsewhere", BOT, "developer")
    journey.world.open_issue(PROJECT, author="ivy")
    journey.sweep(WRONG)
    journey.later()
    journey.place.gitlab().move_issue(ResourceKey(PROJECT, 1), "group/elsewhere")
    undone = journey.undo(journey.run)
    assert [each for each in left(undone) if "it was moved elsewhere since" in each]
    assert undone.plan.changes == ()
    assert (seen(journey).state, UNDONE_LABEL in seen(journey).labels) == ("closed", False)
