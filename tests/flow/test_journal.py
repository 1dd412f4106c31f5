"""The journal of a run: what it holds, that it stays whatever becomes of the run, and what later runs know from it."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import msgspec
import pytest

from starkeeper.errors import PolicyError
from starkeeper.journal import JournalFile, find_runs, read_journal, said_before
from starkeeper.model.desk import Tracker
from starkeeper.model.journal import Entry, Header, Snapshot
from starkeeper.model.resources import ResourceKey
from starkeeper.policies.load import load_policies
from starkeeper.render.markers import make_marker
from starkeeper.sandbox.faults import Fault
from tests.flow.conftest import NOW, PROJECT, Place
from tests.flow.journeys import HOUR, Journey
from tests.flow.test_killed_anywhere import Frail, Killed

GREET = """
- name: Greet
  conditions: {state: opened, labels: ["star::new"]}
  actions: {labels: ["star::greeted"], assign: [kim], due_date: "2026-12-24", comment: "Hello {{ author }}."}
"""
CLOSE = "- {name: Close, conditions: {state: opened}, actions: {status: close}}"
URL = "https://gitlab.example.com"


@pytest.fixture
def journey(place: Place) -> Journey:
    return Journey(place)


def test_journal_tells_each_step_with_the_resource_before_and_after(journey: Journey) -> None:
    journey.world.open_issue(PROJECT, title="Secret title", description="Secret", author="ivy", labels=["star::new"])
    journey.sweep(GREET)
    rule = journey.policies(GREET).rules[0]
    before = Snapshot(state="opened", labels=("star::new",), created_at=NOW, updated_at=NOW)
    after = Snapshot(
        state="opened",
        labels=("star::greeted",),
        assignees=("kim",),
        due_date=dt.date(2026, 12, 24),
        created_at=NOW,
        updated_at=NOW + HOUR,
    )
    read_again = msgspec.structs.replace(before, updated_at=NOW)
    common = {"tracker": PROJECT, "project": PROJECT, "type": "issues", "iid": 1, "rule": "Greet", "result": "applied"}
    common |= {"digest": rule.digest}

    def entry(action: str, **more: object) -> Entry:
        return msgspec.convert(
            {**common, "action": action, "before": msgspec.to_builtins(read_again), **more}, Entry, strict=False
        )

    fields = {"after": msgspec.to_builtins(after)}
    assert journey.entries() == (
        entry("comment", notes=[make_marker("Greet", 1)[0]]),
        entry("labels", add=["star::greeted"], remove=["star::new"], **fields),
        entry("assign", add=["kim"], **fields),
        entry("due_date", **fields),
    )
    text = journey.path().read_text("utf-8")
    assert "Secret" not in text and "Hello" not in text


def test_journal_says_when_it_was_closed_and_who_wrote(journey: Journey) -> None:
    journey.world.open_issue(PROJECT, author="ivy")
    journey.sweep(CLOSE)
    journal = read_journal(journey.folder, journey.run)
    assert (journal.header.account, journal.header.gitlab_url) == ("desk-bot", journey.place.url)
    (entry,) = journal.entries
    assert entry.after is not None
    assert (entry.after.state, entry.after.closed_at) == ("closed", journey.now)


def test_run_that_changes_nothing_and_a_dry_run_leave_no_journal(journey: Journey) -> None:
    journey.world.open_issue(PROJECT, author="ivy")
    journey.sweep(CLOSE, dry_run=True)
    journey.sweep(GREET)
    assert not journey.folder.exists()


def test_what_failed_and_what_waited_for_it_stands_there_too(journey: Journey) -> None:
    journey.world.open_issue(PROJECT, author="ivy", labels=["star::new"])
    journey.world.faults.append(Fault(method="POST", path=r"/notes$", status=400, body='{"message":"no"}'))
    journey.sweep(GREET)
    assert [(each.action, each.result, each.notes, each.after) for each in journey.entries()] == [
        ("comment", "failed", (), None),
        ("labels", "skipped", (), None),
        ("assign", "skipped", (), None),
        ("due_date", "skipped", (), None),
    ]


@pytest.mark.parametrize("writes", range(6))
def test_killed_run_leaves_what_it_did(journey: Journey, writes: int) -> None:
    for _ in range(3):
        journey.world.open_issue(PROJECT, author="ivy", labels=["star::new"])
    with pytest.raises(Killed):
        journey.sweep(GREET, gitlab=Frail(journey.place.url, writes, Killed))
    entries = journey.entries() if writes else ()
    fields = ["labels", "assign", "due_date"]
    expected = [(1 + number // 2, action) for number in range(writes) for action in (["comment"], fields)[number % 2]]
    assert [(each.iid, each.action) for each in entries] == expected


@pytest.mark.parametrize("cut", range(1, 40))
def test_line_that_was_never_finished_is_left_out(tmp_path: Path, cut: int) -> None:
    run = written(tmp_path, [an_entry(1), an_entry(2)])
    path = tmp_path / f"{run}.jsonl"
    path.write_bytes(path.read_bytes()[:-cut])
    assert read_journal(tmp_path, run).entries == (an_entry(1),)


@pytest.mark.parametrize(
    ("line", "number", "said"),
    [
        (b"not json", 2, "this line is no JSON"),
        (b"\xff\xfe", 2, "this line is no JSON"),
        (b"", 2, "this line is no JSON"),
        (b"[]", 2, "this line is none of a journal, at $"),
        (b'{"tracker":"t","project":"p","type":"issues","iid":"1"}', 2, "at $.iid"),
        (b'{"tracker":"t","project":"p","type":"issues","iid":-1}', 2, "at $.iid"),
        (b'{"tracker":"t","project":"p","type":"snippets","iid":1}', 2, "at $.type"),
        (b'{"tracker":"t","project":"p","type":"issues","iid":1,"digest":"--> /close"}', 2, "at $.digest"),
        (b'{"tracker":"t","project":"p","type":"issues","iid":1,"digest":"0123456789abcdef\\n"}', 2, "at $.digest"),
        (b'{"tracker":"t","project":"p","type":"issues","iid":1,"notes":["<!--"]}', 2, "at $.notes[0]"),
        (
            b'{"tracker":"t","project":"p","type":"issues","iid":1,"rule":"R","action":"labels","result":"applied",'
            b'"before":{"state":"opened","created_at":"2026-12-02T09:30:00","updated_at":"2026-12-02T09:30:00Z"}}',
            2,
            "at $.before.created_at",
        ),
    ],
)
def test_line_that_is_none_of_a_journal_is_refused_where_it_stands(
    tmp_path: Path, line: bytes, number: int, said: str
) -> None:
    run = written(tmp_path, [])
    with (tmp_path / f"{run}.jsonl").open("ab") as file:
        file.write(line + b"\n" + msgspec.json.encode(an_entry(1)) + b"\n")
    with pytest.raises(PolicyError) as refused:
        read_journal(tmp_path, run)
    assert f"{run}.jsonl:{number}:1: " in str(refused.value) and said in str(refused.value)
    assert said_before(tmp_path, URL) == {}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the journal is empty"),
        (b'{"version":1', "ends within its first line"),
        (b'{"version":2,"strange":true}\n', "of version 2, and this Starkeeper reads version 1"),
        (b'{"run":"x"}\n', "at $"),
        (b'{"version":1,"run":"../../etc","now":"2026-12-02T09:30:00Z","gitlab_url":""}\n', "at $.run"),
        (
            b'{"version":1,"run":"2026-01-01T0000Z-000000","now":"2026-12-02T09:30:00Z","gitlab_url":""}\n',
            "this is the journal of run 2026-01-01T0000Z-000000, by another name",
        ),
    ],
)
def test_file_that_is_no_journal_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    run = "2026-12-02T0930Z-0a1b2c"
    (tmp_path / f"{run}.jsonl").write_bytes(content)
    with pytest.raises(PolicyError, match=r"2026-12-02T0930Z-0a1b2c\.jsonl") as refused:
        read_journal(tmp_path, run)
    assert said in str(refused.value)


def test_journals_older_than_the_limit_go_with_the_first_entry_of_a_new_one(tmp_path: Path) -> None:
    old, young = ("2026-11-01T0929Z-aaaaaa", "2026-11-02T0930Z-bbbbbb")
    for name in (old, young):
        path = tmp_path / f"{name}.jsonl"
        path.write_text("{}\n", "utf-8")
        os.utime(path, (NOW.timestamp() - 31 * 86_400,) * 2)
    trial = tmp_path / "2026-10-01T0929Z-cccccc.jsonl"
    trial.write_text("{}\n", "utf-8")
    os.utime(trial, (NOW.timestamp(),) * 2)
    (tmp_path / "2026-01-01.txt").write_text("a person's", "utf-8")
    file = JournalFile(tmp_path, header("2026-12-02T0930Z-0a1b2c"), keep_since=NOW - dt.timedelta(days=30))
    assert find_runs(tmp_path) == (trial.stem, old, young)
    file.record([an_entry(1)])
    assert find_runs(tmp_path) == (trial.stem, young, "2026-12-02T0930Z-0a1b2c")
    assert (tmp_path / "2026-01-01.txt").exists()


@pytest.mark.parametrize("kind", ["deep", "fifo"])
def test_file_that_is_no_journal_stops_no_run(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "2026-12-02T0930Z-0a1b2c.jsonl"
    if kind == "fifo":
        os.mkfifo(path)
    else:
        first = msgspec.json.encode(header(path.stem)).decode()
        path.write_text(f'{first}\n{{"zz":{"[" * 200_000}{"]" * 200_000},"notes":[]}}\n', "utf-8")
    assert said_before(tmp_path, "https://gitlab.example.com") == {}
    with pytest.raises(PolicyError):
        read_journal(tmp_path, path.stem)


def test_disk_that_is_full_does_not_end_the_run(tmp_path: Path) -> None:
    (tmp_path / "journal").write_text("a file where the folder should be", "utf-8")
    file = JournalFile(tmp_path / "journal", header("2026-12-02T0930Z-0a1b2c"))
    file.record([an_entry(1)])
    file.record([an_entry(2)])
    assert isinstance(file.trouble, OSError)


def test_earlier_runs_tell_what_was_said_on_that_gitlab(tmp_path: Path) -> None:
    keys = ("0123456789abcdef", "fedcba9876543210")
    first = written(tmp_path, [an_entry(1, notes=keys[:1]), an_entry(2)], "2026-12-02T0930Z-aaaaaa")
    written(
        tmp_path, [an_entry(1, notes=keys[1:]), an_entry(3, notes=keys, result="failed")], "2026-12-02T1030Z-bbbbbb"
    )
    known = said_before(tmp_path, URL)
    assert list(known) == [ResourceKey(PROJECT, 1)]
    assert dict(known[ResourceKey(PROJECT, 1)].notes) == {keys[0]: NOW, keys[1]: NOW + HOUR}
    assert said_before(tmp_path, "https://other.example.com") == {}
    assert first in find_runs(tmp_path)


def test_note_that_a_person_deleted_is_known_to_have_been_said(journey: Journey) -> None:
    rules = "- {name: Greet, conditions: {state: opened}, actions: {comment: Hello.}}"
    journey.world.open_issue(PROJECT, author="ivy")
    journey.sweep(rules)
    (note,) = journey.world.notes(PROJECT, 1)
    journey.world.delete_comment(PROJECT, 1, note.id)
    assert journey.sweep(rules).plan.changes == ()
    assert journey.world.notes(PROJECT, 1) == ()


def test_another_issue_of_the_same_number_is_not_taken_for_the_one_that_was_told(journey: Journey) -> None:
    key = make_marker("Greet", 1)[0]
    known = said_before(journey.folder, journey.place.url)
    assert known == {}
    iid = journey.world.open_issue(PROJECT, author="ivy")
    earlier = an_entry(iid, notes=(key,), created_at=NOW - HOUR)
    written(journey.folder, [earlier], "2026-12-02T0830Z-aaaaaa", journey.place.url)
    journey.sweep("- {name: Greet, conditions: {state: opened}, actions: {comment: Hello.}}")
    assert len(journey.world.notes(PROJECT, iid)) == 1


def test_digest_of_a_rule_is_of_what_it_says_and_not_of_how_it_is_written(tmp_path: Path) -> None:
    same = (
        "- {name: R, conditions: {labels: [a, b]}, actions: {labels: [c]}}",
        "- actions: {labels: ['c']} # set it\n  conditions:\n    labels:\n    - \"a\"\n    - b\n  name: R",
        "- name: R\n  conditions: {labels: &all [a, b]}\n  actions: {labels: [c]}",
    )
    others = (
        "- {name: R2, conditions: {labels: [a, b]}, actions: {labels: [c]}}",
        "- {name: R, conditions: {labels: [b, a]}, actions: {labels: [c]}}",
        "- {name: R, conditions: {labels: [a]}, actions: {labels: [b, c]}}",
        "- {name: R, actions: {labels: [a, b]}, conditions: {labels: [c]}}",
        "- {name: R, conditions: {labels: [a, b]}, actions: {labels: [c], comment: c}}",
    )
    assert len({_digest(tmp_path, rules) for rules in same}) == 1
    assert len({_digest(tmp_path, rules) for rules in (same[0], *others)}) == len(others) + 1


def _digest(folder: Path, rules: str) -> str:
    file = folder / "policy.yml"
    indented = "\n".join(f"      {line}" for line in rules.splitlines())
    file.write_text(f"resource_rules:\n  issues:\n    rules:\n{indented}\n", "utf-8")
    return load_policies([file], folder, plain=Tracker(name=PROJECT, path=PROJECT)).rules[0].digest


def header(run: str, url: str = URL) -> Header:
    return Header(run=run, now=dt.datetime.strptime(f"{run[:15]}+0000", "%Y-%m-%dT%H%M%z"), gitlab_url=url)


def written(folder: Path, entries: list[Entry], run: str = "2026-12-02T0930Z-0a1b2c", url: str = URL) -> str:
    file = JournalFile(folder, header(run, url))
    file.record([])
    for entry in entries:
        file.record([entry])
    return run


def an_entry(iid: int, *, notes: tuple[str, ...] = (), result: str = "applied", created_at: dt.datetime = NOW) -> Entry:
    before = Snapshot(state="opened", created_at=created_at, updated_at=created_at)
    return msgspec.convert(
        {
            "tracker": PROJECT,
            "project": PROJECT,
            "type": "issues",
            "iid": iid,
            "rule": "Greet",
            "action": "comment",
            "result": result,
            "before": msgspec.to_builtins(before),
            "notes": notes,
        },
        Entry,
    )
