"""Takes a scalar and one type; gives the value, or says why the scalar is none of that type."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from functools import cache
from typing import Any, Literal, get_args, get_origin

from msgspec import Meta

from starkeeper.errors import nearest
from starkeeper.model.values import Pattern, Text
from starkeeper.policies.nodes import ScalarNode, found
from starkeeper.policies.shapes import POSITIONED, bare_type, in_words, is_parsed, limits_in_words

# What gitlab-triage's YAML takes for truth values too; here they are text wherever else they stand.
_YAML_11 = {"yes": True, "on": True, "no": False, "off": False}


class Unfit(Exception):
    """The scalar is no value of the type: what was found and expected, and what to do."""

    def __init__(self, message: str, remedy: str = "") -> None:
        self.message = message
        self.remedy = remedy
        super().__init__(message)


@cache
def takes_scalar(kind: Any) -> bool:
    """Whether a scalar can be a value of this type at all."""
    inner, _ = bare_type(kind)
    is_pattern = inner is re.Pattern or get_origin(inner) is re.Pattern
    return inner in _READERS or inner in POSITIONED or get_origin(inner) is Literal or is_parsed(inner) or is_pattern


@cache
def rank(kind: Any) -> int:
    """In which order the alternatives of a union are tried: text last, for any scalar is text."""
    inner, _ = bare_type(kind)
    if inner is str or inner in POSITIONED or inner is Any:
        return 3
    if is_parsed(inner):
        return 2
    return 1 if get_origin(inner) is Literal else 0


def read_scalar(node: ScalarNode, kind: Any) -> Any:
    """The value; raises Unfit."""
    inner, meta = bare_type(kind)
    value = _read(node, inner)
    if meta is not None:
        _check_limits(value, meta)
    return value


def _read(node: ScalarNode, inner: Any) -> Any:
    if inner in _READERS:
        return _READERS[inner](node)
    if get_origin(inner) is Literal:
        return _literal(node, inner)
    text = _text(node, inner)
    if inner in POSITIONED:
        return inner(node.words if issubclass(inner, Text) else text, node.content)
    parse = inner.parse if is_parsed(inner) else lambda text: Pattern.parse(text).compiled
    try:
        return parse(text)
    except ValueError as error:
        message, _, remedy = str(error).partition("; ")
        raise Unfit(message, remedy) from None


def _text(node: ScalarNode, kind: Any = str) -> str:
    """A number or a `true` where text is wanted counts as it is written: a label can be called 2024."""
    if node.value is None:
        raise Unfit(f"found nothing, expected {in_words(kind)}", "write a value, or leave the key out")
    return node.text


def _whole(node: ScalarNode) -> int:
    if isinstance(node.value, int) and not isinstance(node.value, bool):
        return node.value
    quoted = isinstance(node.value, str) and node.value.isdecimal()
    raise Unfit(f"found {found(node)}, expected a whole number", "take the quotes away" if quoted else "")


def _number(node: ScalarNode) -> float:
    if isinstance(node.value, (int, float)) and not isinstance(node.value, bool):
        return float(node.value)
    raise Unfit(f"found {found(node)}, expected a number")


def _truth(node: ScalarNode) -> bool:
    if isinstance(node.value, bool):
        return node.value
    word = node.text.lower()
    if word in _YAML_11 and node.raw.endswith(node.text):
        return _YAML_11[word]
    meant = {**_YAML_11, "y": True, "n": False, "true": True, "false": False}.get(word)
    raise Unfit(f"found {found(node)}, expected true or false", _unquoted(meant))


def _unquoted(meant: bool | None) -> str:
    return "" if meant is None else f"write {str(meant).lower()} without quotes"


def _nothing(node: ScalarNode) -> None:
    if node.value is not None:
        raise Unfit(f"found {found(node)}, expected nothing")


def _date(node: ScalarNode) -> dt.date:
    if re.fullmatch(r"\d{4}-\d\d-\d\d", node.text, re.ASCII):
        try:
            return dt.date.fromisoformat(node.text)
        except ValueError:
            raise Unfit(f"there is no day {node.text}", "check the month and the day") from None
    raise Unfit(f"found {found(node)}, expected a date", "write it as year, month and day: 2026-12-24")


def _time(node: ScalarNode) -> dt.time:
    parts = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)|(24:00)", node.text, re.ASCII)
    if not parts:
        raise Unfit(f"found {found(node)}, expected a time", 'write hours and minutes: "08:30"')
    return dt.time(0, 0) if parts[3] else dt.time(int(parts[1]), int(parts[2]))


def _literal(node: ScalarNode, kind: Any) -> Any:
    for allowed in get_args(kind):
        if node.value == allowed and type(node.value) is type(allowed):
            return allowed
        if isinstance(allowed, str) and node.value is not None and node.text == allowed:
            return allowed
    if node.value is None or not isinstance(node.value, (str, int, float)):
        raise Unfit(f"found {found(node)}, expected {in_words(kind)}")
    names = [str(each) for each in get_args(kind)]
    raise Unfit(f"{found(node).removeprefix('the text ')} is not known here", nearest(node.text, names))


def _check_limits(value: Any, meta: Meta) -> None:
    checks = (
        meta.ge is None or value >= meta.ge,
        meta.gt is None or value > meta.gt,
        meta.le is None or value <= meta.le,
        meta.lt is None or value < meta.lt,
        meta.multiple_of is None or value % meta.multiple_of == 0,
        meta.min_length is None or len(value) >= meta.min_length,
        meta.max_length is None or len(value) <= meta.max_length,
    )
    if not all(checks):
        raise Unfit(f"found {value}, expected {limits_in_words(meta)}")
    if meta.pattern is not None and not re.search(meta.pattern, value):
        raise Unfit(f"'{value}' is not of the form that is wanted here", f"it must match {meta.pattern}")


_READERS: dict[Any, Callable[[ScalarNode], Any]] = {
    str: _text,
    int: _whole,
    float: _number,
    bool: _truth,
    type(None): _nothing,
    dt.date: _date,
    dt.time: _time,
    Any: lambda node: node.value,
}
