"""Every broken policy in zoo/ gives exactly the problems that stand beside it in a .txt file."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.policies.helpers import problems_of

ZOO = Path(__file__).parent / "zoo"
BROKEN = sorted(path.stem for path in ZOO.glob("*.yml") if path.stem not in ("desk", "people"))


@pytest.mark.parametrize("name", BROKEN)
def test_all_problems_of_a_broken_policy_come_at_once_each_at_its_place(name: str) -> None:
    expected = (ZOO / f"{name}.txt").read_text(encoding="utf-8").splitlines()

    assert problems_of([ZOO / f"{name}.yml"], ZOO / "templates") == expected


def test_the_zoo_has_an_expectation_for_every_policy_and_no_other() -> None:
    assert sorted(path.stem for path in ZOO.glob("*.txt")) == BROKEN


@pytest.mark.parametrize("name", BROKEN)
def test_every_place_lies_inside_its_file(name: str) -> None:
    lines = (ZOO / f"{name}.yml").read_bytes().decode("utf-8", "replace").splitlines() or [""]
    for said in (ZOO / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        file, line, column, _ = said.split(":", 3)
        if file == f"{name}.yml":
            assert int(line) <= len(lines) + 1
            assert int(column) <= len([*lines, ""][int(line) - 1]) + 1


def test_problems_of_several_files_come_in_one_run() -> None:
    paths = [ZOO / "tab.yml", ZOO / "empty.yml", ZOO / "colon.yml"]

    said = problems_of(paths, ZOO / "templates")

    assert [each.split(":")[0] for each in said] == ["colon.yml", "empty.yml", "tab.yml"]
