"""A stage on the sandbox: the real command line and the real policies over real HTTP."""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import yaml

from starkeeper.commands import journals
from starkeeper.journal import write_sweep
from starkeeper.model.plan import Change
from starkeeper.model.resources import ResourceKey
from starkeeper.model.scenarios import Explained
from starkeeper.policies.load import load_policies
from starkeeper.sandbox.records import Item
from starkeeper.sandbox.seeds import add_labels
from starkeeper.sandbox.world import World
from starkeeper.scenarios.grammar import (
    Assigns,
    ByPerson,
    Closes,
    Comments,
    Corrects,
    DeletesNote,
    EditsNote,
    Fails,
    FillsIn,
    Labels,
    OnMessage,
    Opens,
    Override,
    Reopens,
    Retitles,
    Works,
    Writes,
)
from starkeeper.scenarios.script import Act, Given, MessageAct
from starkeeper.scenarios.stage import About, Seen, Spoken, Swept, own_words
from tests.running import starkeeper
from tests.scenarios.beside import Beside, open_beside

ROOT = Path(__file__).resolve().parents[2]
POLICIES, TEMPLATES = ROOT / "policies", ROOT / "templates"
LOADED = load_policies([POLICIES], TEMPLATES)
PROJECTS = {name: each.path for name, each in LOADED.desk.trackers.items()}
PEOPLE = ("amber", "emil", "aoi", "ivy", "sam", "form-bot")
FALLBACK = "support-manager-oncall"
BOT = "smoc-bot"
TOKEN = "bot-token"
NOT_ALL_DONE = 3


class Desk:
    """Acts as the people of the desk do, and sweeps as its pipeline does; GITLAB_URL must lead to the world.

    `policies` are what `--policies` is given.
    """

    def __init__(self, world: World, policies: Sequence[Path] = (POLICIES,)) -> None:
        self.world = world
        self.policies = policies
        self.beside = Beside(world, LOADED.desk)
        self.now = dt.datetime(2026, 11, 30, 9, tzinfo=dt.UTC)
        self.at(self.now)

    def at(self, now: dt.datetime) -> None:
        self.now = now
        self.world.at(now)

    def act(self, act: Act) -> None:
        if isinstance(act, Opens | ByPerson):
            self.beside.person(act.by)
        if isinstance(act, Opens):
            self._open(act)
            return
        if isinstance(act, OnMessage | Writes | Override | Fails | Works):
            self.beside.act(act)
            return
        place = _place(act.issue.text)
        match act:
            case Comments():
                self.world.comment(*place, act.by, act.body, at=self.now, internal=act.internal)
            case Labels():
                self.world.set_labels(*place, by=act.by, add=act.add, remove=act.remove, at=self.now)
            case Closes():
                self.world.close(*place, by=act.by, at=self.now)
            case Reopens():
                self.world.reopen(*place, by=act.by, at=self.now)
            case Retitles():
                self.world.edit(*place, by=act.by, at=self.now, title=act.title)
            case Corrects():
                self.world.edit(*place, by=act.by, at=self.now, description=act.text or _filled_in(act.form))
            case Assigns():
                kept = [each for each in self.world.issue(*place).assignees if each not in act.remove]
                self.world.edit(*place, by=act.by, at=self.now, assignees=list(dict.fromkeys([*kept, *act.add])))
            case DeletesNote() | EditsNote():
                self._change_note(place, act)

    def fill_in(self, act: FillsIn) -> str:
        self.beside.person(act.by)
        words = ["--now", self.now.isoformat(), "--templates", str(TEMPLATES), "--by", act.by, "--key", act.key]
        words += [word for path in self.policies for word in ("--policies", str(path))]
        words += [word for name, value in act.fields.items() for word in ("--field", f"{name}={value}")]
        status, printed, complaint = starkeeper("open", act.form.text, *words)
        assert status in (0, 1), printed + complaint
        return complaint if status else ""

    def command(self, *arguments: str) -> dict[str, Any]:
        """One sweep through the command line; gives what it printed as JSON."""
        return self._command("sweep", *arguments)

    def sweep(self, *, dry_run: bool) -> Swept:
        swept = self._run("sweep", dry_run=dry_run)
        if dry_run and not swept.changes:
            # It is not run again for nothing, but a sweep it was.
            write_sweep(journals.FOLDER, os.environ["GITLAB_URL"], self.now, is_whole=not swept.troubles)
        return swept

    def digest(self, name: str, *, dry_run: bool) -> Swept:
        return self._run("digest", name, dry_run=dry_run)

    def has(self, act: MessageAct) -> bool:
        return self.beside.has(act)

    def said(self) -> tuple[Spoken, ...]:
        return self.beside.said()

    def issues(self) -> tuple[str, ...]:
        return tuple(f"{name}#{each.iid}" for name, path in PROJECTS.items() for each in self.world.issues(path))

    def name(self, key: ResourceKey) -> str:
        return _name(str(key))

    def see(self, issue: str) -> Seen:
        place = _place(issue)
        found, notes = self.world.issue(*place), self.world.notes(*place)
        own = [note for note in notes if note.author == BOT]
        mentions = [each for each in self.world.mentions if each.note_id in {note.id for note in own}]
        return Seen(
            title=found.title,
            state=found.state,
            labels=found.labels,
            assignees=found.assignees,
            confidential=found.confidential,
            due_date=found.due_date,
            linked=tuple(sorted(_name(each) for each in found.related)),
            notes=len(notes),
            own=tuple(own_words(note.body) for note in own),
            internal=tuple(note.internal for note in own),
            notified=tuple(sorted({each.who for each in mentions})),
        )

    def explain(self, issue: str, about: About) -> Explained | None:
        """The engine's own stage tells."""
        return None

    def _run(self, *words: str, dry_run: bool) -> Swept:
        result = self._command(*words, *["--dry-run"] * dry_run, statuses=(0, NOT_ALL_DONE))
        self.beside.remember()
        left = [f"{each['action']}: {each['why']}" for each in result["outcomes"] if each["result"] != "applied"]
        errors = [f"{each['where']}: {each['what']}" for each in result["errors"]]
        return Swept(msgspec.convert(result["changes"], tuple[Change, ...]), (*errors, *left))

    def _command(self, *arguments: str, statuses: Collection[int] = (0,)) -> dict[str, Any]:
        options = ["--now", self.now.isoformat(), "--output", "json", "--templates", str(TEMPLATES)]
        options += [word for path in self.policies for word in ("--policies", str(path))]
        status, printed, complaint = starkeeper(*arguments, *options)
        assert status in statuses and not complaint, printed[-3000:] + complaint
        result: dict[str, Any] = json.loads(printed)
        return result

    def _open(self, act: Opens) -> None:
        self.world.open_issue(
            PROJECTS[act.tracker.text],
            title=act.title,
            description=_filled_in(act.form),
            author=act.by,
            labels=act.labels,
            assignees=act.assignees,
            confidential=act.confidential,
            created_at=self.now,
        )

    def _change_note(self, place: tuple[str, int], act: DeletesNote | EditsNote) -> None:
        note = [each for each in self.world.notes(*place) if each.author == BOT][act.number - 1]
        if isinstance(act, DeletesNote):
            self.world.delete_comment(*place, note.id)
            return
        item: Item = self.world.item_at(*place, "issues")
        next(each for each in item.notes if each.id == note.id).body = act.body
        self.world.changed(item, self.now)


def people(world: World) -> None:
    """The projects of the desk, everybody in them, and what stands beside GitLab."""
    open_beside(world, LOADED.desk)
    world.add_group(FALLBACK)
    world.add_token(TOKEN, BOT)
    for project in PROJECTS.values():
        world.add_project(project)
        add_labels(world, project)
    for name in (*PEOPLE, BOT):
        world.add_user(name)
        for place in ("support", *PROJECTS.values()):
            world.add_member(place, name, "developer")


def policies_of(given: Given, folder: Path) -> list[Path]:
    """The policies as a scenario wants them: those of the checkout, or a copy with another rotation in `folder`."""
    home = POLICIES
    if given.on_call:
        for path in POLICIES.glob("*.yml"):
            (folder / path.name).write_bytes(path.read_bytes())
        desk = yaml.safe_load((folder / "desk.yml").read_text("utf-8"))
        for rotation, person in given.on_call.items():
            desk["rotations"][rotation].pop("schedules", None)
            desk["rotations"][rotation]["shifts"] = [{"person": person, "from": "00:00", "to": "00:00"}]
        (folder / "desk.yml").write_text(yaml.safe_dump(desk), "utf-8")
        home = folder
    return [home / name for name in given.policies] or [home]


def _place(name: str) -> tuple[str, int]:
    tracker, _, iid = name.partition("#")
    return PROJECTS[tracker], int(iid)


def _name(reference: str) -> str:
    project, _, iid = reference.partition("#")
    return f"{next((name for name, path in PROJECTS.items() if path == project), project)}#{iid}"


def _filled_in(form: Mapping[str, str]) -> str:
    return "\n\n".join(f"### {heading}\n\n{answer}" for heading, answer in form.items())
