"""A text in Slack's markup to what Slack takes of it at once: parts, each of sections of no more than so many signs."""

from __future__ import annotations

from typing import Any

from starkeeper.connectors.slack.cutting import cut, pieces_of

# https://docs.slack.dev/reference/block-kit/blocks/section-block
_SECTION = 2_900
# All blocks together; Slack refuses messages of some 13,000, and documents no limit.
_MESSAGE = 10_000
# What notifications and searches see: https://docs.slack.dev/reference/methods/chat.postMessage
_FALLBACK = 4_000
_NOTE = 1_900


def split_text(text: str) -> tuple[str, ...]:
    """The messages that a text makes, at least one."""
    return tuple(pieces_of(text, _MESSAGE)) or ("",)


def first_part(text: str) -> str:
    """As much of a text as goes into one message, which says where something is missing."""
    first, *rest = split_text(text)
    return f"{first}\n… (cut)" if rest else first


def blocks_of(text: str, note: str = "") -> list[dict[str, Any]]:
    """The blocks of one part, with the note as a small line beneath."""
    blocks: list[dict[str, Any]] = [{"type": "section", "text": _mrkdwn(each)} for each in pieces_of(text, _SECTION)]
    if note:
        blocks.append({"type": "context", "elements": [_mrkdwn(cut(note, _NOTE)[0])]})
    return blocks


def fallback_of(text: str) -> str:
    """The text for places that show no blocks."""
    first, rest = cut(text, _FALLBACK)
    return f"{first}\n…" if rest else first


def _mrkdwn(text: str) -> dict[str, Any]:
    # Verbatim, or Slack would find channels and people to tell in what stands in a title.
    return {"type": "mrkdwn", "text": text, "verbatim": True}
