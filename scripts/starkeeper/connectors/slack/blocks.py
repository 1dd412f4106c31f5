"""A text in Slack's markup to what Slack takes of it at once: parts, each of sections of no more than so many signs."""

from __future__ import annotations

import re
from typing import Any

# https://docs.slack.dev/reference/block-kit/blocks/section-block
_SECTION = 2_900
# All blocks together; Slack refuses messages of some 13,000, and documents no limit.
_MESSAGE = 10_000
# What notifications and searches see: https://docs.slack.dev/reference/methods/chat.postMessage
_FALLBACK = 4_000
_NOTE = 1_900
_HALF_AN_ENTITY = re.compile(r"&[a-z]{0,4}$")


def split_text(text: str) -> tuple[str, ...]:
    """The messages that a text makes, at least one: cut between lines, else between words."""
    return tuple(_pieces(text, _MESSAGE)) or ("",)


def first_part(text: str) -> str:
    """As much of a text as goes into one message, which says where something is missing."""
    first, *rest = split_text(text)
    return f"{first}\n…" if rest else first


def blocks_of(text: str, note: str = "") -> list[dict[str, Any]]:
    """The blocks of one part, with the note as a small line beneath."""
    blocks: list[dict[str, Any]] = [{"type": "section", "text": _mrkdwn(each)} for each in _pieces(text, _SECTION)]
    if note:
        blocks.append({"type": "context", "elements": [_mrkdwn(_cut(note, _NOTE)[0])]})
    return blocks


def fallback_of(text: str) -> str:
    """The text for places that show no blocks."""
    first, rest = _cut(text, _FALLBACK)
    return f"{first}\n…" if rest else first


def _mrkdwn(text: str) -> dict[str, Any]:
    # Verbatim, or Slack would find channels and people to tell in what stands in a title.
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def _pieces(text: str, most: int) -> list[str]:
    pieces, rest = [], text.strip("\n")
    while rest.strip():
        piece, rest = _cut(rest, most)
        pieces.append(piece)
    return pieces


def _cut(text: str, most: int) -> tuple[str, str]:
    """A text of at most so many signs and what follows it, without the blank or line break between."""
    if len(text) <= most:
        return text, ""
    at = text.rfind("\n", 1, most + 1)
    if at < 0:
        at = _outside_of_links(text, max(text.rfind(" ", 1, most + 1), 0) or most)
    return text[:at], text[at:].lstrip("\n" if text[at] == "\n" else " ")


def _outside_of_links(text: str, at: int) -> int:
    """The place itself, or the beginning of the link, mention or escaped sign that it would cut through."""
    opens = text.rfind("<", 1, at)
    if opens > text.rfind(">", 0, at):
        return opens
    half = _HALF_AN_ENTITY.search(text, max(at - 5, 1), at)
    return half.start() if half else at
