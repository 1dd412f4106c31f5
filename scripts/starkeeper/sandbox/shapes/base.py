"""The smallest pieces of every answer: JSON to bytes, times and days as GitLab writes them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec

Json = dict[str, Any]
encode = msgspec.json.Encoder().encode


def stamp(at: dt.datetime | None) -> str | None:
    """A time as GitLab writes it: UTC, milliseconds, a Z."""
    if at is None:
        return None
    return at.astimezone(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def day(date: dt.date | None) -> str | None:
    return None if date is None else date.isoformat()
