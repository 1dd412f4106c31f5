"""A mistake in a scenario file is named at its line, with what was meant; all of them at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from starkeeper.errors import PolicyError
from starkeeper.scenarios import scenario_files
from starkeeper.scenarios.grammar import CONNECTED, VERB_OF
from tests.scenarios_engine.desk import Bench

ZOO = Path(__file__).parent / "zoo"


@pytest.mark.parametrize("path", sorted(ZOO.glob("*.yml")), ids=lambda path: path.stem)
def test_all_mistakes_of_a_file_come_at_once_each_at_its_place(bench: Bench, path: Path) -> None:
    assert bench.problems(path.read_text("utf-8")) == path.with_suffix(".txt").read_text("utf-8").splitlines()


def test_a_step_does_things_in_the_order_in_which_they_are_written(bench: Bench) -> None:
    played = bench.play(
        """
      - expect: {star#1: {labels: []}}
        sweep: true
        labels: {issue: star#1, by: emil, add: [later]}
      - expect: {star#1: {labels: [later, "star::new"]}}
"""
    )
    assert played.differences == ()


def test_a_folder_has_its_scenarios_below_and_a_file_those_of_its_own_name(tmp_path: Path) -> None:
    for name in ("tests/star.yml", "tests/more/hours.yaml", "tests/notes.md", "star.yml", "other.yml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("scenarios: []\n", "utf-8")
    assert [each.relative for each in scenario_files([tmp_path])] == ["more/hours.yaml", "star.yml"]
    assert [each.relative for each in scenario_files([tmp_path / "star.yml"])] == ["star.yml"]
    with pytest.raises(PolicyError, match=r"there is no scenario here; add a file like star\.yml"):
        scenario_files([tmp_path / "other.yml"])


def test_a_system_that_is_connected_has_no_verb_that_nobody_plays() -> None:
    assert CONNECTED.isdisjoint(VERB_OF.values()), "play the verb (script.Act) before its system counts as connected"
