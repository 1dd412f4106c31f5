"""Takes a rule's name and an occurrence; gives the hidden line by which Starkeeper knows its own words again."""

from __future__ import annotations

import hashlib
import re

from msgspec import Struct

_LINE = re.compile(r'<!-- starkeeper v1 key=([0-9a-f]{16}) n=([0-9]{1,9}) rule="([a-z0-9]+(?:-[a-z0-9]+)*)" -->')
_CONTENT = re.compile(r"^<!-- starkeeper content=([0-9a-f]{16}) -->\r?$", re.MULTILINE)


class Marker(Struct, frozen=True):
    """What the last line of a note or description says of itself. It proves nothing unless its author is the bot."""

    key: str
    occurrence: int
    rule: str


def make_marker(rule_name: str, occurrence: int, about: str = "") -> tuple[str, str]:
    """The key of what a rule says for the nth time, and the line that carries it.

    `about` tells apart what stands in one place and is about several things.
    """
    what = f"{rule_name}\0{occurrence}\0{about}" if about else f"{rule_name}\0{occurrence}"
    key = hashlib.sha256(what.encode()).hexdigest()[:16]
    return key, marker_line(rule_name, key, occurrence)


def marker_line(rule_name: str, key: str, occurrence: int = 1) -> str:
    """The line that carries a key."""
    return f'<!-- starkeeper v1 key={key} n={occurrence} rule="{_slug(rule_name)}" -->'


def marker_of_key(key: str) -> str:
    """The start of the marker line that carries the key: what to look for in notes after an answer was lost."""
    return f"<!-- starkeeper v1 key={key} "


def find_marker(body: str) -> Marker | None:
    """The marker of a note or description: only its last line with anything on it, so that a quoted one counts not."""
    last = body.rstrip().rpartition("\n")[2].strip("\r")
    found = _LINE.fullmatch(last)
    return Marker(found[1], int(found[2]), found[3]) if found else None


def is_of_rule(marker: Marker, rule_name: str) -> bool:
    """Whether it names that rule, as far as its short form tells rules apart."""
    return marker.rule == _slug(rule_name)


def content_line(content: str) -> str:
    """A hidden line by which it is seen later whether the content is still the same, whatever people ticked in it."""
    return f"<!-- starkeeper content={hashlib.sha256(content.encode()).hexdigest()[:16]} -->"


def find_content(body: str) -> str:
    """The last such line of a text, "" where there is none."""
    found = _CONTENT.findall(body)
    return f"<!-- starkeeper content={found[-1]} -->" if found else ""


def _slug(name: str) -> str:
    """Small letters and digits with single hyphens, so that nothing in it can end an HTML comment."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower())[:60].strip("-") or "rule"
