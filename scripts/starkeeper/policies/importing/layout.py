"""Takes the text of a YAML file; gives where each node begins and ends in it, aliases and repeated keys included."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

import yaml
from msgspec import Struct

from starkeeper.policies.source import LOADER


class Entry(Struct, frozen=True):
    """A key with its value, in the order of the file."""

    key: Spot
    value: Spot


class Spot(Struct, frozen=True):
    """A node: `text[start:end]` is what was written, white space behind it left out; `text` is a scalar's value.

    `flow` says that it is written in brackets or braces, or within such; an alias has its name in `text`.
    """

    kind: Literal["scalar", "list", "map", "alias"]
    start: int
    end: int
    text: str = ""
    style: str = ""
    flow: bool = False
    anchor: str = ""
    items: tuple[Spot, ...] = ()
    entries: tuple[Entry, ...] = ()


class Layout:
    """The spots of a file that was read without a problem of syntax."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.begins = 0
        self._anchors: dict[str, list[Spot]] = {}
        self._events: Iterator[Any] = yaml.parse(text, Loader=LOADER)
        next(self._events)
        start: Any = next(self._events)
        if getattr(start, "explicit", False):
            self.begins = (
                text.index("\n", start.end_mark.index) + 1 if "\n" in text[start.end_mark.index :] else len(text)
            )
        self.root = self._spot(next(self._events), flow=False)

    def target(self, spot: Spot) -> Spot:
        """What an alias stands for; any other spot itself."""
        if spot.kind != "alias":
            return spot
        return next(each for each in reversed(self._anchors[spot.text]) if each.start < spot.start)

    def entries(self, spot: Spot) -> dict[str, Entry]:
        """The entries of a mapping as they count: of a repeated key the last, of merged ones those not given anew."""
        merged: dict[str, Entry] = {}
        own: dict[str, Entry] = {}
        for entry in self.target(spot).entries:
            if entry.key.text == "<<" and not entry.key.style:
                for each in reversed(self._merged(entry.value)):
                    merged.update(self.entries(each))
            elif not entry.key.text.startswith("."):
                own[entry.key.text] = entry
        return {**merged, **own}

    def items(self, spot: Spot | None) -> tuple[Spot, ...]:
        return self.target(spot).items if spot else ()

    def line(self, at: int) -> int:
        """The number of the line on which a character stands, from 1."""
        return self.text.count("\n", 0, at) + 1

    def _merged(self, spot: Spot) -> tuple[Spot, ...]:
        target = self.target(spot)
        return target.items if target.kind == "list" else (target,)

    def _spot(self, event: Any, *, flow: bool) -> Spot:
        start = event.start_mark.index
        if isinstance(event, yaml.AliasEvent):
            return Spot("alias", start, _end(event), str(event.anchor), flow=flow)
        if isinstance(event, yaml.ScalarEvent):
            end = start + len(self.text[start : _end(event)].rstrip())
            spot = Spot("scalar", start, end, event.value, event.style or "", flow, event.anchor or "")
        elif isinstance(event, yaml.SequenceStartEvent):
            spot = self._list(event, start, flow=flow or bool(event.flow_style))
        else:
            spot = self._map(event, start, flow=flow or bool(event.flow_style))
        if spot.anchor:
            self._anchors.setdefault(spot.anchor, []).append(spot)
        return spot

    def _list(self, event: Any, start: int, *, flow: bool) -> Spot:
        items: list[Spot] = []
        while not isinstance(following := next(self._events), yaml.SequenceEndEvent):
            items.append(self._spot(following, flow=flow))
        end = _end(following) if flow else items[-1].end
        return Spot("list", start, end, flow=flow, anchor=event.anchor or "", items=tuple(items))

    def _map(self, event: Any, start: int, *, flow: bool) -> Spot:
        entries: list[Entry] = []
        while not isinstance(following := next(self._events), yaml.MappingEndEvent):
            key = self._spot(following, flow=flow)
            entries.append(Entry(key, self._spot(next(self._events), flow=flow)))
        end = _end(following) if flow else max(entries[-1].value.end, entries[-1].key.end)
        return Spot("map", start, end, flow=flow, anchor=event.anchor or "", entries=tuple(entries))


def _end(event: Any) -> int:
    return int(event.end_mark.index)


def within(spot: Spot) -> Iterator[Spot]:
    """The spot and every spot below it, keys left out."""
    yield spot
    for child in (*spot.items, *(entry.value for entry in spot.entries)):
        yield from within(child)
