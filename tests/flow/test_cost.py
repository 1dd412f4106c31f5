"""What a run asks for: each list once whatever the number of rules, and costly things only where they decide."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from starkeeper.sandbox.server import serve
from tests.flow.conftest import BOT, PROJECT, Place, make_world
from tests.flow.sweeps import sweep_file
from tests.running import starkeeper

QUIET = """      - name: R{number}
        conditions: {{labels: [look], commented: {{by: people}}}}
        actions: {{labels: [a]}}
"""


def many_rules(type: str, count: int) -> str:
    return f"  {type}:\n    rules:\n" + "".join(QUIET.format(number=number) for number in range(count))


@pytest.fixture
def busy(place: Place) -> Place:
    for label in ("look", "a"):
        place.world.add_label(PROJECT, label)
    for number in range(150):
        labels = ["look"] if number % 50 == 0 else []
        place.world.open_issue(PROJECT, author="ivy", labels=labels)
        place.world.open_merge_request(PROJECT, author="ivy", labels=labels)
    return place


def asked(place: Place, ending: str) -> int:
    return len([each for each in place.world.requests if each.path.endswith(ending)])


@pytest.mark.parametrize("type", ["issues", "merge_requests"])
def test_requests_do_not_grow_with_the_number_of_rules(busy: Place, type: str) -> None:
    counts = []
    for rules in (1, 40):
        busy.world.requests.clear()
        sweep_file(busy, many_rules(type, rules), dry_run=True)
        counts.append(sorted((each.method, each.path) for each in busy.world.requests))
    assert counts[0] == counts[1]


def test_notes_are_asked_only_of_issues_in_question(busy: Place) -> None:
    busy.world.graphql = False
    sweep_file(busy, many_rules("issues", 5), dry_run=True)
    assert {each.path.split("/issues/")[1] for each in busy.world.requests if "/notes" in each.path} == {
        "1/notes",
        "51/notes",
        "101/notes",
    }
    assert len([each for each in busy.world.requests if "/notes" in each.path]) == 3


def test_each_list_is_read_once_for_rules_summaries_and_issues_together(busy: Place) -> None:
    rules = (
        many_rules("issues", 3)
        + """      - name: List
        conditions: {labels: [look]}
        actions: {summarize: {title: A list}, issue: {title: "About {{ reference }}"}}
"""
    )
    sweep_file(busy, rules, dry_run=True)
    lists = [each.query for each in busy.world.requests if each.path.endswith("/issues")]
    assert len([each for each in lists if "author_username" in each]) == 1
    assert asked(busy, "/labels") <= 1 and asked(busy, "/user") == 1


def test_plan_file_tells_requests_by_kind_and_seconds_by_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = make_world()
    world.add_label(PROJECT, "a")
    world.open_issue(PROJECT, author="ivy")
    world.comment(PROJECT, 1, "kim", "Look.")
    (tmp_path / "policy.yml").write_text(
        "resource_rules:\n  issues:\n    rules:\n"
        "      - {name: A, conditions: {commented: {by: people}}, actions: {labels: [a], comment: Hello.}}\n",
        "utf-8",
    )
    with serve(world) as sandbox:
        monkeypatch.setenv("GITLAB_URL", sandbox.url)
        monkeypatch.setenv("GITLAB_TOKEN", "token")
        plan = tmp_path / "plan.json"
        policy = str(tmp_path / "policy.yml")
        assert starkeeper("sweep", "--project", PROJECT, "--policies", policy, "--plan", str(plan))[0] == 0
    summary = json.loads(plan.read_text("utf-8"))["summary"]
    assert summary["resources"] == 1
    assert summary["requests"].items() >= {"list": 1, "user": 1, "note": 1, "update": 1}.items()
    sent = len([each for each in world.requests if "/api/" in each.path])
    assert sum(summary["requests"].values()) == sent
    assert list(summary["seconds"]) == ["listing", "deciding", "reading facets", "applying"]
    assert all(taken >= 0 for taken in summary["seconds"].values())
    assert [note.author for note in world.notes(PROJECT, 1)] == ["kim", BOT]
