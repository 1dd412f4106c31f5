"""Every scenario of policies/tests/ also holds over HTTP, on both editions; the engine's own world agrees with them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from starkeeper.model.scenarios import Played
from starkeeper.policies.files import PolicyPath
from starkeeper.policies.load import load_policies
from starkeeper.render.late import LateRenderer
from starkeeper.report.scenarios import played_text
from starkeeper.scenarios import EngineStage, Scenario, play, read_scenarios, scenario_files
from tests.scenarios.desk import POLICIES, TEMPLATES, Desk, policies_of

LOADED = load_policies([POLICIES], TEMPLATES)
VERBS = Path(__file__).with_name("verbs.yml")
SCENARIOS = read_scenarios([*scenario_files([POLICIES]), PolicyPath(VERBS, VERBS.name, VERBS.name)], LOADED)
RENDER = LateRenderer(TEMPLATES)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda each: each.name)
def test_scenario(desk: Desk, scenario: Scenario, tmp_path: Path) -> None:
    engine = EngineStage(LOADED, RENDER, scenario.given)
    expected = play(scenario, engine)
    desk.policies = policies_of(scenario.given, tmp_path)
    played = play(scenario, desk, only_at=worth_a_sweep(expected))
    assert played.differences == (), played_text(played)
    assert {name: desk.see(name) for name in desk.issues()} == {name: engine.see(name) for name in engine.issues()}


def worth_a_sweep(played: Played) -> frozenset[dt.datetime]:
    """Over HTTP a sweep takes its time: those that changed something, those before and after them, and the last."""
    times = played.swept_at
    places = {times.index(each) for each in played.changed_at} | {len(times) - 1}
    near = {place + beside for place in places for beside in (-1, 0, 1)}
    return frozenset(each for place, each in enumerate(times) if place in near)
