"""`sweep` with its journal and `undo`, as people and pipelines use them."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from starkeeper.journal import JournalFile, find_runs
from starkeeper.render.undone import UNDONE_LABEL
from starkeeper.sandbox.faults import Fault
from starkeeper.sandbox.seeds import TOKEN, seed_desk
from starkeeper.sandbox.server import serve
from starkeeper.sandbox.world import World
from tests.flow.conftest import NOW
from tests.running import starkeeper

ROOT = Path(__file__).resolve().parents[2]
PROJECT = "support/star"
PLAIN = """
resource_rules:
  issues:
    rules:
      - {name: Close all, conditions: {state: opened}, actions: {labels: [closed::all], status: close}}
"""
STAR = "### Ticket\n\n777\n\n### Urgency\n\nTimely\n\n### Form\n\nSaaS"
PROJECTS = ("support/star", "support/feedback", "support/emergencies")


class Room:
    def __init__(self, world: World, url: str, folder: Path) -> None:
        self.world, self.url, self.folder = world, url, folder
        self.journal = folder / "journal"
        self.now = NOW
        (folder / "policy.yml").write_text(PLAIN, "utf-8")
        self.plain = ["--policies", str(folder / "policy.yml"), "--project", PROJECT]

    def runs(self, command: str, *arguments: str) -> tuple[int, str, str]:
        """One command, an hour after the last one."""
        self.now += dt.timedelta(hours=1)
        self.world.at(self.now)
        return starkeeper(command, *arguments, "--now", self.now.isoformat(), "--journal", str(self.journal))

    def sweeps(self, *arguments: str) -> str:
        """Gives the name of the run."""
        status, printed, told = self.runs("sweep", *(arguments or self.plain), "--output", "json")
        assert status == 0, told
        name: str = json.loads(printed)["run"]
        return name

    def fields(self) -> list[object]:
        """What a run could have changed, of every issue."""
        issues = [issue for project in PROJECTS for issue in self.world.issues(project)]
        names = ("project", "iid", "state", "labels", "assignees", "due_date", "locked", "confidential")
        return [tuple(_plain(getattr(issue, name)) for name in names) for issue in issues]

    def writes(self) -> int:
        return len([each for each in self.world.requests if each.method != "GET" and "graphql" not in each.path])


def _plain(value: object) -> object:
    return frozenset(value) - {UNDONE_LABEL} if isinstance(value, tuple) else value


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Room]:
    world = World(clock=lambda: NOW)
    seed_desk(world, NOW)
    world.add_label("support", "closed::all")
    monkeypatch.chdir(ROOT)
    with serve(world) as served:
        monkeypatch.setenv("GITLAB_URL", served.url)
        monkeypatch.setenv("GITLAB_TOKEN", TOKEN)
        monkeypatch.setenv("STARKEEPER_NOTES_PER_SECOND", "10000")
        yield Room(world, served.url, tmp_path)


def test_sweep_says_at_its_end_how_it_is_taken_back(room: Room) -> None:
    status, printed, _ = room.runs("sweep", *room.plain)
    (run,) = find_runs(room.journal)
    assert status == 0
    assert re.fullmatch(r"2026-12-02T1030Z-[0-9a-f]{6}", run)
    last = printed.rstrip().splitlines()[-1]
    undo = f"undo {run} --journal {room.journal} {' '.join(room.plain)}"
    assert last == f"Run {run}; to take it back: starkeeper {undo}"
    assert starkeeper(*undo.split(), "--now", room.now.isoformat())[0] == 0
    assert {issue.state for issue in room.world.issues(PROJECT) if "closed::all" in issue.labels} == set()


def test_run_that_changes_nothing_has_a_name_and_no_journal(room: Room) -> None:
    room.sweeps()
    run = room.sweeps()
    assert re.fullmatch(r"2026-12-02T1130Z-[0-9a-f]{6}", run)
    assert len(find_runs(room.journal)) == 1
    assert "to take it back" not in room.runs("sweep", *room.plain)[1]


def test_dry_run_has_neither_name_nor_journal(room: Room) -> None:
    assert room.sweeps("--dry-run", *room.plain) == ""
    assert not room.journal.exists()


def test_run_without_a_journal_leaves_none(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(room.folder)
    status, printed, _ = starkeeper("sweep", "--no-journal", *room.plain)
    assert (status, "undo" in printed) == (0, False)
    assert sorted(each.name for each in room.folder.iterdir()) == ["policy.yml"]


def test_two_runs_of_one_minute_have_two_names(room: Room) -> None:
    names = set()
    for _ in range(2):
        names.add(room.sweeps("--dry-run", *room.plain))
        room.now -= dt.timedelta(hours=1)
        names.add(room.sweeps())
        room.now -= dt.timedelta(hours=1)
    assert len(names) == 3


def test_journal_names_the_job_and_the_commit(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI_COMMIT_SHA", "c0ffee")
    monkeypatch.setenv("CI_JOB_URL", f"{room.url}/desk/-/jobs/7")
    run = room.sweeps()
    header = json.loads((room.journal / f"{run}.jsonl").read_text("utf-8").splitlines()[0])
    assert (header["commit"], header["job_url"], header["version"]) == ("c0ffee", f"{room.url}/desk/-/jobs/7", 1)
    room.runs("undo", run, *room.plain)
    bodies = [note.body for issue in room.world.issues(PROJECT) for note in room.world.notes(PROJECT, issue.iid)]
    assert any(each.startswith(f"What run [`{run}`]({room.url}/desk/-/jobs/7) did here") for each in bodies)


def test_folder_that_cannot_be_written_is_said_before_the_first_request(room: Room) -> None:
    room.journal = room.folder / "policy.yml" / "journal"
    status, _, told = room.runs("sweep", *room.plain)
    assert (status, "cannot be written" in told) == (2, True)
    assert room.world.requests == []


def test_journal_that_fails_half_way_leaves_the_report_and_is_said(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(JournalFile, "_append", full)
    status, printed, told = room.runs("sweep", *room.plain)
    assert status == 3
    assert re.search(r"\d+ issues, \d+ steps: \d+ done", printed)
    assert "to take it back" not in printed
    assert "no space left on device" in told and ".jsonl" in told and "cannot be undone" in told


def test_journal_that_leads_nowhere_is_refused_before_anything_is_written(room: Room) -> None:
    room.journal.symlink_to(room.folder / "nowhere" / "at-all")
    status, _, told = room.runs("sweep", *room.plain)
    assert (status, "leads nowhere" in told, room.writes()) == (2, True, 0)


def test_undo_that_was_given_an_earlier_time_is_known_to_the_next(room: Room) -> None:
    run = room.sweeps()
    room.now -= dt.timedelta(days=40)
    assert starkeeper("undo", run, *room.plain, "--journal", str(room.journal), "--now", room.now.isoformat())[0] == 0
    room.now += dt.timedelta(days=60)
    status, printed, _ = room.runs("undo", run, *room.plain)
    assert (status, "Nothing to do" in printed, "left:" in printed) == (0, True, False)


def test_what_came_from_outside_the_hours_stays_with_nobody_after_an_undo(room: Room) -> None:
    """The next rules of the chain must not take it for a new one."""
    room.now = dt.datetime(2026, 11, 28, 10, tzinfo=dt.UTC)
    room.world.at(room.now)
    iid = room.world.open_issue(PROJECT, title="STAR for ZD#777", description=STAR, author="ivy", created_at=room.now)
    run = room.sweeps("--policies", str(ROOT / "policies"))
    assert "star::outside-hours" in room.world.issue(PROJECT, iid).labels
    assert room.runs("undo", run, "--policies", str(ROOT / "policies"))[0] == 0
    room.sweeps("--policies", str(ROOT / "policies"))
    issue = room.world.issue(PROJECT, iid)
    assert (issue.labels, issue.assignees) == ((UNDONE_LABEL,), ())


def test_journal_and_no_journal_exclude_each_other(room: Room) -> None:
    status, _, told = room.runs("sweep", "--no-journal", *room.plain)
    assert (status, "exclude each other" in told) == (2, True)


def test_sweep_of_the_whole_desk_is_taken_back_field_by_field(room: Room) -> None:
    before = room.fields()
    run = room.sweeps("--policies", str(ROOT / "policies"))
    assert room.fields() != before
    status, printed, _ = room.runs("undo", run)
    assert status == 0
    assert room.fields() == before
    (undo,) = (each for each in find_runs(room.journal) if each != run)
    assert f"Run {undo}; to take it back: starkeeper undo {undo}" in printed
    status, printed, _ = room.runs("undo", run)
    assert status == 0 and "Nothing to do" in printed and "left:" not in printed
    assert room.runs("undo", undo)[0] == 0
    assert room.fields() != before


def test_undo_takes_the_beginning_of_a_name_and_says_what_it_left(room: Room) -> None:
    run = room.sweeps()
    room.world.reopen(PROJECT, 2, by="kim", at=room.now)
    room.world.set_labels(PROJECT, 2, by="emil", remove=["closed::all"], at=room.now + dt.timedelta(minutes=4))
    status, printed, _ = room.runs("undo", run[:16], *room.plain)
    assert status == 0
    assert f"left: label 'closed::all' on {PROJECT}#2: emil took it off at 10:34 UTC" in printed
    assert f"left: the state on {PROJECT}#2: it was opened again since" in printed
    result = json.loads(room.runs("undo", run, *room.plain, "--output", "json")[1])
    assert [each["kind"] for each in result["notices"]] == ["left", "left"]


def test_undo_of_a_dry_run_changes_nothing(room: Room) -> None:
    run = room.sweeps()
    before, written = room.fields(), room.writes()
    status, printed, _ = room.runs("undo", run, "--dry-run", *room.plain)
    assert (status, room.fields(), room.writes()) == (0, before, written)
    assert "dry run" in printed and "to take it back" not in printed
    assert find_runs(room.journal) == (run,)


def test_undo_without_a_name_lists_the_last_runs(room: Room) -> None:
    assert starkeeper("undo", "--journal", str(room.journal))[:2] == (
        0,
        f"No run has left a journal in '{room.journal}'.\n",
    )
    run = room.sweeps()
    room.runs("undo", run, *room.plain)
    (room.journal / "2026-01-01T0000Z-000000.jsonl").write_text("{}\n", "utf-8")
    status, printed, told = starkeeper("undo", "--journal", str(room.journal))
    lines = printed.splitlines()
    assert status == 0
    assert re.fullmatch(rf"2026-12-02T1130Z-\w+  \d+ resources changed: undo of {run}", lines[0])
    assert re.fullmatch(rf"{run}  \d+ resources changed: 'Close all'", lines[1])
    assert "passed over: " in told
    rows = json.loads(starkeeper("undo", "--journal", str(room.journal), "--output", "json")[1])
    assert [(each["run"], each["undoes"]) for each in rows][1:] == [(run, "")]


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ("2026-11-30T1", "may be any of 2026-11-30T1000Z-aaaaaa, 2026-11-30T1100Z-bbbbbb"),
        ("2026-11-30T1000Z-aaaaab", "did you mean 2026-11-30T1000Z-aaaaaa"),
        ("yesterday", "the last are 2026-11-30T1000Z-aaaaaa, 2026-11-30T1100Z-bbbbbb"),
        ("../policy", "there is no run '../policy'"),
        ("", "there is no run ''"),
    ],
)
def test_name_of_no_run_is_status_2_with_those_there_are(room: Room, wanted: str, said: str) -> None:
    room.journal.mkdir()
    for name in ("2026-11-30T1000Z-aaaaaa", "2026-11-30T1100Z-bbbbbb"):
        (room.journal / f"{name}.jsonl").write_text("{}\n", "utf-8")
    status, _, told = room.runs("undo", wanted, *room.plain)
    assert (status, said in " ".join(told.split())) == (2, True), told


def test_folder_without_journals_is_said(room: Room) -> None:
    status, _, told = room.runs("undo", "2026-11-30T1000Z-aaaaaa", *room.plain)
    assert (status, "holds no journal" in told) == (2, True)


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        ('"version":1', '"version":2', "this is a journal of version 2, and this Starkeeper reads version 1"),
        ('"type":"issues"', '"type":7', ":2:1: this line is none of a journal, at $.type"),
        ('"tracker"', '"tracker', ":2:1: this line is no JSON"),
        ('"project":"support/star"', '"project":"evil/place"', "names 'evil/place', which is no tracker of desk.yml"),
        ('"gitlab_url":"http', '"gitlab_url":"https', "and GITLAB_URL is http://127.0.0.1"),
        ('"account":"smoc-bot"', '"account":"other-bot"', "made by the account 'other-bot'"),
    ],
)
def test_journal_that_is_not_to_be_trusted_is_status_1_and_nothing_is_written(
    room: Room, was: str, becomes: str, said: str
) -> None:
    run = room.sweeps()
    path = room.journal / f"{run}.jsonl"
    text = path.read_text("utf-8")
    assert was in text
    path.write_text(text.replace(was, becomes, 1), "utf-8")
    written = room.writes()
    status, printed, told = room.runs("undo", run, *room.plain)
    assert (status, printed) == (1, "")
    assert said in told
    assert room.writes() == written


def test_issue_that_cannot_be_read_is_status_3_and_the_others_are_brought_back(room: Room) -> None:
    run = room.sweeps()
    room.world.faults.append(Fault(method="GET", path="/issues/2/resource_label_events", status=403, times=99))
    status, printed, _ = room.runs("undo", run, *room.plain)
    assert status == 3
    assert f"label events of {PROJECT}#2" in printed
    assert {issue.iid for issue in room.world.issues(PROJECT) if "closed::all" in issue.labels} == {2}


def test_tracker_and_rule_narrow_an_undo(room: Room) -> None:
    run = room.sweeps("--policies", str(ROOT / "policies"))
    result = json.loads(room.runs("undo", run, "--tracker", "feedback", "--dry-run", "--output", "json")[1])
    assert {each["tracker"] for each in result["changes"]} == {"feedback"}
    status, _, told = room.runs("undo", run, "--rule", "Mark positive feedbak", "--dry-run")
    assert (status, "did you mean 'Mark positive feedback'?" in told) == (1, True)
