"""Takes the five fields of a cron line; gives what is wrong with it, and how often it runs where that is plain."""

from __future__ import annotations

import datetime as dt
import re

from msgspec import Struct

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")


class _Field(Struct, frozen=True):
    """What one of the five may hold: numbers from `low` to `high`, and names that count from `low`."""

    name: str
    low: int
    high: int
    names: tuple[str, ...] = ()


_FIELDS = (
    _Field("minute", 0, 59),
    _Field("hour", 0, 23),
    _Field("day of the month", 1, 31),
    _Field("month", 1, 12, _MONTHS),
    _Field("day of the week", 0, 7, _DAYS),
)


def cron_mistake(text: str) -> str:
    """What is wrong, "" where nothing is: lists, ranges and steps of numbers or names of months and days are right."""
    parts = text.split()
    if len(parts) != len(_FIELDS):
        return f"it has {len(parts)} fields, expected five: minute, hour, day, month, day of the week"
    for field, part in zip(_FIELDS, parts, strict=True):
        for each in part.split(","):
            if not _is_right(field, each):
                return f"'{each}' is no {field.name}"
    return ""


def every(text: str) -> dt.timedelta | None:
    """How often a line such as `*/10 * * * *` or `0 * * * *` runs; None where it is not always the same."""
    minute, *others = text.split()
    if any(each != "*" for each in others):
        return None
    if minute == "*":
        return dt.timedelta(minutes=1)
    found = re.fullmatch(r"\*/([0-9]{1,2})", minute)
    if found and int(found[1]) and 60 % int(found[1]) == 0:
        return dt.timedelta(minutes=int(found[1]))
    return dt.timedelta(hours=1) if minute.isdigit() else None


def _is_right(field: _Field, text: str) -> bool:
    span, stepped, step = text.partition("/")
    if stepped and not (step.isdigit() and 0 < int(step) <= field.high):
        return False
    if span == "*":
        return True
    first, ranged, last = span.partition("-")
    ends = [_number(field, each) for each in ((first, last) if ranged else (first,))]
    if any(each is None or not field.low <= each <= field.high for each in ends):
        return False
    return not stepped or bool(ranged)


def _number(field: _Field, text: str) -> int | None:
    if text.lower() in field.names:
        return field.low + field.names.index(text.lower())
    return int(text) if text.isascii() and text.isdigit() else None
