"""Rows to one page of them in GraphQL's own way: nodes, a count, and cursors to go on."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Any

from graphql import GraphQLError

LARGEST_PAGE = 100


def connection(rows: Sequence[Any], arguments: dict[str, Any], shape: Callable[[Any], Any]) -> dict[str, Any]:
    """One page of rows; a cursor is the number of the row after it, disguised as GitLab disguises its own."""
    start = _offset(arguments.get("after"))
    first = arguments.get("first")
    size = LARGEST_PAGE if first is None else min(max(first, 0), LARGEST_PAGE)
    shown = rows[start : start + size]
    end = start + len(shown)
    page = {
        "hasNextPage": end < len(rows),
        "hasPreviousPage": start > 0,
        "startCursor": _cursor(start) if shown else None,
        "endCursor": _cursor(end) if shown else None,
    }
    return {"count": len(rows), "nodes": [shape(each) for each in shown], "pageInfo": page}


def _cursor(number: int) -> str:
    return base64.urlsafe_b64encode(str(number).encode()).decode()


def _offset(cursor: str | None) -> int:
    try:
        return int(base64.urlsafe_b64decode(cursor)) if cursor else 0
    except (ValueError, binascii.Error):
        raise GraphQLError("Please provide a valid cursor") from None
