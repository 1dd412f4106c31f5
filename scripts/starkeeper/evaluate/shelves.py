"""The resources of a run as the rules so far would leave them, found by what rules ask for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from starkeeper.model.resources import Resource, ResourceKey, ResourceType
from starkeeper.model.rules import Rule
from starkeeper.model.values import LabelPattern

Place = tuple[str, ResourceType]
"""A tracker and a type: what one rule looks at, on one of its trackers."""
Pair = tuple[str, str]
_NO_LABELS = (("None",), ("Any",))


class Asked(Struct, frozen=True):
    """Pairs that must be true of a resource, and labels of which it may carry none."""

    pairs: frozenset[Pair]
    barred: tuple[LabelPattern, ...]


class Shelf:
    """The resources of one tracker and type. One that was moved or deleted is gone; positions stay."""

    def __init__(self, resources: Iterable[Resource]) -> None:
        self._resources: list[Resource | None] = list(resources)
        self.changed: dict[int, None] = {}
        self._by_pair: dict[Pair, set[int]] = {}
        self._positions: dict[ResourceKey, int] = {}
        self._known_pairs: dict[str, tuple[int, tuple[Pair, ...]]] = {}
        for position, resource in enumerate(self._resources):
            for pair in _pairs(resource):
                self._by_pair.setdefault(pair, set()).add(position)

    def candidates(self, asked: Asked, among: set[int] | None) -> Iterator[tuple[int, Resource]]:
        """Those of which all that is asked is true and nothing that is barred, in the order of the list.

        `among` are positions that are known to be the only ones in question as long as a resource is as it was read.
        """
        sets = [self._by_pair.get(pair, set()) for pair in asked.pairs]
        if among is not None:
            sets.append(among | self.changed.keys())
        sets.sort(key=len)
        positions = sets[0].intersection(*sets[1:]) if sets else set(range(len(self._resources)))
        for pattern in asked.barred:
            positions = positions.difference(*(self._by_pair[pair] for pair in self._pairs_of(pattern)))
        for position in sorted(positions):
            resource = self._resources[position]
            if resource is not None:
                yield position, resource

    def _pairs_of(self, pattern: LabelPattern) -> tuple[Pair, ...]:
        """Those of the pairs here that a pattern stands for; asked anew once a label was there for the first time."""
        known, pairs = self._known_pairs.get(pattern.source, (0, ()))
        if known != len(self._by_pair):
            names = (pair for pair in self._by_pair if pair[0] == "labels" and pair[1:] not in _NO_LABELS)
            pairs = tuple(pair for pair in names if pattern.matches(pair[1:]))
            self._known_pairs[pattern.source] = (len(self._by_pair), pairs)
        return pairs

    def at(self, position: int) -> Resource | None:
        """The resource at a position as it is by now; None where it is gone."""
        return self._resources[position]

    def find(self, key: ResourceKey) -> tuple[int, Resource] | None:
        """Where the resource of that key is, as it is by now; None where it is not here any more."""
        if not self._positions:
            self._positions = {each.key: place for place, each in enumerate(self._resources) if each is not None}
        position = self._positions.get(key, -1)
        resource = self._resources[position] if position >= 0 else None
        return (position, resource) if resource is not None else None

    def put(self, position: int, resource: Resource | None) -> None:
        """What became of the resource at a position; None where it is gone."""
        before = _pairs(self._resources[position])
        after = _pairs(resource)
        for pair in before - after:
            self._by_pair[pair].discard(position)
        for pair in after - before:
            self._by_pair.setdefault(pair, set()).add(position)
        self._resources[position] = resource
        self.changed[position] = None


def asked_by(rule: Rule) -> Asked:
    """What a rule asks of state and labels by name: on every other resource it does not hold."""
    pairs = {pair for clause in rule.conditions for pair in clause.condition.asks() if pair[0] in ("state", "labels")}
    return Asked(frozenset(pairs), tuple(each for clause in rule.conditions for each in clause.condition.bars()))


def _pairs(resource: Resource | None) -> set[Pair]:
    if resource is None:
        return set()
    labels = {("labels", label) for label in resource.labels}
    return labels | {("state", resource.state), ("labels", "Any" if labels else "None")}
