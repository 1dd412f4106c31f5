"""The same scenarios at other times of the year, so that none passes only because of its date."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from starkeeper.policies.files import PolicyPath
from starkeeper.policies.load import load_policies
from starkeeper.render.late import LateRenderer
from starkeeper.report.scenarios import played_text
from starkeeper.scenarios import EngineStage, Scenario, play, read_scenarios, scenario_files
from tests.scenarios.desk import POLICIES, TEMPLATES

LOADED = load_policies([POLICIES], TEMPLATES)
RENDER = LateRenderer(TEMPLATES)
# Whose clock a file is told by: that of the hours of the desk, where these matter.
ZONES = {"star_hours": ZoneInfo("America/Los_Angeles")}
# The scenarios are told around Sunday 2026-11-29.
WEEKS = {
    "the end of summer time in America, Sunday 2026-11-01": -4,
    "the beginning of summer time in America, Sunday 2027-03-14": 15,
    "the end of summer time in Europe, Sunday 2027-10-31": 48,
    "high summer, Sunday 2026-07-05": -21,
}
# These name dates for what is special about them.
OF_ONE_DATE = re.compile(r"7|13")
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)(?:([ T])(\d\d:\d\d))?")


def moved(text: str, weeks: int, zone: dt.tzinfo) -> str:
    """The text of a file of scenarios with each moment so many weeks later on the clock of a zone."""

    def later(found: re.Match[str]) -> str:
        day = dt.date.fromisoformat(found[1])
        if not found[3]:
            return (day + dt.timedelta(weeks=weeks)).isoformat()
        at = dt.datetime.fromisoformat(f"{found[1]}T{found[3]}").replace(tzinfo=dt.UTC)
        local = at.astimezone(zone).replace(tzinfo=None) + dt.timedelta(weeks=weeks)
        return f"{local.replace(tzinfo=zone).astimezone(dt.UTC):%Y-%m-%d{found[2]}%H:%M}"

    return _MOMENT.sub(later, text)


def scenarios(file: PolicyPath, weeks: int, folder: Path) -> tuple[Scenario, ...]:
    other = folder / file.path.name
    other.write_text(moved(file.path.read_text("utf-8"), weeks, ZONES.get(file.path.stem, dt.UTC)), "utf-8")
    read = read_scenarios([PolicyPath(other, str(other), other.name)], LOADED)
    return tuple(each for each in read if not OF_ONE_DATE.match(each.name))


@pytest.mark.parametrize("weeks", WEEKS.values(), ids=WEEKS.keys())
@pytest.mark.parametrize("file", scenario_files([POLICIES]), ids=lambda each: each.path.stem)
def test_scenarios_hold_at_another_time_of_the_year(file: PolicyPath, weeks: int, tmp_path: Path) -> None:
    found = scenarios(file, weeks, tmp_path)
    for scenario in found:
        played = play(scenario, EngineStage(LOADED, RENDER, scenario.given))
        assert played.differences == (), played_text(played)
