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
STARTS = dt.datetime(2026, 12, 3, 13, tzinfo=dt.UTC)
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

    def notes(self, iid: int) -> list[str]:
        """What the bot has written on the issue."""
        return [each.body for each in self.world.notes(COVER, iid) if each.author == BOT]

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
    desk.comment(iid, "aoi", "agree with pleasure :+1:", 5)
    desk.sweep(10)
    assert desk.issue(iid) == ("opened", ["cover::agreed"])
    desk.sweep(20)
    assert desk.issue(iid) == ("closed", ["cover::agreed"])
    assert [desk.on_call(3, *time) for time in ((12, 59), (13, 0), (14, 59), (15, 0))] == [
        ["Emil Brandt"],
        ["Aoi Nishi"],
        ["Aoi Nishi"],
        ["Emil Brandt"],
    ]
    assert desk.said("support_leadership") == []
    assert desk.sweep(20)["changes"] == []


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
    desk.sweep(50)
    assert desk.issue(iid) == ("closed", ["cover::agreed"])
    assert desk.on_call(*SOMEWHEN) == ["Amber Vale"]
    assert len(desk.said("support_leadership")) == 2
    assert desk.sweep(50)["changes"] == []


def test_nothing_is_promised_while_pagerduty_does_not_take_the_override(desk: Desk) -> None:
    iid = desk.open(FORM)
    desk.sweep(0)
    desk.comment(iid, "amber", "take", 5)
    desk.world.faults.append(dropped("POST", "/overrides", times=99, after_effect=False))
    for minutes in (10, 20, 30):
        failed = desk.sweep(minutes, status=3)
        assert [each["action"] for each in failed["outcomes"] if each["result"] == "failed"] == ["override"]
    assert desk.issue(iid) == ("opened", ["cover::agreed", "needs-human"])
    assert len(desk.said("support_leadership")) == 1
    assert "covers" not in " ".join(desk.notes(iid))
    (told,) = (each for each in desk.notes(iid) if "did not take the override" in each)
    assert "@amber agreed to cover Thu 2026-12-03 13:00 to 15:00 UTC" in told
    desk.world.faults.clear()
    desk.sweep(40)
    assert desk.on_call(*SOMEWHEN) == ["Amber Vale"]
    desk.sweep(50)
    assert desk.issue(iid) == ("closed", ["cover::agreed"])
    assert "covers" in desk.notes(iid)[-1]
    assert len(desk.said("support_leadership")) == 2
    assert len(desk.world.pagerduty.schedule("PSMEMEA").overrides) == 1


def test_failed_override_that_a_person_sets_by_hand_is_as_good(desk: Desk) -> None:
    iid = desk.open(FORM)
    desk.sweep(0)
    desk.comment(iid, "amber", "take", 5)
    desk.world.faults.append(dropped("POST", "/overrides", times=99, after_effect=False))
    for minutes in (10, 20):
        desk.sweep(minutes, status=3)
    desk.world.pagerduty.override("PSMEMEA", "Amber Vale", STARTS, STARTS + dt.timedelta(hours=2))
    desk.sweep(30)
    assert desk.issue(iid) == ("closed", ["cover::agreed"])


def test_asker_who_stands_in_there_by_an_override_can_be_covered(desk: Desk) -> None:
    desk.world.pagerduty.override("PSMAMER", "Emil Brandt", STARTS.replace(hour=18), STARTS.replace(hour=22))
    iid = desk.open("### From\n\n2026-12-03 19:00\n\n### To\n\n2026-12-03 20:00\n")
    desk.sweep(0)
    desk.comment(iid, "aoi", "take it", 5)
    for minutes in (10, 20):
        desk.sweep(minutes)
    assert desk.issue(iid) == ("closed", ["cover::agreed"])
    assert [desk.on_call(3, hour, 0) for hour in (18, 19, 20)] == [["Emil Brandt"], ["Aoi Nishi"], ["Emil Brandt"]]


def test_override_is_set_where_the_asker_is_on_call_though_another_schedule_overlaps(desk: Desk) -> None:
    desk.world.pagerduty.add_turn("PSMAPAC", "Amber Vale", STARTS.replace(hour=12), STARTS.replace(hour=18))
    iid = desk.open(FORM)
    desk.sweep(0)
    desk.comment(iid, "aoi", "take", 5)
    for minutes in (10, 20):
        desk.sweep(minutes)
    assert desk.issue(iid) == ("closed", ["cover::agreed"])
    assert sorted(desk.on_call(*SOMEWHEN)) == ["Amber Vale", "Aoi Nishi"]
    assert desk.world.pagerduty.schedule("PSMAPAC").overrides == []


def test_override_that_a_person_has_set_already_is_enough(desk: Desk) -> None:
    iid = desk.open(FORM)
    desk.sweep(0)
    desk.world.pagerduty.override("PSMEMEA", "Amber Vale", STARTS, STARTS + dt.timedelta(hours=2))
    desk.comment(iid, "amber", "take", 5)
    desk.sweep(10)
    assert desk.issue(iid) == ("closed", ["cover::agreed"])
    assert len(desk.world.pagerduty.schedule("PSMEMEA").overrides) == 1
