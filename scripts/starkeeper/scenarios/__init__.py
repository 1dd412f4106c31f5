"""Plays scenarios on the policies: what people do, when the desk sweeps, and how its issues must stand then.

A scenario is read (`read_scenarios`), given a stage (`EngineStage` holds its own GitLab, in memory) and played
(`play`). Any other stage will do: the tests play the same files over HTTP.
"""

from __future__ import annotations

from starkeeper.scenarios.engine import EngineStage
from starkeeper.scenarios.play import play
from starkeeper.scenarios.read import read_scenarios, scenario_files
from starkeeper.scenarios.script import Scenario
from starkeeper.scenarios.stage import Seen, Stage, Swept

__all__ = ["EngineStage", "Scenario", "Seen", "Stage", "Swept", "play", "read_scenarios", "scenario_files"]
