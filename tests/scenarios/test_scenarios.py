"""Every scenario of policies/tests/ also holds over HTTP, on both editions; the engine's own world agrees with them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from starkeeper.model.scenarios import Played
from starkeeper.policies.files import PolicyPath
from starkeeper.render.late import LateRenderer
from starkeeper.report.scenarios import played_text
from starkeeper.scenarios import EngineStage, Scenario, play, read_scenarios, scenario_files
from starkeeper.scenarios.script import Sweep
from tests.scenarios.desk import LOADED, POLICIES, TEMPLATES, Desk, policies_of

VERBS = Path(__file__).with_name("verbs.yml")
SCENARIOS = read_scenarios([*scenario_files([POLICIES]), PolicyPath(VERBS, VERBS.name, VERBS.name)], LOADED)
TOKENS = {"slack": "SLACK_BOT_TOKEN", "pagerduty": "PAGERDUTY_API_KEY"}
RENDER = LateRenderer(TEMPLATES)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda each: each.name)
def test_scenario(desk: Desk, scenario: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = EngineStage(LOADED, RENDER, scenario.given)
    expected = play(scenario, engine)
    desk.policies = policies_of(scenario.given, tmp_path)
    for system in scenario.given.without:
        monkeypatch.delenv(TOKENS[system])
    played = play(scenario, desk, only_at=worth_a_sweep(scenario, expected))
    assert played.differences == (), played_text(played)
    assert desk.said() == engine.said()
    assert {name: desk.see(name) for name in desk.issues()} == {name: engine.see(name) for name in engine.issues()}


def worth_a_sweep(scenario: Scenario, played: Played) -> frozenset[dt.datetime]:
    """Over HTTP a sweep takes its time: those that changed something, their neighbours, and the last ones."""
    times = played.swept_at
    sweeps = [each for step in scenario.steps for each in step.deeds if isinstance(each, Sweep)]
    last = {each.times[-1] for each in sweeps} & set(times)
    places = {times.index(each) for each in (*played.changed_at, *last)}
    near = {place + beside for place in places for beside in (-1, 0, 1)}
    return frozenset(each for place, each in enumerate(times) if place in near)
