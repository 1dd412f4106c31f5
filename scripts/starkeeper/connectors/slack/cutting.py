"""A long text to pieces of no more than so many signs: cut between lines, else between words, and never so that what
stands in a fence (```) or a link comes out of it."""

from __future__ import annotations

import re

_FENCE = "```"
_OPENS, _CLOSES = f"{_FENCE}\n", f"\n{_FENCE}"
_HALF_AN_ENTITY = re.compile(r"&[a-z]{0,4}$")


def pieces_of(text: str, most: int) -> list[str]:
    """All of a text; of a longer one every piece closes the fences that it opens."""
    pieces, rest = [], text.strip("\n")
    if len(rest) > most and _leaves_open(rest):
        rest += _CLOSES
    while rest.strip():
        piece, rest = cut(rest, most)
        pieces.append(piece)
    return pieces


def cut(text: str, most: int) -> tuple[str, str]:
    """A text of at most so many signs and what follows it, without the blank or line break between. A fence that goes
    on is closed in the one and opened again in the other."""
    if len(text) <= most:
        return text, ""
    at = _place_to_cut(text, most - len(_CLOSES))
    first, rest = text[:at], text[at:].lstrip("\n" if text[at] == "\n" else " ")
    if not _leaves_open(first):
        return first, rest
    if rest.startswith(_FENCE):
        return first + _CLOSES, rest.removeprefix(_FENCE).lstrip("\n")
    return first + _CLOSES, _OPENS + rest


def _leaves_open(text: str) -> bool:
    return text.count(_FENCE) % 2 == 1


def _place_to_cut(text: str, most: int) -> int:
    # What opens a fence again is no piece by itself: nothing would ever be left over.
    least = len(_OPENS) + 1 if text.startswith(_OPENS) else 1
    at = text.rfind("\n", least, most + 1)
    if at >= 0:
        return at
    return _outside_of_signs(text, max(text.rfind(" ", least, most + 1), 0) or most, least)


def _outside_of_signs(text: str, at: int, least: int) -> int:
    """The place itself, or the beginning of the link, mention, escaped sign or fence that it would cut through."""
    opens = text.rfind("<", least, at)
    if opens > text.rfind(">", 0, at):
        return opens
    if text[at - 1] == text[at] == "`":
        ticks = len(text[:at].rstrip("`"))
        return ticks if ticks >= least else ticks + (at - ticks) // len(_FENCE) * len(_FENCE)
    half = _HALF_AN_ENTITY.search(text, max(at - 5, least), at)
    return half.start() if half else at
