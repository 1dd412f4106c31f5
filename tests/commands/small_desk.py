"""One tracker with one channel and rules of the test's own, as often as a test wants to begin anew."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import indent
from typing import Any

import pytest

from starkeeper.sandbox.server import serve
from starkeeper.sandbox.world import World
from tests.commands.random_desks import Happening
from tests.running import starkeeper

AT = dt.datetime(2026, 12, 2, 16, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
STAR, CHANNEL = "support/star", "support_star"
DESK_YML = r"""
trackers:
  star:
    project: support/star
    channel: star
    title: '^STAR for ZD#(?P<ticket>\d+)$'
    form: { Ticket: ticket }
    same_by: ticket
channels: { star: support_star }
managers: [amber]
"""
PEOPLE_YML = "people:\n  - { gitlab: amber, slack: UAMBER001 }\n"
State = dict[int, tuple[str, list[str], tuple[str, ...], list[str]]]


class SmallDesk:
    """One tracker with one channel, and rules of the test's own."""

    def __init__(self, world: World, folder: Path) -> None:
        self.world, self.folder, self.now = world, folder, AT

    def rules(self, rules: str) -> None:
        head = "tracker: star\nresource_rules:\n  issues:\n    rules:\n"
        files = {"desk.yml": DESK_YML, "people.yml": PEOPLE_YML, "star.yml": head + indent(rules, "      ")}
        (self.folder / "policies").mkdir(exist_ok=True)
        (self.folder / "templates").mkdir(exist_ok=True)
        for name, text in files.items():
            (self.folder / "policies" / name).write_text(text, "utf-8")

    def open(self, title: str = "STAR for ZD#1", **more: Any) -> int:
        return self.world.open_issue(STAR, title=title, author="dana", created_at=self.now, **more)

    def react(
        self, iid: int, action: str = "open", *more: str, by: str = "dana", about: str = "issue"
    ) -> tuple[int, str, str]:
        """What GitLab sends, and the run that it starts; with `about` a note, of one on the issue."""
        told = {"iid": iid, "project_id": self.world.projects[STAR].id, "action": action}
        payload: dict[str, Any] = {"object_kind": about, "user": {"id": self.world.users[by].id}}
        payload |= {
            "object_attributes": told | ({"action": "create"} if about == "note" else {}),
            "issue": {"iid": iid},
        }
        file = self.folder / "payload.json"
        file.write_text(json.dumps(payload), "utf-8")
        return self._run("react", "--payload", str(file), *more)

    def happens(self, happening: Happening, *, reacts: bool) -> None:
        """People do it, and the job of its webhook runs where this desk reacts."""
        what, value, place = happening
        iids, at = [each.iid for each in self.world.issues(STAR)], self.now
        iid = iids[place % len(iids)] if iids else 0
        is_open = bool(iids) and self.world.issue(STAR, iid).state == "opened"
        action = {"opens": "open", "closes": "close", "reopens": "reopen"}.get(what, "update")
        if what == "opens":
            iid = self.open(f"STAR for ZD#{value}")
        elif what == "comments":
            self.world.comment(STAR, iid, value, "A word on it.", at=at)
        elif what == "labels":
            self.world.set_labels(STAR, iid, by="dana", at=at, add=[value])
        elif is_open is (what == "closes"):
            (self.world.close if is_open else self.world.reopen)(STAR, iid, by="dana", at=at)
        else:
            return
        self.now += MINUTE
        if reacts:
            self.react(iid, action, about="note" if what == "comments" else "issue")

    def sweep(self, *more: str) -> tuple[int, str, str]:
        self.now += 10 * MINUTE
        return self._run("sweep", *more)

    def _run(self, *arguments: str) -> tuple[int, str, str]:
        self.world.at(self.now)
        return starkeeper(*arguments, "--now", self.now.isoformat())

    @property
    def state(self) -> State:
        """Of each issue its state, labels, assignees and what was said on it."""
        return {
            each.iid: (each.state, sorted(each.labels), each.assignees, self._said(each.iid))
            for each in self.world.issues(STAR)
        }

    def _said(self, iid: int) -> list[str]:
        return [note.body.partition("\n")[0] for note in self.world.notes(STAR, iid)]

    @property
    def texts(self) -> list[str]:
        """What was said in the channel, replies with an arrow behind what they reply to."""
        said = []
        for each in (message for message in self.world.slack.messages(CHANNEL) if not message.thread_ts):
            replies = self.world.slack.thread(CHANNEL, each.ts)
            said += [f"{'' if reply.ts == each.ts else '> '}{reply.text.splitlines()[0]}" for reply in replies]
        return said


def new_world(folder: Path) -> SmallDesk:
    world = World(clock=lambda: AT)
    world.add_project(STAR)
    world.add_user("smoc-bot", bot=True)
    world.add_token("glpat-of-the-bot", "smoc-bot")
    for name in ("smoc-bot", "amber", "dana"):
        world.add_member("support", name, "maintainer")
    world.slack.add_user("starkeeper", is_bot=True)
    world.slack.add_user("amber", id="UAMBER001")
    world.slack.add_channel(CHANNEL, ["starkeeper", "amber"])
    world.slack.add_token("xoxb-of-the-bot")
    folder.mkdir()
    return SmallDesk(world, folder)


@pytest.fixture(name="desks")
def desks_fixture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], SmallDesk]]:
    """Gives desks that begin alike, one after the other."""
    servers: list[Any] = []

    def begin(rules: str) -> SmallDesk:
        desk = new_world(tmp_path / f"desk{len(servers)}")
        desk.rules(rules)
        servers.append(serve(desk.world))
        url = servers[-1].__enter__().url
        monkeypatch.chdir(desk.folder)
        for name, value in {
            "GITLAB_URL": url,
            "GITLAB_TOKEN": "glpat-of-the-bot",
            "SLACK_API_URL": f"{url}/slack/api/",
            "SLACK_BOT_TOKEN": "xoxb-of-the-bot",
        }.items():
            monkeypatch.setenv(name, value)
        return desk

    yield begin
    for each in servers:
        each.__exit__(None, None, None)
