"""The same scenarios at other times of the year, so that none passes only because of its date."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from starkeeper.policies.files import PolicyPath
from starkeeper.render.late import LateRenderer
from starkeeper.report.scenarios import played_text
from starkeeper.scenarios import EngineStage, Scenario, play, read_scenarios, scenario_files
from tests.scenarios.desk import LOADED, POLICIES, TEMPLATES

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
_MOMENT = re.compile(
    r"(?P<date>\d{4}-\d\d-\d\d)(?:(?P<mark>[ T])(?P<time>\d\d:\d\d))?"
    r'|(?<=at: ")(?P<day>[A-Z][a-z]{2} |\d\d-\d\d |)(?P<hour>\d\d:\d\d)(?=")'
)


def moved(text: str, weeks: int, zone: dt.tzinfo) -> str:
    """The text of a file of scenarios with each moment so many weeks later on the clock of a zone.

    When something was said in Slack is told without the year, or without the day: it is that of the moment before.
    """
    last = ""

    def later(found: re.Match[str]) -> str:
        nonlocal last
        last = found["date"] or last
        if found["hour"]:
            has_date = found["day"][:1].isdigit()
            date = f"{last[:5]}{found['day'].strip()}" if has_date else last
            moved_to = _later(date, found["hour"], weeks, zone)
            return f"{moved_to:%m-%d %H:%M}" if has_date else f"{found['day']}{moved_to:%H:%M}"
        if not found["time"]:
            return (dt.date.fromisoformat(last) + dt.timedelta(weeks=weeks)).isoformat()
        return f"{_later(last, found['time'], weeks, zone):%Y-%m-%d{found['mark']}%H:%M}"

    return _MOMENT.sub(later, text)


def _later(date: str, time: str, weeks: int, zone: dt.tzinfo) -> dt.datetime:
    at = dt.datetime.fromisoformat(f"{date}T{time}").replace(tzinfo=dt.UTC)
    local = at.astimezone(zone).replace(tzinfo=None) + dt.timedelta(weeks=weeks)
    return local.replace(tzinfo=zone).astimezone(dt.UTC)


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
