"""The parameters of a request, from its query and its JSON or form body, and checked readings of them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from starkeeper.sandbox.answers import bad_parameter

Values = dict[str, Any]


def read_params(query: str, body: bytes, content_type: str) -> Values:
    """Query and body in one mapping: `iids[]=1&iids[]=2` is a list, `not[labels]=x` a mapping under `not`."""
    params = _nested(parse_qsl(query, keep_blank_values=True))
    if body and "json" in content_type:
        try:
            sent = msgspec.json.decode(body)
        except msgspec.DecodeError:
            raise bad_parameter("Problems parsing JSON") from None
        params |= sent if isinstance(sent, dict) else {}
    elif body:
        params |= _nested(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
    return params


def _nested(pairs: Sequence[tuple[str, str]]) -> Values:
    params: Values = {}
    for name, value in pairs:
        found = re.fullmatch(r"(\w+)\[(\w*)\](\[\])?", name)
        if found is None:
            params[name] = value
        elif not found[2]:
            params.setdefault(found[1], []).append(value)
        elif found[3]:
            params.setdefault(found[1], {}).setdefault(found[2], []).append(value)
        else:
            params.setdefault(found[1], {})[found[2]] = value
    return params


def integer(params: Values, name: str, default: int | None = None) -> int | None:
    value = params.get(name)
    if value is None or value == "":
        return default
    try:
        return int(value)
    except (TypeError, ValueError):
        raise bad_parameter(f"{name} is invalid") from None


def boolean(params: Values, name: str) -> bool | None:
    value = params.get(name)
    if value is None or value == "":
        return None
    if str(value).lower() in ("true", "t", "yes", "y", "on", "1"):
        return True
    if str(value).lower() in ("false", "f", "no", "n", "off", "0"):
        return False
    raise bad_parameter(f"{name} is invalid")


def one_of(params: Values, name: str, allowed: Sequence[str], default: str) -> str:
    value = params.get(name)
    if value is None or value == "":
        return default
    if value not in allowed:
        raise bad_parameter(f"{name} does not have a valid value")
    return str(value)


def words(value: Any) -> list[str]:
    """A list of names from an array, or from one string with commas."""
    if value is None:
        return []
    parts = value if isinstance(value, list) else str(value).split(",")
    return [str(each).strip() for each in parts if str(each).strip()]


def numbers(params: Values, name: str) -> list[int]:
    try:
        return [int(each) for each in words(params.get(name)) if each != "0"]
    except ValueError:
        raise bad_parameter(f"{name} is invalid") from None


def moment(params: Values, name: str) -> dt.datetime | None:
    """A time with or without its zone (then UTC), or a day."""
    value = params.get(name)
    if value is None or value == "":
        return None
    try:
        found = dt.datetime.fromisoformat(str(value).strip().replace(" ", "T", 1))
    except ValueError:
        raise bad_parameter(f"{name} is invalid") from None
    return found if found.tzinfo else found.replace(tzinfo=dt.UTC)


def date(params: Values, name: str) -> dt.date | None:
    value = params.get(name)
    try:
        return dt.date.fromisoformat(str(value)) if value else None
    except ValueError:
        raise bad_parameter(f"{name} is invalid") from None
