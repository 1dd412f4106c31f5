"""A list to one page of it, with GitLab's headers for going on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar
from urllib.parse import urlencode

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
    size = min(max(integer(params, "per_page", 20) or 20, 1), 100)
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
