"""What a page was asked for: its address, whose eyes look at it, and the addresses that lead on from it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self
from urllib.parse import parse_qs, quote, unquote, urlencode

from msgspec import Struct

from starkeeper.sandbox.api import Sent

# Whoever plays, and the channel beside the tracker, stay the same from page to page.
KEPT = ("as", "channel")


class Asked(Struct, frozen=True):
    """`path` is decoded and without slashes at its ends; of a name that is asked twice the last value counts."""

    path: str
    query: Mapping[str, str]

    @classmethod
    def of(cls, sent: Sent) -> Self:
        query = {key: values[-1] for key, values in parse_qs(sent.query).items()}
        return cls(unquote(sent.path).strip("/"), query)

    def to(self, path: str, **changes: str) -> str:
        """The address of another page for the same person."""
        kept = {key: self.query[key] for key in KEPT if key in self.query}
        return _address(path, kept | changes)

    def here(self, **changes: str) -> str:
        """This page's address with other values."""
        return _address(f"/{self.path}", {**self.query, **changes})


def _address(path: str, query: Mapping[str, str]) -> str:
    return quote(path) + (f"?{urlencode(query)}" if query else "")
