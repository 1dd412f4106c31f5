"""Takes a type as a kind declares it; gives its parts and its name in words, for binding, schema and reference."""

from __future__ import annotations

import datetime as dt
import re
import types
from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import FieldInfo

from starkeeper.errors import Where
from starkeeper.model.rules import Act, Clause
from starkeeper.model.values import Expression, GatheredText, LabelPattern, TemplateName, Text
from starkeeper.policies.grammar import Word
from starkeeper.policies.nodes import ListNode, MapNode

POSITIONED = (Text, GatheredText, TemplateName, Expression, Word)
"""Values that are made from a text and the place where it begins."""

ALONE = (Text, LabelPattern)
"""Of these one may stand without its list, where nothing else could be meant."""

_WORDS: dict[Any, str] = {
    str: "text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    type(None): "nothing",
    dt.date: "a date such as 2026-12-24",
    dt.time: "a time such as 08:30",
    re.Pattern: "a regular expression",
    Text: "text",
    GatheredText: "text",
    Word: "text",
    TemplateName: "the name of a template",
    Expression: "an expression",
    ListNode: "a list",
    MapNode: "a mapping",
    Any: "anything",
}

_LISTS: dict[Any, str] = {
    Clause: "a mapping of conditions",
    Act: "a mapping of actions",
    LabelPattern: "a list of labels",
    **dict.fromkeys((str, Text, Word), "a list of texts"),
}


@cache
def fields_of(cls: type[Struct]) -> Mapping[str, FieldInfo]:
    """The fields that YAML can give, by the name it uses; what begins with `_`, and places, are not its business."""
    return {each.encode_name: each for each in _every_field(cls) if each.name[0] != "_" and each.type is not Where}


@cache
def place_field(cls: type[Struct]) -> str:
    """The name of the field that takes the place of the value itself, or ""."""
    return next((each.name for each in _every_field(cls) if each.type is Where), "")


@cache
def _every_field(cls: type[Struct]) -> tuple[FieldInfo, ...]:
    """Its annotations are read once: they are texts, each of which Python has to evaluate."""
    return msgspec.structs.fields(cls)


@cache
def is_bare(cls: Any) -> bool:
    """Whether the record is written as the value of its only field, `value`."""
    return is_record(cls) and tuple(fields_of(cls)) == ("value",)


@cache
def is_record(kind: Any) -> bool:
    """Whether it is written as a mapping (unless it is bare)."""
    return isinstance(kind, type) and issubclass(kind, Struct) and not is_parsed(kind) and kind not in POSITIONED


@cache
def is_parsed(kind: Any) -> bool:
    """Whether it is made from text by its own `parse`."""
    return isinstance(kind, type) and issubclass(kind, Struct) and hasattr(kind, "parse")


@cache
def members(kind: Any) -> tuple[Any, ...]:
    """The alternatives of a union, in the order in which they are written; of anything else the type itself."""
    if get_origin(kind) in (Union, types.UnionType):
        return tuple(inner for each in get_args(kind) for inner in members(each))
    return (kind,)


@cache
def bare_type(kind: Any) -> tuple[Any, Meta | None]:
    """The type without its `Annotated`, and the limits that it carries."""
    if get_origin(kind) is Annotated:
        inner, *extra = get_args(kind)
        return inner, next((each for each in extra if isinstance(each, Meta)), None)
    return kind, None


@cache
def item_type(kind: Any) -> Any:
    """The type of the items of a list, or None where the type is no list."""
    origin = get_origin(kind)
    if origin in (list, frozenset, set) or (origin is tuple and get_args(kind)[-1] is Ellipsis):
        return get_args(kind)[0]
    return None


@cache
def value_type(kind: Any) -> Any:
    """The type of the values of a mapping from text, or None where the type is no such mapping."""
    origin = get_origin(kind)
    return get_args(kind)[1] if isinstance(origin, type) and issubclass(origin, Mapping) else None


def in_words(kind: Any) -> str:
    """What a person should write there."""
    alternatives = [words for each in members(kind) if each is not type(None) for words in _alternatives(each)]
    *most, last = dict.fromkeys(alternatives)
    return f"{', '.join(most)} or {last}" if most else last


def _alternatives(kind: Any) -> list[str]:
    inner, _ = bare_type(kind)
    if get_origin(inner) is Literal:
        return [f"'{str(each).lower() if isinstance(each, bool) else each}'" for each in get_args(inner)]
    return [_one_in_words(kind)]


def _one_in_words(kind: Any) -> str:
    inner, meta = bare_type(kind)
    if inner in _WORDS:
        return _WORDS[inner] + (f" ({limits_in_words(meta)})" if meta and limits_in_words(meta) else "")
    if get_origin(inner) is re.Pattern:
        return _WORDS[re.Pattern]
    if (item := item_type(inner)) is not None:
        return _LISTS.get(item) or ("a list of groups of conditions" if item_type(item) is Clause else "a list")
    if is_parsed(inner):
        return _parsed_in_words(inner)
    if is_bare(inner):
        return in_words(fields_of(inner)["value"].type)
    return "a mapping"


def _parsed_in_words(kind: Any) -> str:
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", kind.__name__).lower()
    known = {
        "pattern": "a regular expression",
        "label pattern": "a label",
        "hours": "hours such as 09:00-17:30",
        "percent": "a share such as 50%",
    }
    return known.get(name) or (("an " if name[0] in "aeiou" else "a ") + name)


def limits_in_words(meta: Meta) -> str:
    """The limits of a number or a length, as far as a policy can break them."""
    parts = (
        ("at least", meta.ge),
        ("more than", meta.gt),
        ("at most", meta.le),
        ("less than", meta.lt),
        ("a multiple of", meta.multiple_of),
        ("of at least this length:", meta.min_length),
        ("of at most this length:", meta.max_length),
    )
    return ", ".join(f"{words} {limit}" for words, limit in parts if limit is not None)
