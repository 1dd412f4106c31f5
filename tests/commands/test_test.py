"""`starkeeper test` as people and pipelines use it."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.running import starkeeper
from tests.scenarios_engine.desk import OPENS, Bench

ROOT = Path(__file__).resolve().parents[2]
GOOD = "        sweep: true\n        expect: {star#1: {labels: ['star::new']}}\n"
BAD = "        sweep: true\n        expect: {star#1: {labels: [done]}}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A desk with one good and one bad scenario."""
    bench = Bench(tmp_path)
    scenarios = [
        f"  - name: {name}\n    steps:{OPENS}{steps}" for name, steps in (("Good one", GOOD), ("Bad one", BAD))
    ]
    (bench.folder / "tests").mkdir()
    (bench.folder / "tests/star.yml").write_text("scenarios:\n" + "".join(scenarios), "utf-8")
    return bench.folder


def run(folder: Path, *arguments: str) -> tuple[int, str, str]:
    return starkeeper("test", "--policies", str(folder), "--templates", str(folder), *arguments)


def test_all_scenarios_are_told_and_one_that_fails_ends_with_1(folder: Path) -> None:
    status, printed, told = run(folder)
    assert (status, told) == (1, "")
    lines = printed.splitlines()
    assert lines[:4] == [
        str(folder / "tests/star.yml"),
        "ok       Good one",
        "FAILED   Bad one",
        f"  {folder}/tests/star.yml:13:27: star#1 labels: expected done; found star::new",
    ]
    assert lines[-1].startswith("2 scenarios: 1 ok, 1 failed; ")


def test_a_part_of_the_name_chooses(folder: Path) -> None:
    status, printed, _ = run(folder, "--scenario", "good")
    assert (status, printed.splitlines()[-1][:16]) == (0, "1 scenario: 1 ok")
    status, _, told = run(folder, "--scenario", "Goood one")
    assert (status, told) == (1, "no scenario has 'Goood one' in its name; did you mean 'Good one'?\n")


def test_junit_and_json_are_written(folder: Path) -> None:
    status, printed, _ = run(folder, "--junit", str(folder / "junit.xml"), "--output", "json")
    assert status == 1
    assert [each["status"] for each in json.loads(printed)["scenarios"]] == ["ok", "failed"]
    root = ElementTree.parse(folder / "junit.xml").getroot()
    assert [each.get("name") for each in root.iter("testcase")] == ["Good one", "Bad one"]


def test_a_mistake_in_a_scenario_is_told_at_its_line_before_anything_is_played(folder: Path) -> None:
    with (folder / "tests/star.yml").open("a", encoding="utf-8") as file:
        file.write("      - {swep: true}\n")
    status, printed, told = run(folder)
    assert (status, printed) == (1, "")
    assert told == f"{folder}/tests/star.yml:14:10: unknown key 'swep' in a step; did you mean 'sweep'?\n"


def test_policies_without_scenarios_say_where_they_belong(tmp_path: Path) -> None:
    Bench(tmp_path)
    status, _, told = run(tmp_path)
    assert (status, told) == (1, f"{tmp_path}/tests:1:1: there is no scenario here; add a file like star.yml\n")


def test_the_scenarios_are_no_policies() -> None:
    status, printed, _ = starkeeper("check", "--policies", str(ROOT / "policies"))
    assert status == 0, printed


def test_report_that_cannot_be_written_is_said_before_anything_is_played(tmp_path: Path) -> None:
    status, printed, told = starkeeper("test", "--junit", str(tmp_path / "nowhere" / "a.xml"))
    assert (status, printed) == (2, "")
    assert "cannot be written; name a file in a folder that is there" in told
