"""The desk's own policies on a Wednesday with emergencies, over a GitLab, a Slack and a PagerDuty that answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from starkeeper.policies.load import load_policies
from starkeeper.sandbox.records.slack import SlackMessage
from starkeeper.sandbox.seeds import PAGERDUTY_TOKEN, SLACK_TOKEN, TOKEN
from starkeeper.sandbox.seeds.desk import add_labels, add_tokens
from starkeeper.sandbox.seeds.services import seed_services
from starkeeper.sandbox.server import serve
from starkeeper.sandbox.world import World
from tests.running import starkeeper

ROOT = Path(__file__).resolve().parents[2]
DRAFT_AT = dt.datetime(2026, 12, 2, 15, 30, tzinfo=dt.UTC)
SHIFT_AT = dt.datetime(2026, 12, 2, 16, 0, tzinfo=dt.UTC)
CHANNEL, HANDOVER = "support_ticket-attention-requests", "support/handover"
EMIL, AMBER = "<@UEMIL0001>", "<@UAMBER001>"
HOUR = dt.timedelta(hours=1)


class Desk:
    """What lies on the desk on that Wednesday, and what became of it."""

    def __init__(self, world: World) -> None:
        self.world = world

    def fill(self) -> None:
        """Two emergencies, of which one page is resolved; a STAR that is seen to, and a contact due in five hours."""
        world = self.world
        at = dt.datetime(2026, 12, 2, 13, 0, tzinfo=dt.UTC)
        for ticket in ("219001", "219014"):
            world.open_issue(
                "support/emergencies",
                title=f"Emergency - ZD#{ticket}",
                author="smoc-bot",
                labels=["emergency"],
                assignees=["emil"],
                created_at=at,
            )
        world.open_issue(
            "support/star",
            title="STAR for ZD#218702",
            description="### Urgency\n\nTimely",
            author="dana",
            labels=["star::acknowledged", "urgency::timely"],
            assignees=["emil"],
            created_at=SHIFT_AT - HOUR / 2,
        )
        world.open_issue(
            "support/feedback",
            title="Negative feedback for ticket 218433",
            author="smoc-bot",
            labels=["SSAT::Contact"],
            created_at=SHIFT_AT - 43 * HOUR,
        )

    def run(self, now: dt.datetime, *more: str, name: str = "hand-over") -> tuple[int, str, str]:
        self.world.at(now)
        return starkeeper("digest", name, "--now", now.isoformat(), *more)

    def sweep(self, now: dt.datetime) -> None:
        assert self.try_sweep(now) == 0

    def try_sweep(self, now: dt.datetime) -> int:
        self.world.at(now)
        return starkeeper("sweep", "--now", now.isoformat())[0]

    @property
    def said(self) -> list[SlackMessage]:
        """By the bot, in the channel of the desk."""
        bot = self.world.slack.add_user("starkeeper").id
        return [each for each in self.world.slack.messages(CHANNEL) if each.user == bot]

    @property
    def texts(self) -> list[str]:
        return [each.text for each in self.said]

    @property
    def writes(self) -> int:
        reading = ("conversations.", "users.", "auth.test", "reactions.get", "/graphql")
        sent = (each for each in self.world.requests if each.method != "GET")
        return sum(not any(word in each.path for word in reading) for each in sent)


@cache
def places() -> tuple[str, ...]:
    """The projects of the desk."""
    trackers = load_policies([ROOT / "policies"], ROOT / "templates").desk.trackers
    return tuple(each.path for each in trackers.values())


@pytest.fixture(name="desk")
def desk_fixture(monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    world = World(clock=lambda: DRAFT_AT)
    for path in places():
        world.add_project(path)
    add_tokens(world)
    for person in ("smoc-bot", "amber", "emil", "aoi"):
        world.add_user(person)
        world.add_member("support", person, "maintainer")
    world.add_user("dana")
    world.add_member("support", "dana", "reporter")
    add_labels(world, "support")
    seed_services(world, DRAFT_AT)
    world.pagerduty.resolve("PINC001", "emil")
    world.pagerduty.acknowledge("PINC002", "emil")
    monkeypatch.chdir(ROOT)
    with serve(world) as served:
        monkeypatch.setenv("GITLAB_URL", served.url)
        monkeypatch.setenv("GITLAB_TOKEN", TOKEN)
        monkeypatch.setenv("STARKEEPER_NOTES_PER_SECOND", "10000")
        monkeypatch.setenv("STARKEEPER_MESSAGES_PER_SECOND", "10000")
        monkeypatch.setenv("SLACK_API_URL", f"{served.url}/slack/api/")
        monkeypatch.setenv("SLACK_BOT_TOKEN", SLACK_TOKEN)
        monkeypatch.setenv("PAGERDUTY_API_URL", f"{served.url}/pagerduty")
        monkeypatch.setenv("PAGERDUTY_API_KEY", PAGERDUTY_TOKEN)
        yield Desk(world)
