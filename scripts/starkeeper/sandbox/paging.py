"""A list to one page of it, with GitLab's headers for going on: by the number of the page, or by a cursor."""

from __future__ import annotations

import base64
import binascii
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode

import msgspec

from starkeeper.sandbox.answers import bad_parameter
from starkeeper.sandbox.params import Values, integer

MOST_COUNTED = 10_000
MOST_OFFSET = 50_000
T = TypeVar("T")


def one_page(
    rows: Sequence[T], params: Values, url: str, total: int | None = None
) -> tuple[Sequence[T], dict[str, str]]:
    """The rows of the page that was asked for, and the headers; above 10,000 rows GitLab counts no further.

    `url` is the address of the list without a query. `total` is what the headers claim instead of the rows' number.
    """
    page = max(integer(params, "page", 1) or 1, 1)
    size = _size(params)
    if (page - 1) * size > MOST_OFFSET:
        raise bad_parameter(f"Offset pagination has a maximum allowed offset of {MOST_OFFSET}")
    count = len(rows) if total is None else total
    last = max((count + size - 1) // size, 1)
    headers = {
        "X-Next-Page": str(page + 1) if page < last else "",
        "X-Page": str(page),
        "X-Per-Page": str(size),
        "X-Prev-Page": str(page - 1) if 1 < page <= last + 1 else "",
    }
    if count <= MOST_COUNTED:
        headers |= {"X-Total": str(count), "X-Total-Pages": str(last if count else 1)}
    headers["Link"] = _links(params, url, page, size, last, counted=count <= MOST_COUNTED)
    return rows[(page - 1) * size : page * size], headers


def _size(params: Values) -> int:
    return min(max(integer(params, "per_page", 20) or 20, 1), 100)


def after_cursor(
    rows: Sequence[T], order: Callable[[T], tuple[Any, ...]], params: Values, url: str
) -> tuple[Sequence[T], dict[str, str]]:
    """The rows after the cursor in a list that is sorted by `order`, and the header; nothing is counted.

    A cursor holds what its page's last row is sorted by, so that rows which come or go in between shift nothing.
    """
    size, start = _size(params), 0
    descending = params.get("sort", "desc") == "desc"
    if params.get("cursor"):
        last = _read_cursor(str(params["cursor"]), order(rows[0]) if rows else ())
        before = bisect_left(rows[::-1], last, key=order) if descending else bisect_right(rows, last, key=order)
        start = len(rows) - before if descending else before
    shown = rows[start : start + size]
    if start + size >= len(rows):
        return shown, {}
    kept = {key: value for key, value in params.items() if key not in ("page", "private_token")}
    following = kept | {"cursor": _cursor(order(shown[-1])), "per_page": size}
    return shown, {"Link": f'<{url}?{urlencode(_flat(following))}>; rel="next"'}


def _cursor(last: tuple[Any, ...]) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(last)).decode()


def _read_cursor(cursor: str, like: tuple[Any, ...]) -> tuple[Any, ...]:
    """The values of a cursor, each of the type that the list is sorted by."""
    try:
        values = msgspec.json.decode(base64.urlsafe_b64decode(cursor), type=list[Any])
        return tuple(msgspec.convert(value, type(each)) for value, each in zip(values, like, strict=bool(like)))
    except (ValueError, binascii.Error, msgspec.MsgspecError):
        raise bad_parameter("cursor is invalid") from None


def _links(params: Values, url: str, page: int, size: int, last: int, *, counted: bool) -> str:
    kept = {key: value for key, value in params.items() if key not in ("page", "per_page", "private_token")}
    wanted = {"prev": page - 1 if 1 < page <= last + 1 else 0, "next": page + 1 if page < last else 0, "first": 1}
    if counted:
        wanted["last"] = last
    links = [
        f'<{url}?{urlencode(_flat(kept | {"page": number, "per_page": size}))}>; rel="{name}"'
        for name, number in wanted.items()
        if number
    ]
    return ", ".join(links)


def _flat(params: Values) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for name, value in sorted(params.items()):
        if isinstance(value, list):
            pairs += [(f"{name}[]", str(each)) for each in value]
        elif isinstance(value, dict):
            pairs += [(f"{name}[{key}]{end}", each) for key, end, each in _inner(value)]
        else:
            pairs.append((name, str(value)))
    return pairs


def _inner(value: Values) -> list[tuple[str, str, str]]:
    rows: list[tuple[str, str, str]] = []
    for key, each in value.items():
        rows += [(key, "[]", str(one)) for one in each] if isinstance(each, list) else [(key, "", str(each))]
    return rows
