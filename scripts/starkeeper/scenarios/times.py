"""Takes what the steps of a scenario say about time; gives the time of each step, and of each of its sweeps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from starkeeper.errors import Where
from starkeeper.model.values import Interval
from starkeeper.policies.bind import Binder
from starkeeper.policies.nodes import ListNode, MapNode, Node
from starkeeper.scenarios.grammar import Step, Sweeps
from starkeeper.scenarios.moments import Moment

_MOST_SWEEPS = 5_000


class Timekeeper:
    """Knows how late it is in one scenario; time never goes back."""

    def __init__(self, binder: Binder) -> None:
        self._binder = binder
        self._now: dt.datetime | None = None

    def move(self, step: Step, node: MapNode) -> dt.datetime | None:
        """The time of the step, None where nobody knows it."""
        if step.at and step.after:
            self._binder.problem(node.where, "'at' and 'after' both say when it is", "keep one of them")
        elif step.at:
            self._move_to(step.at.instant, place_of(node, "at"))
        elif self._now is None:
            self._binder.problem(node.where, "nobody knows when this is", "begin the first step with 'at:'")
        elif step.after:
            self._now += self._length(step.after, place_of(node, "after"))
        return self._now

    def this_one(self) -> tuple[dt.datetime, ...]:
        """The time of a sweep now."""
        return (self._now,) if self._now else ()

    def series(self, sweeps: Sweeps, node: Node) -> tuple[dt.datetime, ...]:
        """The times of a series of sweeps; afterwards it is `until`."""
        start, until = self._now, sweeps.until.instant
        length = self._length(sweeps.every, place_of(node, "every"))
        if start is None or not length:
            return ()
        number = max(0, (until - start) // length)
        if not 1 <= number <= _MOST_SWEEPS:
            said = f"from {_words(start)} every {sweeps.every} makes {number} sweeps"
            self._binder.problem(place_of(node, "until"), said, f"between 1 and {_MOST_SWEEPS} can be played")
            return ()
        times = {start + each * length for each in range(1, number + 1)}
        missed = dict(_placed(sweeps.missed, node, "missed"))
        late = dict(_placed(sweeps.late, node, "late"))
        for instant in missed.keys() - times:
            remedy = f"they come every {sweeps.every} from {_words(start)}"
            self._binder.problem(missed[instant], f"no sweep is due at {_words(instant)}", remedy)
        for instant in late:
            if instant in times or not start < instant <= until:
                said = f"{_words(instant)} is not between the times of two sweeps"
                self._binder.problem(late[instant], said, "'late' are sweeps beside those that are due")
        self._now = until
        return tuple(sorted((times - missed.keys()) | late.keys()))

    def _move_to(self, instant: dt.datetime, where: Where) -> None:
        if self._now and instant < self._now:
            said = f"{_words(instant)} is past: it is {_words(self._now)} by now"
            self._binder.problem(where, said, "give the steps in the order of time")
        else:
            self._now = instant

    def _length(self, interval: Interval, where: Where) -> dt.timedelta:
        try:
            length = interval.length
        except ValueError as error:
            self._binder.problem(where, str(error), "give it in minutes, hours, days or weeks")
            return dt.timedelta()
        if not length:
            self._binder.problem(where, f"{interval} is no time", "leave it out, or give it in minutes")
        return length


def place_of(node: Node, key: str) -> Where:
    """Where the value of a key stands, or else the mapping."""
    value = node.get(key) if isinstance(node, MapNode) else None
    return value.where if value else node.where


def _placed(moments: tuple[Moment, ...], node: Node, key: str) -> Iterator[tuple[dt.datetime, Where]]:
    listed = node.get(key) if isinstance(node, MapNode) else None
    items = listed.items if isinstance(listed, ListNode) else ()
    yield from ((moment.instant, item.where) for moment, item in zip(moments, items, strict=True))


def _words(at: dt.datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}"
