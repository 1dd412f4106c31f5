"""Every scenario of the YAML files beside, on the real policies; after each sweep a second one has nothing to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.scenarios.conftest import Desk


def _scenarios() -> Iterator[Any]:
    for file in sorted(Path(__file__).parent.glob("*.yml")):
        for scenario in yaml.load(file.read_text("utf-8"), Loader=yaml.BaseLoader):
            yield pytest.param(scenario["steps"], id=scenario["name"])


@pytest.mark.parametrize("steps", list(_scenarios()))
def test_scenario(desk: Desk, steps: list[dict[str, Any]]) -> None:
    for step in steps:
        if "at" in step:
            desk.at(step["at"])
        for verb, what in step.items():
            if verb == "sweep":
                _sweep(desk)
            elif verb == "expect":
                for issue, expected in what.items():
                    _compare(desk, issue, expected)
            elif verb != "at":
                getattr(desk, verb)(what)


def _sweep(desk: Desk) -> None:
    planned = desk.sweep("--dry-run")["changes"]
    assert desk.sweep()["changes"] == planned
    again = desk.sweep()
    assert again["changes"] == [], "a second sweep plans nothing"


def _compare(desk: Desk, issue: str, expected: Mapping[str, Any]) -> None:
    seen = desk.seen(issue)
    text = "\n\n".join(body.rpartition("\n")[0] for body in seen["own"])
    for what, wanted in expected.items():
        if what == "has":
            assert set(wanted) <= set(seen["labels"])
        elif what == "labels":
            assert seen["labels"] == sorted(wanted)
        elif what == "notes":
            assert len(seen["notes"]) == int(wanted), text
        elif what == "internal":
            assert [str(each) for each in seen["internal"]] == wanted
        elif what == "says":
            assert [each for each in wanted if each not in text] == [], text
        elif what == "never_says":
            assert [each for each in wanted if each in text] == [], text
        else:
            assert seen[what] == wanted, what
