"""Takes a rule's name and an occurrence; gives the hidden line by which Starkeeper knows its own notes again."""

from __future__ import annotations

import hashlib
import re

from msgspec import Struct

_LINE = re.compile(r'<!-- starkeeper v1 key=([0-9a-f]{16}) n=([0-9]{1,9}) rule="([a-z0-9]+(?:-[a-z0-9]+)*)" -->')


class Marker(Struct, frozen=True):
    """What a note's last line says of itself. It proves nothing unless the note's author is the bot."""

    key: str
    occurrence: int
    rule: str


def make_marker(rule_name: str, occurrence: int) -> tuple[str, str]:
    """The key of a rule's nth note on an issue, and the line that carries it."""
    key = hashlib.sha256(f"{rule_name}\0{occurrence}".encode()).hexdigest()[:16]
    return key, f'<!-- starkeeper v1 key={key} n={occurrence} rule="{_slug(rule_name)}" -->'


def marker_of_key(key: str) -> str:
    """The start of the marker line that carries the key: what to look for in notes after an answer was lost."""
    return f"<!-- starkeeper v1 key={key} "


def find_marker(note_body: str) -> Marker | None:
    """The marker of a note, recognised only as its last line with anything on it; so a quoted one does not count."""
    last = note_body.rstrip().rpartition("\n")[2].strip("\r")
    found = _LINE.fullmatch(last)
    return Marker(found[1], int(found[2]), found[3]) if found else None


def _slug(name: str) -> str:
    """Small letters and digits with single hyphens, so that nothing in it can end an HTML comment."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower())[:60].strip("-") or "rule"
