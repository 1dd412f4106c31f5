"""Takes the digests of rules that were undone somewhere; gives the hidden lines that keep them off, and reads them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from starkeeper.render.markers import find_marker

UNDONE_LABEL = "starkeeper:undone"
_LINE = re.compile(r"<!-- starkeeper undone rule=([0-9a-f]{16}) -->")


def undone_lines(digests: Iterable[str]) -> str:
    """One line for each rule, to stand right above the marker of a note."""
    return "\n".join(f"<!-- starkeeper undone rule={digest} -->" for digest in sorted(set(digests)))


def undone_in(body: str) -> frozenset[str]:
    """The digests that a note names: only right above its marker, so that quoted lines count not."""
    if find_marker(body) is None:
        return frozenset()
    found: set[str] = set()
    for line in reversed(body.rstrip().splitlines()[:-1]):
        match = _LINE.fullmatch(line.strip())
        if match is None:
            break
        found.add(match[1])
    return frozenset(found)
