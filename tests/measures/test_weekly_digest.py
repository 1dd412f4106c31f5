"""The weekly digest on Monday morning, by the real command over a desk on the sandbox."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from starkeeper.sandbox.faults import server_error
from starkeeper.sandbox.forms import star_form
from starkeeper.sandbox.seeds.desk import BOT, STAR, TOKEN, seed_desk
from starkeeper.sandbox.seeds.services import SLACK_TOKEN
from starkeeper.sandbox.server import serve
from starkeeper.sandbox.world import World
from tests.measures.weekly import TEMPLATES, write_policies
from tests.running import starkeeper

MONDAY = dt.datetime(2026, 12, 7, 8, tzinfo=dt.UTC)
TUESDAY_BEFORE = dt.datetime(2026, 12, 1, 10, tzinfo=dt.UTC)
DAY, MINUTE = dt.timedelta(days=1), dt.timedelta(minutes=1)
LEADERSHIP, HANDOVER = "support_leadership", "support/handover"


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    world = World(clock=lambda: MONDAY)
    seed_desk(world, MONDAY)
    write_policies(tmp_path)
    with serve(world) as sandbox:
        monkeypatch.setenv("GITLAB_URL", sandbox.url)
        monkeypatch.setenv("GITLAB_TOKEN", TOKEN)
        monkeypatch.setenv("STARKEEPER_NOTES_PER_SECOND", "10000")
        monkeypatch.setenv("SLACK_API_URL", f"{sandbox.url}/slack/api/")
        monkeypatch.setenv("SLACK_BOT_TOKEN", SLACK_TOKEN)
        monkeypatch.setenv("STARKEEPER_MESSAGES_PER_SECOND", "10000")
        yield world


def weekly(folder: Path, now: dt.datetime = MONDAY, *, status: int = 0) -> dict[str, Any]:
    options = ["--now", now.isoformat(), "--output", "json", "--no-journal"]
    places = ["--policies", str(folder), "--templates", str(TEMPLATES)]
    ended, printed, complaint = starkeeper("digest", "weekly", *options, *places)
    assert (ended, complaint) == (status, ""), printed + complaint
    result: dict[str, Any] = json.loads(printed)
    return result


def a_star(world: World, came: dt.datetime, answered_after: int, *, ticket: str = "230001") -> int:
    """Acknowledged after ten minutes, answered by Emil so many minutes after it came."""
    iid = world.open_issue(
        STAR,
        title=f"STAR for ZD#{ticket}",
        description=star_form(ticket, reason="Initech is down."),
        author="lee",
        labels=["urgency::timely"],
        created_at=came,
    )
    world.set_labels(STAR, iid, by=BOT, add=["star::acknowledged"], at=came + 10 * MINUTE)
    world.comment(STAR, iid, "emil", "We are on it.", came + answered_after * MINUTE)
    world.close(STAR, iid, by="emil", at=came + DAY)
    return iid


def page(world: World) -> str:
    (issue,) = world.issues(HANDOVER)
    assert issue.title == "The desk's week from 2026-11-30"
    return issue.description


def own_messages(world: World) -> list[str]:
    return [each.text for each in world.slack.messages(LEADERSHIP) if "The week from" in each.text]


def test_monday_brings_one_page_and_one_message_that_leads_to_it(world: World, tmp_path: Path) -> None:
    late = a_star(world, TUESDAY_BEFORE, 90)
    weekly(tmp_path)
    text = page(world)
    assert f"- {STAR}#{late} (EMEA), answered after 1 h 30 min. Cause: <!--" in text
    assert f"Slowest to be acknowledged:** {STAR}#{late} after 10 min" in text
    assert "Initech" not in text
    (message,) = own_messages(world)
    assert len(message.splitlines()) == 5
    assert "/support/handover/-/issues/1|" in message


def test_a_second_run_in_the_same_week_changes_nothing_whoever_is_on_shift(world: World, tmp_path: Path) -> None:
    a_star(world, TUESDAY_BEFORE, 20)
    weekly(tmp_path)
    before = page(world), own_messages(world)
    world.at(MONDAY + 10 * MINUTE)
    weekly(tmp_path, MONDAY + 10 * MINUTE)
    assert (page(world), own_messages(world)) == before


def test_causes_that_people_wrote_stay_while_numbers_change(world: World, tmp_path: Path) -> None:
    late = a_star(world, TUESDAY_BEFORE, 90)
    weekly(tmp_path)
    mark = re.search(rf"{STAR}#{late} .*?<!-- starkeeper keep[^>]*-->", page(world))
    assert mark is not None
    cause = page(world).replace(mark[0], f"{mark[0]} Nobody saw it.")
    world.edit(HANDOVER, 1, by="amber", description=cause, at=MONDAY + MINUTE)
    world.set_labels(STAR, late, by="amber", add=["Escalation::License-Issue"], at=MONDAY + MINUTE)
    weekly(tmp_path, MONDAY + 2 * MINUTE)
    assert "Nobody saw it." in page(world)
    assert '~"Escalation::License-Issue" 1' in page(world)


def test_stars_of_months_ago_cost_no_requests(world: World, tmp_path: Path) -> None:
    weekly(tmp_path)
    usual = asked_for_label_events(world)
    for number in range(20):
        a_star(world, TUESDAY_BEFORE - (60 + number) * DAY, 20, ticket=f"21{number:04}")
    recent = a_star(world, TUESDAY_BEFORE, 20)
    world.requests.clear()
    weekly(tmp_path)
    assert asked_for_label_events(world) - usual == {recent}


def test_a_tracker_that_cannot_be_read_is_named_rather_than_counted_as_quiet(world: World, tmp_path: Path) -> None:
    world.faults.append(server_error("GET", r"projects/support%2Fstar/issues$", times=100, status=403))
    weekly(tmp_path, status=3)
    first = "Not everything could be read, so these numbers are not whole:"
    assert page(world).startswith(f"**{first}** star\n")
    assert own_messages(world)[0].startswith(f"*{first}* star\n")


def asked_for_label_events(world: World) -> set[int]:
    found = (re.search(r"/issues/(\d+)/resource_label_events", each.path) for each in world.requests)
    return {int(each[1]) for each in found if each}
