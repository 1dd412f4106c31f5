"""A project that is swept and undone hour after hour, each run with its journal, as the commands do it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from starkeeper import flow
from starkeeper.commands.journals import KEPT, run_name
from starkeeper.commands.watching import Watching
from starkeeper.connectors.gitlab import GitLab
from starkeeper.flow import Run
from starkeeper.journal import JournalFile, find_runs, read_journal, said_before, undone_by
from starkeeper.model.desk import Tracker
from starkeeper.model.journal import Entry, Header
from starkeeper.model.policies import Policies
from starkeeper.policies.load import load_policies
from starkeeper.render.renderer import TemplateRenderer
from starkeeper.sandbox.seen import Seen
from starkeeper.sandbox.server import serve
from starkeeper.sandbox.world import World
from starkeeper.settings import Settings
from tests.flow.conftest import BOT, NOW, PROJECT, Place, labels_set

HOUR = dt.timedelta(hours=1)
WRONG = """
- name: Close what is quiet
  conditions: {state: opened, forbidden_labels: [keep]}
  actions: {labels: [stale], remove_labels: ["star::new"], status: close, comment: "Nothing happened here."}
"""
LABEL = "- {name: Label, conditions: {state: opened, forbidden_labels: [seen]}, actions: {labels: [seen]}}"


class Journey:
    """Each run is an hour after the one before, and so is whatever people do in between."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.world = place.world
        self.now = NOW
        self.folder = place.folder / "journal"
        self.run = ""

    def later(self) -> dt.datetime:
        """Another hour is over."""
        self.now += HOUR
        self.world.at(self.now)
        return self.now

    def policies(self, rules: str) -> Policies:
        """One file of rules, read as a plain gitlab-triage file over the project; GitLab has their labels."""
        file = self.place.folder / "policy.yml"
        indented = "\n".join(f"      {line}" for line in rules.strip("\n").splitlines())
        file.write_text(f"resource_rules:\n  issues:\n    rules:\n{indented}\n", "utf-8")
        policies = load_policies([file], self.place.folder, plain=Tracker(name=PROJECT, path=PROJECT))
        for label in labels_set(policies):
            self.world.add_label(PROJECT, label)
        return policies

    def sweep(self, rules: str, *, dry_run: bool = False, gitlab: GitLab | None = None) -> Run:
        """A sweep of these rules; `run` is its name afterwards."""
        self.later()
        policies, own = self.policies(rules), gitlab or self.place.gitlab()
        file = self._begin(policies)
        try:
            return flow.sweep(
                policies,
                own,
                TemplateRenderer(),
                self.now,
                Watching(),
                dry_run=dry_run,
                said=said_before(self.folder, self.place.url),
                record=file.record,
            )
        finally:
            own.close()

    def undo(
        self,
        run: str,
        *,
        dry_run: bool = False,
        rules: tuple[str, ...] = (),
        trackers: tuple[str, ...] = (),
        gitlab: GitLab | None = None,
    ) -> Run:
        """Takes a run back; `run` is the name of the undo afterwards."""
        self.later()
        policies, own = self.policies("- {name: Nothing}"), gitlab or self.place.gitlab()
        journal, earlier = read_journal(self.folder, run), undone_by(self.folder, run)
        record = self._begin(policies, undoes=run).record
        try:
            return flow.undo(
                policies,
                own,
                journal,
                self.now,
                Watching(),
                dry_run=dry_run,
                trackers=trackers,
                rules=rules,
                earlier=earlier,
                record=record,
            )
        finally:
            own.close()

    def entries(self, run: str = "") -> tuple[Entry, ...]:
        """What the journal of a run holds, of the last one unless told."""
        return read_journal(self.folder, run or self.run).entries

    def runs(self) -> tuple[str, ...]:
        return find_runs(self.folder)

    def path(self, run: str = "") -> Path:
        return self.folder / f"{run or self.run}.jsonl"

    def _begin(self, policies: Policies, undoes: str = "") -> JournalFile:
        self.run = run_name(self.now, policies.digest, Settings())
        header = Header(run=self.run, now=self.now, gitlab_url=self.place.url, policies=policies.digest, undoes=undoes)
        return JournalFile(self.folder, header, lambda: "desk-bot", self.now - KEPT)


def left(run: Run) -> list[str]:
    """What an undo says that it leaves."""
    return [f"{each.where}: {each.what}" for each in run.plan.notices if each.kind == "left"]


def said(run: Run) -> list[str]:
    """What else it says."""
    return [f"{each.where}: {each.what}" for each in run.plan.notices if each.kind == "note"]


@contextmanager
def a_journey(world: World, folder: Path) -> Iterator[Journey]:
    """The same in another world."""
    with serve(world) as sandbox:
        yield Journey(Place(world, sandbox.url, folder))


def seen(journey: Journey, iid: int = 1) -> Seen:
    return journey.world.issue(PROJECT, iid)


def own_notes(journey: Journey, iid: int = 1) -> list[str]:
    return [note.body for note in journey.world.notes(PROJECT, iid) if note.author == BOT]
