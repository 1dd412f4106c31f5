"""Plays a scenario on the sandbox: the real command line, the real policies, real HTTP."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from starkeeper.sandbox.forms import HOSTILE_LINES
from starkeeper.sandbox.seeds import add_labels
from starkeeper.sandbox.server import serve
from starkeeper.sandbox.world import World
from tests.running import starkeeper

ROOT = Path(__file__).resolve().parents[2]
PROJECTS = {"star": "support/star", "feedback": "support/feedback"}
BOT = "smoc-bot"
HOSTILE = "\n".join(HOSTILE_LINES)
EDITIONS = [("premium", "newest"), ("free", "older")]


class Desk:
    """A desk on the sandbox: acts as its people do, and sweeps as its pipeline does."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.now = dt.datetime(2026, 11, 30, 9, tzinfo=dt.UTC)

    def at(self, moment: str) -> None:
        self.now = dt.datetime.fromisoformat(moment)
        self.world.at(self.now)

    def opens(self, what: Mapping[str, Any]) -> None:
        description = _filled_in(what)
        self.world.open_issue(
            PROJECTS[what["tracker"]],
            title=what["title"],
            description=description,
            author=what["by"],
            created_at=self.now,
        )

    def comments(self, what: Mapping[str, Any]) -> None:
        self.world.comment(*_place(what["issue"]), what["by"], what["body"], at=self.now)

    def labels(self, what: Mapping[str, Any]) -> None:
        add, remove = what.get("add", ()), what.get("remove", ())
        self.world.set_labels(*_place(what["issue"]), by=what["by"], add=add, remove=remove, at=self.now)

    def closes(self, what: Mapping[str, Any]) -> None:
        self.world.close(*_place(what["issue"]), by=what["by"], at=self.now)

    def retitles(self, what: Mapping[str, Any]) -> None:
        self.world.edit(*_place(what["issue"]), by=what["by"], at=self.now, title=what["title"])

    def corrects(self, what: Mapping[str, Any]) -> None:
        self.world.edit(*_place(what["issue"]), by=what["by"], at=self.now, description=_filled_in(what))

    def sweep(self, *arguments: str) -> dict[str, Any]:
        """One sweep through the command line; gives what it printed as JSON."""
        status, printed, complaint = starkeeper(
            "sweep",
            "--now",
            self.now.isoformat(),
            "--output",
            "json",
            "--policies",
            str(ROOT / "policies"),
            "--templates",
            str(ROOT / "templates"),
            *arguments,
        )
        assert (status, complaint) == (0, ""), printed[-3000:] + complaint
        result: dict[str, Any] = json.loads(printed)
        return result

    def seen(self, name: str) -> dict[str, Any]:
        """What a person sees of an issue: fields, notes, and who was notified by the bot."""
        place = _place(name)
        issue, notes = self.world.issue(*place), self.world.notes(*place)
        return {
            "labels": sorted(issue.labels),
            "assignees": list(issue.assignees),
            "state": issue.state,
            "linked": list(issue.related),
            "notes": [note.body for note in notes],
            "internal": [note.internal for note in notes if note.author == BOT],
            "own": [note.body for note in notes if note.author == BOT],
            "notified": [each.who for each in self.world.mentions if each.by == BOT and each.iid == place[1]],
        }


@pytest.fixture(params=EDITIONS, ids=["premium, newest scanner", "free, older scanner"])
def desk(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    edition, scanner = request.param
    world = World(edition=edition, quick_actions=scanner)
    people(world)
    with serve(world) as sandbox:
        monkeypatch.setenv("GITLAB_URL", sandbox.url)
        monkeypatch.setenv("GITLAB_TOKEN", "bot-token")
        monkeypatch.setenv("STARKEEPER_NOTES_PER_SECOND", "10000")
        yield Desk(world)


def people(world: World) -> None:
    """The projects of the desk and everybody in them."""
    for project in PROJECTS.values():
        world.add_project(project)
        add_labels(world, project)
    for name in ("amber", "emil", "aoi", "ivy", "sam", "form-bot", BOT):
        world.add_user(name)
        world.add_member("support", name, "developer")
    world.add_token("bot-token", BOT)


def _place(name: str) -> tuple[str, int]:
    tracker, _, iid = name.partition("#")
    return PROJECTS[tracker], int(iid)


def _filled_in(what: Mapping[str, Any]) -> str:
    form = {**what.get("form", {}), **{key: _stored(text) for key, text in what.get("stored_form", {}).items()}}
    return "\n\n".join(f"### {heading}\n\n{answer}" for heading, answer in form.items())


def _stored(text: str) -> str:
    return HOSTILE if text == "hostile" else text
