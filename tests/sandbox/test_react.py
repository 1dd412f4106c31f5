"""A seeded desk whose events start the real jobs, as processes of their own, and what these leave behind."""

from __future__ import annotations

from pathlib import Path

import pytest
import requests

from starkeeper.commands.playing import pipeline_runner, words_of
from starkeeper.sandbox.seeds import BOT, FEEDBACK, PIPELINES, seed_desk, seed_hooks
from starkeeper.sandbox.server import serve
from starkeeper.sandbox.world import World
from tests.sandbox.conftest import NOON

PAGE = {"X-Sandbox-Page": "yes"}


def test_an_issue_that_is_opened_on_the_page_is_reacted_to_at_once_and_no_further(tmp_path: Path) -> None:
    world = World(lambda: NOON)
    seed_desk(world, NOON)
    with serve(world) as served:
        world.on_pipeline = pipeline_runner(world, served.url, tmp_path)
        seed_hooks(world)
        form = {"as": "dana", "place": FEEDBACK, "title": "Positive feedback for ticket 218999", "text": "Great."}
        assert requests.post(f"{served.url}/-/open", form, headers=PAGE, timeout=10).ok
        world.deliver_hooks()
    issue = world.issues(FEEDBACK)[-1]
    assert "satisfaction::good" in issue.labels
    assert {who for _, _, who, _ in world.label_events(FEEDBACK, issue.iid)} == {BOT}
    first, *echoes = world.pipelines(PIPELINES)
    assert "Mark positive feedback" in first.log
    assert {each.status for each in (first, *echoes)} == {"success"}
    assert all("Nothing to do" in each.log for each in echoes)
    assert {each.status for each in world.deliveries} == {201}


@pytest.mark.parametrize(
    ("variables", "words"),
    [({}, ("sweep",)), ({"STARKEEPER_DIGEST": "weekly"}, ("digest", "weekly")), ({"OTHER": "x"}, ("sweep",))],
)
def test_a_schedule_sweeps_or_writes_the_digest_that_it_names(
    world: World, variables: dict[str, str], words: tuple[str, ...]
) -> None:
    world.add_project(PIPELINES)
    assert words_of(world.play(world.add_schedule(PIPELINES, "bot", variables=variables))) == words


@pytest.mark.parametrize(("value", "acts"), [("true", True), ("false", False)])
def test_an_event_is_acted_on_unless_a_variable_of_the_project_says_otherwise(
    tmp_path: Path, value: str, acts: bool
) -> None:
    world = World(lambda: NOON)
    seed_desk(world, NOON)
    world.add_variable(PIPELINES, "STARKEEPER_APPLY", value)
    with serve(world) as served:
        world.on_pipeline = pipeline_runner(world, served.url, tmp_path)
        seed_hooks(world)
        iid = world.open_issue(FEEDBACK, title="Positive feedback for ticket 218999", author="dana")
        world.deliver_hooks()
    assert ("satisfaction::good" in world.issue(FEEDBACK, iid).labels) is acts
    assert "Mark positive feedback" in world.pipelines(PIPELINES)[0].log


def test_a_trigger_reacts_whatever_variables_come_with_it(world: World) -> None:
    world.add_project(PIPELINES)
    pipeline = world.trigger(world.add_trigger(PIPELINES, "bot"))
    pipeline.variables["STARKEEPER_DIGEST"] = "weekly"
    assert words_of(pipeline) == ("react",)
