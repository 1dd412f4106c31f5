"""Nodes to records: every type that a condition or an action can declare, right and wrong."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any, Literal

import pytest
from msgspec import Meta, Struct, field

from starkeeper.errors import NOWHERE, Where
from starkeeper.model.values import Expression, Interval, LabelPattern, Text
from starkeeper.policies.bind import BAD, Binder
from starkeeper.policies.source import parse_source


class Small(Struct, frozen=True, kw_only=True):
    name: str
    size: int = 1


class Other(Struct, frozen=True, kw_only=True):
    label: str


class Bare(Struct, frozen=True):
    value: int | tuple[int, ...]
    _beside: str = ""


class Placed(Struct, frozen=True, kw_only=True):
    text: Text
    where: Where = NOWHERE


class Renamed(Struct, frozen=True, kw_only=True):
    from_: str = field(name="from")
    in_: str = field(name="in", default="")


def bound(kind: Any, text: str) -> tuple[Any, list[str]]:
    binder = Binder()
    root = parse_source("a.yml", f"key: {text}".encode()).root
    assert root is not None
    value = binder.bind(root, Mapping[str, kind], "the file")
    return (BAD if value is BAD else value["key"]), [str(problem) for problem in binder.problems]


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        (str, "2024", "2024"),
        (str, "true", "true"),
        (str, "0123", "0123"),
        (str, "1.10", "1.10"),
        (int, "0x10", 16),
        (float, "3", 3.0),
        (bool, "True", True),
        (int | None, "~", None),
        (dt.date, "2026-12-24", dt.date(2026, 12, 24)),
        (dt.time, '"8:30"', dt.time(8, 30)),
        (dt.time, "24:00", dt.time(0, 0)),
        (Literal["a", 1, True], "1", 1),
        (Literal["1", "2"], "1", "1"),
        (int | Literal["None", "Any"], "None", "None"),
        (str | int, "5", 5),
        (tuple[str, ...], "[a, 2]", ("a", "2")),
        (tuple[Text, ...], "a", (Text("a", Where("a.yml", 1, 6)),)),
        (bool | tuple[LabelPattern, ...], "off", False),
        (Text, r"a\\n\nb", Text("a\\\\n\nb", Where("a.yml", 1, 6))),
        (frozenset[int], "[1, 2, 2]", frozenset({1, 2})),
        (Mapping[str, int | tuple[int, ...]], "{a: 1, b: [2]}", {"a": 1, "b": (2,)}),
        (tuple[str, ...] | Mapping[str, str], "{a: b}", {"a": "b"}),
        (Interval, "3 days", Interval(3, "days")),
        (Small, "{name: a}", Small(name="a")),
        (Small | Other, "{label: a}", Other(label="a")),
        (str | Small, "{name: a, size: 2}", Small(name="a", size=2)),
        (Bare, "3", Bare(3)),
        (Bare, "[3]", Bare((3,))),
        (tuple[Bare, ...], "[3, [4]]", (Bare(3), Bare((4,)))),
        (Renamed, "{from: a, in: b}", Renamed(from_="a", in_="b")),
        (Placed, "{text: 'a'}", Placed(text=Text("a", Where("a.yml", 1, 14)), where=Where("a.yml", 1, 6))),
        (Expression, "a > 1", Expression("a > 1", Where("a.yml", 1, 6))),
        (Any, "{a: [1, b]}", {"a": [1, "b"]}),
        (Annotated[int, Meta(ge=1, le=3)], "3", 3),
        (Annotated[str, Meta(pattern="^a+$")], "aa", "aa"),
    ],
)
def test_a_value_becomes_what_its_type_says(kind: Any, text: str, expected: Any) -> None:
    assert bound(kind, text) == (expected, [])


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        (str, "[a]", "found a list, expected text"),
        (str, "", "found nothing, expected text; write a value, or leave the key out"),
        (int, "1.5", "found the number '1.5', expected a whole number"),
        (int, "true", "found 'true', expected a whole number"),
        (bool, '"no"', "found the text 'no', expected true or false; write false without quotes"),
        (float, "a", "found the text 'a', expected a number"),
        (dt.date, "2026-02-30", "there is no day 2026-02-30; check the month and the day"),
        (dt.date, "24 Dec", "found the text '24 Dec', expected a date; write it as year, month and day: 2026-12-24"),
        (dt.time, "25:00", "found the text '25:00', expected a time; write hours and minutes: \"08:30\""),
        (Literal["opened", "closed"], "open", "'open' is not known here; did you mean 'opened'?"),
        (tuple[str, ...], "a", "found the text 'a', expected a list of texts; write it as a list: [a]"),
        (str, "{a, b}", "found a mapping, expected text; a text with braces needs quotes round it"),
        (str | Small, "[a]", "found a list, expected text or a mapping"),
        (Small, "{size: 2}", "'key' lacks 'name'; give it text"),
        (Bare, "{value: 3}", "found a mapping, expected a whole number or a list; begin each item with '- '"),
        (Annotated[int, Meta(ge=1)], "0", "found 0, expected at least 1"),
        (Annotated[int, Meta(multiple_of=5)], "7", "found 7, expected a multiple of 5"),
        (Interval, "3 dayz", "'3 dayz' is no interval; write a number and a unit, such as '10 minutes' or '3 days'"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_told_from_what_was_expected(kind: Any, text: str, expected: str) -> None:
    value, problems = bound(kind, text)

    assert value is BAD
    assert [each.split(": ", 1)[1].removeprefix("'key': ") for each in problems] == [expected]


def test_all_problems_of_one_value_are_found_each_at_its_place() -> None:
    assert bound(tuple[Small, ...], "[{name: [a]}, {nam: b}, c, {name: d, size: e}]")[1] == [
        "a.yml:1:14: 'name': found a list, expected text",
        "a.yml:1:21: unknown key 'nam' in 'key'; did you mean 'name'?",
        "a.yml:1:30: 'key': found the text 'c', expected a mapping; the keys of the mapping are 'name', 'size'",
        "a.yml:1:49: 'size': found the text 'e', expected a whole number",
    ]


def test_what_begins_with_an_underscore_is_no_part_of_the_yaml() -> None:
    assert bound(Small | Bare, "{_beside: x}")[1][0].startswith("a.yml:1:7: unknown key '_beside'")
