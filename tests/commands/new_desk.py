"""A small desk that nobody has set up yet, over a GitLab, a Slack and a PagerDuty that answer."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from starkeeper.sandbox.faults import Fault
from starkeeper.sandbox.records import Hook, PipelineSchedule, Project, Variable
from starkeeper.sandbox.server import serve
from starkeeper.sandbox.world import World
from tests.running import starkeeper

NOW = dt.datetime(2026, 12, 2, 16, 0, tzinfo=dt.UTC)
DESK, STAR, HANDOVER = "support/desk", "support/star", "support/handover"
TOKEN, SLACK_TOKEN, PAGER_TOKEN = "glpat-the-bots-own-token", "xoxb-the-slack-token", "the-pagerduty-key"
TEMPLATE = ".gitlab/issue_templates/Star.md"

FILES = {
    "policies/desk.yml": """
trackers:
  star:
    project: support/star
    channel: star
    title: '^STAR for ZD#(?P<ticket>\\d+)$'
    form: { Ticket: ticket, Urgency: urgency }
    values: { urgency: { Not Urgent: not-urgent, Urgent: urgent } }
  handover: { project: support/handover }
channels: { star: support_star }
services: { emergencies: Customer Emergencies }
managers: [amber]
rotations:
  support_manager: { schedules: [Support Manager] }
pipelines:
  project: support/desk
  schedules:
    - { name: Sweep, cron: "*/10 * * * *" }
    - { name: Hand-over, cron: "0 8 * * *", zone: Europe/Amsterdam, digest: hand-over }
labels:
  "star::new": { color: "#1f75cb", description: Nobody has acknowledged this STAR yet }
  "urgency::*": { color: "#d9534f" }
""",
    "policies/people.yml": """
people:
  - { gitlab: amber, slack: UAMBER001, pagerduty: PUAMBER }
  - { gitlab: kim, email: kim@example.com }
""",
    "policies/star.yml": """
tracker: star
resource_rules:
  issues:
    rules:
      - name: Welcome a STAR
        conditions: { state: opened, forbidden_labels: ["star::*", unstarred] }
        actions: { labels: ["star::new", "urgency::{{ fields.urgency }}"] }
digests:
  - name: hand-over
    rotation: support_manager
    issue: { tracker: handover, title: Hand-over, template: issues/hand_over.md }
""",
    "templates/issues/hand_over.md": "Nothing to tell.\n",
}
STAR_LABELS = {
    "star::new": ("#1f75cb", "Nobody has acknowledged this STAR yet"),
    "starkeeper:undone": ("#6699cc", None),
    "unstarred": ("#6699cc", None),
    "urgency::not-urgent": ("#d9534f", None),
    "urgency::urgent": ("#d9534f", None),
}


class NewDesk:
    """The world of that desk, its files, and what `bootstrap` and `check --online` make of them."""

    def __init__(self, world: World, folder: Path) -> None:
        self.world, self.folder = world, folder

    def bootstrap(self, *more: str) -> tuple[int, str, str]:
        return starkeeper("bootstrap", *more)

    def wide(self, *more: str) -> str:
        """What it prints where there is room, with no line broken."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("COLUMNS", "300")
            return self.bootstrap(*more)[1]

    def plan(self, *more: str) -> Any:
        """What a dry run would do, as a program reads it."""
        return json.loads(self.bootstrap("--dry-run", "--output", "json", *more)[1])

    def steps(self, *more: str) -> list[tuple[str, str, str]]:
        return [(each["does"], each["kind"], each["name"]) for each in self.plan(*more)["steps"]]

    def check(self, *more: str) -> tuple[int, list[str]]:
        """The exit status, and the lines but the first, which is about the policies themselves."""
        status, printed, _ = starkeeper("check", "--online", *more)
        return status, printed.splitlines()[1:]

    def change(self, file: str, old: str, new: str) -> None:
        path = self.folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    def project(self, path: str = DESK) -> Project:
        return self.world.projects[path]

    def labels(self, path: str = STAR) -> dict[str, tuple[str, str | None]]:
        found = self.world.labels_of(self.project(path))
        return {each.name: (each.color, each.description) for each in found}

    def hooks(self, path: str = STAR) -> list[Hook]:
        return list(self.project(path).hooks.values())

    def schedules(self) -> dict[str, PipelineSchedule]:
        return {each.description: each for each in self.project().schedules.values()}

    def variables(self) -> dict[str, Variable]:
        return {each.key: each for each in self.project().variables}

    @property
    def writes(self) -> list[tuple[str, str]]:
        """Of the requests to GitLab."""
        sent = [each for each in self.world.requests if each.path.startswith("/api/v4")]
        return [(each.method, each.path) for each in sent if each.method != "GET"]

    def refuse(self, method: str, path: str, status: int = 403, times: int = 1) -> None:
        self.world.faults.append(Fault(method, path, times, status, '{"message":"403 Forbidden"}'))


@pytest.fixture(name="new_desk")
def new_desk_fixture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[NewDesk]:
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    world = World(clock=lambda: NOW)
    fill(world)
    monkeypatch.chdir(tmp_path)
    with serve(world) as served:
        monkeypatch.setenv("GITLAB_URL", served.url)
        monkeypatch.setenv("GITLAB_TOKEN", TOKEN)
        monkeypatch.setenv("SLACK_API_URL", f"{served.url}/slack/api/")
        monkeypatch.setenv("SLACK_BOT_TOKEN", SLACK_TOKEN)
        monkeypatch.setenv("PAGERDUTY_API_URL", f"{served.url}/pagerduty")
        monkeypatch.setenv("PAGERDUTY_API_KEY", PAGER_TOKEN)
        monkeypatch.setenv("PAGERDUTY_FROM", "starkeeper@example.com")
        monkeypatch.delenv("STARKEEPER_READ_TOKEN", raising=False)
        yield NewDesk(world, tmp_path)


def fill(world: World) -> None:
    """Projects and people, and in Slack and PagerDuty all that the desk names; nothing that `bootstrap` makes."""
    for path in (DESK, STAR, HANDOVER):
        world.add_project(path)
    world.add_user("smoc-bot", bot=True)
    world.add_token(TOKEN, "smoc-bot")
    for name in ("smoc-bot", "amber"):
        world.add_member("support", name, "maintainer")
    world.add_user("kim")
    world.add_runner()
    world.add_file(DESK, ".gitlab-ci.yml", "sweep:\n  script: [scripts/environment starkeeper sweep]\n")
    slack, pager = world.slack, world.pagerduty
    slack.add_user("starkeeper", is_bot=True)
    slack.add_user("amber", id="UAMBER001")
    slack.add_user("kim")
    slack.add_channel("support_star", ["starkeeper", "amber"])
    slack.add_token(SLACK_TOKEN)
    pager.add_token(PAGER_TOKEN)
    pager.add_user("Starkeeper", email="starkeeper@example.com")
    pager.add_user("Amber", email="amber@example.com", id="PUAMBER")
    pager.add_schedule("Support Manager", [("PUAMBER", "00:00", "00:00")])
    pager.add_service("Customer Emergencies")
