"""A small desk with one policy file, and scenarios written for it on the spot."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from starkeeper.errors import PolicyError
from starkeeper.model.policies import Policies
from starkeeper.model.scenarios import Played
from starkeeper.render.late import LateRenderer
from starkeeper.scenarios import EngineStage, Scenario, play, read_scenarios, scenario_files
from tests.builders import make_policies

RULES = """
- name: Take in
  conditions: {state: opened, forbidden_labels: ["star::*"]}
  actions: {labels: ["star::new"], assign: {on_call: support_manager}, comment: Thank you.}
- name: Ask again
  conditions:
    state: opened
    labels: [urgent]
    date: {attribute: created_at, condition: older_than, interval: 30, interval_type: minutes}
  actions: {labels: [asked], comment: "{{ mention(author) }}, is it still urgent?"}
- name: Close what is done
  conditions: {state: opened, labels: [done]}
  actions: {status: close}
"""
OPENS = """
      - at: 2026-11-30 09:00
        opens: {tracker: star, by: ivy, title: One}
"""


def at(time: str, day: int = 30) -> dt.datetime:
    hour, minute = map(int, time.split(":"))
    return dt.datetime(2026, 11, day, hour, minute, tzinfo=dt.UTC)


class Bench:
    """The policies in a folder, and what becomes of scenarios on them."""

    def __init__(self, folder: Path, rules: str = RULES) -> None:
        self.folder = folder
        self.policies: Policies = make_policies(folder, rules)
        self.stage: EngineStage

    def read(self, text: str) -> tuple[Scenario, ...]:
        """The scenarios of a file of that text."""
        (self.folder / "tests").mkdir(exist_ok=True)
        (self.folder / "tests/star.yml").write_text(text, "utf-8")
        return read_scenarios(scenario_files([self.folder]), self.policies)

    def play(self, steps: str, given: str = "{}") -> Played:
        """One scenario of these steps, behind one that opens star#1 at 09:00."""
        text = f"scenarios:\n  - name: A\n    given: {given}\n    steps:{OPENS}{steps.strip(chr(10))}\n"
        (scenario,) = self.read(text)
        self.stage = EngineStage(self.policies, LateRenderer(self.folder), scenario.given)
        return play(scenario, self.stage)

    def said(self, steps: str, given: str = "{}") -> list[str]:
        """What differs, without the folder."""
        return [
            f"{each.where}: {each.message}".replace(f"{self.folder}/", "")
            for each in self.play(steps, given).differences
        ]

    def problems(self, text: str) -> list[str]:
        """What is wrong with a file of that text."""
        return list(self._problems(text))

    def _problems(self, text: str) -> Iterator[str]:
        try:
            self.read(text)
        except PolicyError as error:
            yield from (str(each).replace(f"{self.folder}/", "") for each in error.problems)
