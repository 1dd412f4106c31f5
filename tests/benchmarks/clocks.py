"""What one look at a clock costs on an issue that is a year old: `python -m tests.benchmarks.clocks`."""

from __future__ import annotations

import datetime as dt
import timeit
from collections.abc import Callable
from functools import partial
from pathlib import Path

import click

from starkeeper.conditions.clock import ClockCondition
from starkeeper.desk.clocks import read_run
from starkeeper.model.desk import Clock, ClockStart, ClockStop
from starkeeper.model.facts import Facts
from starkeeper.model.resources import Resource
from starkeeper.model.values import Interval, LabelPattern, Percent
from starkeeper.policies.load import load_policies
from tests.builders import make_facts, make_issue

ROOT = Path(__file__).resolve().parents[2]
NOW = dt.datetime(2026, 12, 2, 9, 30, tzinfo=dt.UTC)
LOOKS = 2_000


def world(events: int, notes: int) -> tuple[Resource, Facts]:
    """An issue of a year ago on which a label came and went, and people wrote."""
    desk = load_policies([ROOT / "policies"], ROOT / "templates").desk
    issue = make_issue(created_at=NOW - dt.timedelta(days=365), labels=("urgency::timely",))
    step = dt.timedelta(days=360) / max(events, notes, 1)
    turns = [
        {
            "action": ("add", "remove")[place % 2],
            "label": "waiting",
            "user": "emil",
            "created_at": issue.created_at + step * place,
        }
        for place in range(events)
    ]
    words = [{"author": "ivy", "body": "Hm.", "created_at": issue.created_at + step * place} for place in range(notes)]
    return issue, make_facts(issue, notes={12: words}, label_events={12: turns}, now=NOW, desk=desk)


def main() -> None:
    clock = Clock(
        name="urgency",
        calendar="global_support_hours",
        starts=ClockStart(at="opening"),
        stops=(ClockStop(what="closed"), ClockStop(what="comment", by="managers")),
        pauses=(LabelPattern.parse("waiting*"),),
        length=Interval(1, "hours"),
    )
    condition = ClockCondition(name="urgency", at_least=Percent(50), less_than=Percent(100))
    click.echo("label events  notes  microseconds a run  microseconds a condition")
    for events, notes in ((0, 0), (20, 20), (200, 200)):
        issue, facts = world(events, notes)
        one = _microseconds(partial(_elapsed, clock, issue, facts))
        two = _microseconds(partial(condition.holds, issue, facts))
        click.echo(f"{events:12}  {notes:5}  {one:18.0f}  {two:24.0f}")


def _elapsed(clock: Clock, issue: Resource, facts: Facts) -> dt.timedelta:
    return read_run(clock, issue, facts).elapsed(NOW)


def _microseconds(look: Callable[[], object]) -> float:
    return min(timeit.repeat(look, number=LOOKS, repeat=3)) / LOOKS * 1e6


if __name__ == "__main__":
    main()
