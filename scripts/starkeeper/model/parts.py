"""A part of a run: several jobs sweep a big desk side by side, each the issues that are its own."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable
from typing import Self

from msgspec import Struct

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

    @property
    def is_first(self) -> bool:
        """Whether it is the one that does what cannot be parted."""
        return self.number == 1

    def keys(self, resources: Iterable[Resource]) -> frozenset[ResourceKey]:
        """Those of the resources that are in it."""
        return frozenset(
            each.key for each in resources if zlib.crc32(str(each.key).encode()) % self.of + 1 == self.number
        )
