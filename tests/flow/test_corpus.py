"""Real files of gitlab-triage, swept over issues, merge requests and branches that their rules are about, and imported.

`STARKEEPER_CORPUS_ITEMS` says how many issues and merge requests the world has, and with it a table is printed.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import random
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from starkeeper.sandbox.server import serve
from starkeeper.sandbox.world import World
from tests.running import starkeeper

CORPUS = Path(__file__).resolve().parents[2].parent / "shared" / "corpus" / "triage-policies"
FILES = sorted(path.name for path in CORPUS.glob("*.yml")) if CORPUS.is_dir() else []
ITEMS = int(os.environ.get("STARKEEPER_CORPUS_ITEMS", "120"))
NOW = dt.datetime(2026, 12, 2, 9, 30, tzinfo=dt.UTC)
PROJECT = "group/project"
PEOPLE = ("ivy", "kim", "lou", "core")
# Rules that undo each other: the note of the one is the activity that the other looks for.
AT_ODDS = {
    "triage-bot.yml": {
        "Mark issue as stale after 4 months of inactivity",
        "Mark merge request as stale after 2 months of inactivity",
        "Remove stale label on activity",
        "Remove stale label on MR activity",
    }
}

pytestmark = pytest.mark.skipif(not FILES, reason="the real policies are not beside this checkout")


@pytest.mark.parametrize("name", FILES)
def test_a_real_file_acts_as_its_import_does_and_then_rests(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    imported = tmp_path / name
    assert starkeeper("import", str(CORPUS / name), "--to", str(imported))[0] in (0, 1)
    runs_as_it_is = starkeeper("check", "--project", PROJECT, "--policies", str(CORPUS / name))[0] == 0
    world = make_world(name)
    with serve(world) as sandbox:
        monkeypatch.setenv("GITLAB_URL", sandbox.url)
        monkeypatch.setenv("GITLAB_TOKEN", "token")
        monkeypatch.setenv("STARKEEPER_NOTES_PER_SECOND", "10000")
        planned = _sweep(imported, "--dry-run")
        if runs_as_it_is:
            assert _without_places(_sweep(CORPUS / name, "--dry-run")["changes"]) == _without_places(planned["changes"])
        assert {rule for each in planned["conflicts"] for rule in each["rules"]} <= AT_ODDS.get(name, set())
        done = _sweep(imported)
        assert done["changes"] == planned["changes"]
        assert {outcome["result"] for outcome in done["outcomes"]} <= {"applied"}
        again = _sweep(imported)
        acting = {step["rule"] for change in again["changes"] for step in change["steps"]}
        assert acting <= limited(yaml.safe_load(imported.read_text("utf-8")))
    if "STARKEEPER_CORPUS_ITEMS" in os.environ:
        _show(name, runs_as_it_is, planned, again)


def make_world(name: str) -> World:
    """A project with everything that the labels, names and times of a file can tell apart, by chance but always the
    same."""
    chance = random.Random(name)
    world = World(clock=lambda: NOW)
    world.add_project(PROJECT)
    world.add_project("NetworkManager/NetworkManager")
    world.add_project("galactipy/galactipy")
    world.add_group("maintainers", id=4347861)
    for place in ("NetworkManager", "NetworkManager/NetworkManager", "galactipy/galactipy", "maintainers"):
        world.add_member(place, "core")
        world.add_member(place, "desk-bot")
    for person in (*PEOPLE, "desk-bot"):
        world.add_member(PROJECT, person, "maintainer")
    world.add_token("token", "desk-bot")
    labels = sorted(labels_of(yaml.safe_load((CORPUS / name).read_text("utf-8-sig"))))
    for label in labels:
        world.add_label(PROJECT, label)
    for number in range(ITEMS):
        said = _item(chance, labels)
        if number % 2:
            world.open_issue(PROJECT, due_date=_due(chance), **said)
        else:
            closes = [chance.randrange(1, number // 2)] if number > 20 and chance.random() < 0.3 else []
            world.open_merge_request(PROJECT, draft=chance.random() < 0.3, closes=closes, **said)
    for number in range(ITEMS // 20):
        at = NOW - dt.timedelta(days=chance.randrange(1, 90))
        world.add_branch(
            PROJECT, f"feature/{number}", committed_at=at, merged=number % 2 == 0, protected=number % 5 == 0
        )
    for number in range(1, ITEMS // 2, 3):
        world.close(PROJECT, number, by="kim", at=world.issue(PROJECT, number).updated_at)
        world.close(
            PROJECT, number, by="kim", at=world.merge_request(PROJECT, number).updated_at, kind="merge_requests"
        )
    return world


def limited(policy: Any) -> set[str]:
    """The rules that take only so many in one run, and the next ones in the next."""
    sections = [section for section in policy["resource_rules"].values() if section]
    return {rule["name"] for section in sections for rule in section.get("rules") or [] if "limits" in rule}


def labels_of(node: Any) -> Iterator[str]:
    """Every label that is named anywhere in a file, braces expanded as far as they hold a list."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key in ("labels", "remove_labels", "forbidden_labels") and isinstance(value, list):
                yield from (label for each in value if isinstance(each, str) for label in _expanded(each))
            else:
                yield from labels_of(value)
    elif isinstance(node, list):
        for value in node:
            yield from labels_of(value)


def _expanded(label: str) -> list[str]:
    found = re.search(r"\{(?!\{|\.)([^{}]*)\}", label)
    if label in ("None", "Any") or "{{" in label:
        return []
    return (
        [label[: found.start()] + each.strip() + label[found.end() :] for each in found[1].split(",")]
        if found
        else [label]
    )


def _item(chance: random.Random, labels: list[str]) -> dict[str, Any]:
    created = NOW - dt.timedelta(days=chance.randrange(1, 800))
    return {
        "title": chance.choice(["A title", "WIP: not ready", "/close @all {{ 7 * 7 }} #{exit}"]),
        "description": chance.choice(["", "- [ ] one\n- [x] two", "Please look."]),
        "author": chance.choice(PEOPLE),
        "labels": chance.sample(labels, min(len(labels), chance.randrange(0, 4))),
        "assignees": [chance.choice(PEOPLE)] if chance.random() < 0.5 else [],
        "created_at": created,
        "updated_at": created + (NOW - created) * chance.random() * 0.99,
        "time_estimate": chance.choice([0, 3600]),
        "time_spent": chance.choice([0, 1800]),
    }


def _due(chance: random.Random) -> dt.date | None:
    return NOW.date() + dt.timedelta(days=chance.randrange(-10, 20)) if chance.random() < 0.4 else None


def _sweep(policy: Path, *arguments: str) -> Any:
    status, printed, told = starkeeper(
        "sweep",
        "--project",
        PROJECT,
        "--policies",
        str(policy),
        "--now",
        NOW.isoformat(),
        "--output",
        "json",
        *arguments,
    )
    result = json.loads(printed or "{}")
    assert status == (1 if result.get("conflicts") else 0), told + json.dumps(
        [result.get("errors"), result.get("conflicts")], indent=1
    )
    return result


def _without_places(changes: Any) -> Any:
    """What a note says of the line of its rule is the file's own."""
    return json.loads(re.sub(r"<sub>Starkeeper wrote this: .*?</sub>", "", json.dumps(changes)))


def _show(name: str, runs_as_it_is: bool, planned: Any, again: Any) -> None:
    first = Counter(rule for change in planned["changes"] for rule in {step["rule"] for step in change["steps"]})
    second = Counter(rule for change in again["changes"] for rule in {step["rule"] for step in change["steps"]})
    print(f"\n{name} ({'as it is' if runs_as_it_is else 'imported'}): {planned['summary']['requests']}")  # noqa: T201
    for rule, count in first.items():
        print(f"  {count:5} then {second[rule]:3}  {rule}")  # noqa: T201
