"""Takes what a digest says under `measures`; gives what in it is defined, but of no use to measure by."""

from __future__ import annotations

from collections.abc import Iterator

from starkeeper.errors import Problem, nearest
from starkeeper.model.desk import Desk
from starkeeper.policies.grammar import MeasuresEntry, Word


def measures_problems(entry: MeasuresEntry, desk: Desk) -> Iterator[Problem]:
    """Clocks without a length, and a field whose words desk.yml does not list."""
    feedback = entry.week.feedback
    yield from _clock_problems(entry.week.clock, desk)
    if feedback is not None:
        yield from _clock_problems(feedback.clock, desk)
        yield from _kind_problems(feedback.kind, feedback.tracker.text, desk)


def _clock_problems(name: Word, desk: Desk) -> Iterator[Problem]:
    clock = desk.clocks.get(name.text)
    if clock is not None and clock.length is None:
        message = f"clock '{name.text}' has no length, so nothing is in time or late by it"
        yield Problem(name.where, message, "give it one in desk.yml")


def _kind_problems(kind: Word, tracker: str, desk: Desk) -> Iterator[Problem]:
    """What the desk has no word for could be anything that a customer wrote, and is not told."""
    values = desk.trackers[tracker].values if tracker in desk.trackers else {kind.text: {}}
    if kind.text not in values:
        remedy = nearest(kind.text, values) or "list them in desk.yml"
        yield Problem(kind.where, f"tracker '{tracker}' has no 'values' for a field '{kind.text}'", remedy)
