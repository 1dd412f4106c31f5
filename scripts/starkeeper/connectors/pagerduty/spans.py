"""Takes times of rotations further ahead than is read anyway; gives who is on call in them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence

from starkeeper.desk.on_call import span_in
from starkeeper.desk.rotations import AHEAD, BACK, joined
from starkeeper.model.requests import Reading
from starkeeper.model.resources import Duty, Place, ResourceKey

Read = Callable[[Sequence[str], dt.datetime], Reading[tuple[Duty, ...]]]
"""Reads the shifts of rotations around an instant, as `read_duties` does."""


def read_spans(keys: Iterable[ResourceKey], read: Read) -> Reading[tuple[Duty, ...]]:
    """Each by itself, for they are few. Raises ConnectorError."""
    reading: Reading[tuple[Duty, ...]] = Reading({}, {})
    for key in keys:
        place, duties = Place("rotations", key.project), list[Duty]()
        for at in _instants(key):
            part = read([key.project], at)
            if place in part.failed:
                reading.failed[key] = part.failed[place]
                break
            duties += part.found[place]
        else:
            reading.found[key] = joined(duties)
    return reading


def _instants(key: ResourceKey) -> Iterator[dt.datetime]:
    """Those whose surroundings hold the time."""
    since, until = span_in(key)
    at = since + BACK
    yield at
    while at + AHEAD < until:
        at += BACK + AHEAD
        yield at
