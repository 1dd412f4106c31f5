"""A part of a run: several jobs sweep a big desk side by side, each the issues that are its own."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable
from typing import Self

from msgspec import Struct

from starkeeper.model.desk import Desk
from starkeeper.model.resources import Resource, ResourceKey


class Part(Struct, frozen=True):
    """The `number`th of `of` parts, counted from 1. Each resource is in one of them, the same at every run."""

    number: int
    of: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises ValueError where it is not written like 2/5."""
        found = re.fullmatch(r"([0-9]{1,3})/([0-9]{1,3})", text.strip())
        number, of = (int(each) for each in found.groups()) if found else (0, 0)
        if not 1 <= number <= of:
            raise ValueError(f"'{text}' is no part; write the second of five parts like 2/5")
        return cls(number, of)

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"

    @property
    def is_first(self) -> bool:
        """Whether it is the one that does what cannot be parted."""
        return self.number == 1

    def share_of(self, most: int) -> int:
        """What it may do where all parts together may do about `most`: rounded up, or some could never do anything."""
        return -(-most // self.of)

    def keys(self, resources: Iterable[Resource], desk: Desk) -> frozenset[ResourceKey]:
        """Those of the resources that are in it. What is about the same, by the `same_by` of its tracker, is in one
        part: what is done to an original must come in the order of the rules."""
        return frozenset(
            each.key for each in resources if zlib.crc32(_apart(each, desk).encode()) % self.of + 1 == self.number
        )


WHOLE = Part(1, 1)
"""A run that is not parted."""


def _apart(resource: Resource, desk: Desk) -> str:
    tracker = desk.trackers.get(resource.tracker)
    same = resource.fields.get(tracker.same_by, "") if tracker and tracker.same_by else ""
    return f"{resource.tracker} {same}" if same else str(resource.key)
