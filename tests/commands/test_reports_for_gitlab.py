"""The reports that GitLab shows: what `check` found, in a merge request; what a run changed, on the job's page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from starkeeper.model.plan import Change, CommentStep, LabelsStep, Plan
from starkeeper.report.annotations import annotations_json
from starkeeper.sandbox.seeds import READ_TOKEN, seed_desk
from starkeeper.sandbox.server import serve
from starkeeper.sandbox.world import World
from tests.flow.conftest import NOW
from tests.running import starkeeper

ROOT = Path(__file__).resolve().parents[2]
PLAIN = """\
resource_rules:
  issues:
    rules:
      - name: Close what is old
        conditions: {state: opened}
        actions: {labels: [old]}
"""
WRONG = PLAIN.replace("{state: opened}", "{stat: opened}")


def found(tmp_path: Path, policy: str) -> tuple[int, list[dict[str, Any]]]:
    """The exit status of a check of this policy, and its Code Quality report."""
    file, report = tmp_path / "policy.yml", tmp_path / "report.json"
    file.write_text(policy, "utf-8")
    status, _, _ = starkeeper("check", str(file), "--project", "a/b", "--codequality", str(report))
    return status, json.loads(report.read_text("utf-8"))


def test_an_error_is_reported_at_its_line(tmp_path: Path) -> None:
    status, entries = found(tmp_path, WRONG)
    assert status == 1
    [entry] = entries
    assert entry["location"] == {"path": str(tmp_path / "policy.yml"), "lines": {"begin": 5}}
    assert (entry["check_name"], entry["severity"]) == ("error", "blocker")
    assert "'stat'" in entry["description"] and "did you mean 'state'?" in entry["description"]


def test_what_is_probably_a_mistake_is_reported_by_the_name_of_its_finding(tmp_path: Path) -> None:
    policy = PLAIN.replace("{labels: [old]}", "{labels: [old], remove_labels: [old]}")
    status, entries = found(tmp_path, policy)
    assert status == 0
    assert {each["severity"] for each in entries} == {"minor"}
    assert {each["check_name"] for each in entries} == {"added-and-removed"}


def test_nothing_found_is_reported_too(tmp_path: Path) -> None:
    """GitLab compares a merge request with the last report of the target branch: that one must be there."""
    assert starkeeper("check", "--codequality", str(tmp_path / "report.json"))[0] == 0
    entries = json.loads((tmp_path / "report.json").read_text("utf-8"))
    assert [each for each in entries if each["severity"] == "blocker"] == []


def test_a_mistake_that_only_moved_is_not_a_new_one(tmp_path: Path) -> None:
    [before], [after] = found(tmp_path, WRONG)[1], found(tmp_path, f"# A remark.\n{WRONG}")[1]
    assert after["location"]["lines"]["begin"] == before["location"]["lines"]["begin"] + 1
    assert after["fingerprint"] == before["fingerprint"]


def test_two_mistakes_that_are_alike_are_two(tmp_path: Path) -> None:
    rules = WRONG + WRONG[WRONG.index("      - name") :].replace("Close", "Shut")
    _, entries = found(tmp_path, rules)
    assert len(entries) == len({each["fingerprint"] for each in entries}) == 2


@pytest.mark.parametrize("command", [("check", "--codequality"), ("sweep", "--annotations")])
def test_a_report_that_cannot_be_written_is_said_at_once(command: tuple[str, str], tmp_path: Path) -> None:
    status, _, told = starkeeper(*command, str(tmp_path / "none" / "report.json"))
    assert status == 2
    assert command[1] in told


def test_a_run_links_what_it_changes_and_names_no_title(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(clock=lambda: NOW)
    seed_desk(world, NOW)
    monkeypatch.chdir(ROOT)
    plan, links = tmp_path / "plan.json", tmp_path / "links.json"
    with serve(world) as served:
        monkeypatch.setenv("GITLAB_URL", served.url)
        monkeypatch.setenv("GITLAB_TOKEN", READ_TOKEN)
        starkeeper("sweep", "--dry-run", "--now", NOW.isoformat(), "--plan", str(plan), "--annotations", str(links))
    changes = json.loads(plan.read_text("utf-8"))["changes"]
    shown = [each["external_link"] for each in json.loads(links.read_text("utf-8"))["changes"]]
    assert [each["url"] for each in shown] == [change["web_url"] for change in changes if change["web_url"]]
    assert any(each["label"].startswith("star#") and "labels" in each["label"] for each in shown)
    assert [title for change in changes if (title := change["title"]) and title in links.read_text("utf-8")] == []


def linked(*changes: Change) -> list[dict[str, Any]]:
    plan = Plan(now="2026-11-30T09:30:00Z", policies="sha256:", changes=changes)
    links: list[dict[str, Any]] = json.loads(annotations_json(plan))["changes"]
    return links


def change(iid: int, web_url: str) -> Change:
    note = CommentStep(rule="B", internal=True, body="Hush", key="k")
    steps = (LabelsStep(rule="A", add=("x",)), note, LabelsStep(rule="C", add=("y",)))
    return Change(
        tracker="star", project="support/star", type="issues", iid=iid, title="T", web_url=web_url, steps=steps
    )


def test_an_action_that_comes_twice_is_named_once() -> None:
    [link] = linked(change(9, "https://gitlab.example/9"))
    assert link == {"external_link": {"label": "star#9: labels, comment", "url": "https://gitlab.example/9"}}


def test_what_has_no_page_yet_is_not_linked() -> None:
    assert linked(change(0, ""), change(3, "javascript:alert(1)")) == []


def test_no_more_links_than_a_page_can_bear() -> None:
    assert len(linked(*(change(number, f"https://gitlab.example/{number}") for number in range(1, 200)))) == 50
