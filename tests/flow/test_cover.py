"""Cover as people see it: an issue and two words in GitLab, one message in Slack, and who is on call in PagerDuty."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from starkeeper.sandbox.faults import dropped
from starkeeper.sandbox.seeds import (
    BOT,
    PAGERDUTY_FROM,
    PAGERDUTY_TOKEN,
    SLACK_BOT,
    SLACK_TOKEN,
    TOKEN,
    seed_desk,
)
from starkeeper.sandbox.seeds.desk import COVER
from starkeeper.sandbox.server import serve
from starkeeper.sandbox.world import World
from tests.running import starkeeper

ROOT = Path(__file__).resolve().parents[2]
NOW = dt.datetime(2026, 12, 2, 9, tzinfo=dt.UTC)
FORM = "### From\n\n2026-12-03 13:00\n\n### To\n\n2026-12-03 15:00\n"
ASKED = f"{FORM}\n### Asked\n\n@aoi\n"
SOMEWHEN = (3, 14, 0)


class Desk:
    """The sandbox's desk, with the real policies and the real command line."""

    def __init__(self, url: str, world: World) -> None:
        self.url, self.world = url, world

    def open(self, form: str) -> int:
        return self.world.open_issue(COVER, title="Cover wanted", description=form, author="emil", created_at=NOW)

    def comment(self, iid: int, by: str, word: str, minutes: int) -> None:
        self.world.comment(COVER, iid, by, f"@{BOT} {word}", NOW + dt.timedelta(minutes=minutes))

    def sweep(self, minutes: int, status: int = 0) -> dict[str, Any]:
        now = NOW + dt.timedelta(minutes=minutes)
        self.world.at(now)
        options = ["--tracker", "cover", "--now", now.isoformat(), "--output", "json"]
        options += ["--policies", str(ROOT / "policies"), "--templates", str(ROOT / "templates")]
        ended, printed, complaint = starkeeper("sweep", *options)
        assert ended == status, printed + complaint
        result: dict[str, Any] = json.loads(printed)
        return result

    def on_call(self, day: int, hour: int, minute: int) -> list[str]:
        """Whom PagerDuty tells anybody who asks, by the schedules."""
        at = dt.datetime(2026, 12, day, hour, minute, tzinfo=dt.UTC).isoformat()
        query = {"since": at, "until": at, "schedule_ids[]": ["PSMAPAC", "PSMEMEA", "PSMAMER"], "include[]": "users"}
        headers = {"Authorization": f"Token token={PAGERDUTY_TOKEN}"}
        answer = requests.get(f"{self.url}/pagerduty/oncalls", query, headers=headers, timeout=5)
        return [each["user"]["name"] for each in answer.json()["oncalls"]]

    def said(self, channel: str) -> list[str]:
        """What the bot has written there, threads included."""
        messages = self.world.slack.channel(channel).messages
        bot = self.world.slack.find_user(SLACK_BOT)
        return [each.text for each in messages if bot and each.user == bot.id]

    def issue(self, iid: int) -> tuple[str, list[str]]:
        found = self.world.issue(COVER, iid)
        return found.state, sorted(found.labels)


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    world = World()
    world.at(NOW)
    seed_desk(world, NOW)
    with serve(world) as sandbox:
        for name, value in {
            "GITLAB_URL": sandbox.url,
            "GITLAB_TOKEN": TOKEN,
            "STARKEEPER_NOTES_PER_SECOND": "10000",
            "SLACK_API_URL": f"{sandbox.url}/slack/api/",
            "SLACK_BOT_TOKEN": SLACK_TOKEN,
            "STARKEEPER_MESSAGES_PER_SECOND": "10000",
            "PAGERDUTY_API_URL": f"{sandbox.url}/pagerduty",
            "PAGERDUTY_API_KEY": PAGERDUTY_TOKEN,
            "PAGERDUTY_FROM": PAGERDUTY_FROM,
        }.items():
            monkeypatch.setenv(name, value)
        yield Desk(sandbox.url, world)


def test_manager_who_was_asked_agrees_and_is_on_call(desk: Desk) -> None:
    iid = desk.open(ASKED)
    desk.sweep(0)
    assert desk.issue(iid) == ("opened", ["cover::asked"])
    assert desk.on_call(*SOMEWHEN) == ["Emil Brandt"]
    desk.comment(iid, "aoi", "agree", 5)
    desk.sweep(10)
    assert desk.issue(iid) == ("closed", ["cover::agreed"])
    assert [desk.on_call(3, *time) for time in ((12, 59), (13, 0), (14, 59), (15, 0))] == [
        ["Emil Brandt"],
        ["Aoi Nishi"],
        ["Aoi Nishi"],
        ["Emil Brandt"],
    ]
    assert desk.said("support_leadership") == []
    assert desk.sweep(10)["changes"] == []


def test_after_a_no_all_managers_are_asked_once_and_the_first_to_take_it_has_it(desk: Desk) -> None:
    iid = desk.open(ASKED)
    desk.sweep(0)
    desk.comment(iid, "aoi", "decline", 5)
    for minutes in (10, 20, 30):
        desk.sweep(minutes)
    (wanted,) = desk.said("support_leadership")
    assert "Thu 2026-12-03 13:00 to 15:00 UTC" in wanted
    desk.comment(iid, "amber", "take", 32)
    desk.comment(iid, "aoi", "take", 34)
    desk.sweep(40)
    assert desk.issue(iid) == ("closed", ["cover::agreed"])
    assert desk.on_call(*SOMEWHEN) == ["Amber Vale"]
    assert len(desk.said("support_leadership")) == 2
    assert desk.sweep(40)["changes"] == []


def test_override_that_fails_is_set_by_the_next_sweep_and_the_request_stays_open_until_then(desk: Desk) -> None:
    iid = desk.open(FORM)
    desk.sweep(0)
    desk.comment(iid, "amber", "take", 5)
    desk.world.faults.append(dropped("POST", "/overrides", times=9, after_effect=False))
    failed = desk.sweep(10, status=3)
    assert [each["action"] for each in failed["outcomes"] if each["result"] == "failed"] == ["override"]
    assert desk.issue(iid) == ("opened", ["cover::volunteers"])
    desk.world.faults.clear()
    desk.sweep(20)
    assert desk.on_call(*SOMEWHEN) == ["Amber Vale"]
    assert desk.issue(iid) == ("closed", ["cover::agreed"])
    assert len(desk.world.pagerduty.schedule("PSMEMEA").overrides) == 1


def test_override_that_a_person_has_set_already_is_enough(desk: Desk) -> None:
    iid = desk.open(FORM)
    desk.sweep(0)
    starts = dt.datetime(2026, 12, 3, 13, tzinfo=dt.UTC)
    desk.world.pagerduty.override("PSMEMEA", "Amber Vale", starts, starts + dt.timedelta(hours=2))
    desk.comment(iid, "amber", "take", 5)
    desk.sweep(10)
    assert desk.issue(iid) == ("closed", ["cover::agreed"])
    assert len(desk.world.pagerduty.schedule("PSMEMEA").overrides) == 1
