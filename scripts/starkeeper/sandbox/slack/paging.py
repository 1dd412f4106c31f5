"""Slack's pages: so many rows and a cursor for the next ones, which is empty on the last page."""

from __future__ import annotations

import base64
import binascii
from typing import TypeVar

from starkeeper.sandbox.slack.api import SlackCall, SlackError

RowT = TypeVar("RowT")
MOST = 1000


def one_page(call: SlackCall, rows: list[RowT], usual: int = 100) -> tuple[list[RowT], str]:
    """The rows that are asked for, and the cursor of the next ones."""
    start, limit = _start(call.text("cursor")), _limit(call.text("limit"), usual)
    end = start + limit
    return rows[start:end], base64.b64encode(f"next:{end}".encode()).decode() if end < len(rows) else ""


def _limit(text: str, usual: int) -> int:
    if not text or text == "0":
        return usual
    if not text.isdigit():
        raise SlackError("invalid_limit")
    return min(int(text), MOST)


def _start(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        return int(base64.b64decode(cursor, validate=True).decode().removeprefix("next:"))
    except (ValueError, binascii.Error):
        raise SlackError("invalid_cursor") from None
