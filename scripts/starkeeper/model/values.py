"""Kinds of value that a policy can hold beyond YAML's own: patterns, intervals, texts and expressions.

Each is made from the YAML scalar by `parse`, which raises ValueError with a sentence for the person who wrote it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any, Literal, Self, TypeVar, get_args

from msgspec import Struct

from starkeeper.errors import NOWHERE, Where

IntervalType = Literal["minutes", "hours", "days", "weeks", "months", "years"]
INTERVAL_TYPES: tuple[IntervalType, ...] = get_args(IntervalType)
T = TypeVar("T")


class Interval(Struct, frozen=True):
    """A length of time such as `10 minutes` or `3 days`; months and years are counted on the calendar."""

    amount: int
    unit: IntervalType

    @classmethod
    def parse(cls, text: str) -> Self:
        found = re.fullmatch(r"\s*(\d{1,6})\s+([a-z]+?)s?\s*", text)
        for unit in INTERVAL_TYPES:
            if found and found[2] + "s" == unit:
                return cls(int(found[1]), unit)
        raise ValueError(f"'{text}' is no interval; write a number and a unit, such as '10 minutes' or '3 days'")

    def before(self, at: dt.datetime) -> dt.datetime:
        """The instant this long before `at`; the 31st less a month is the last day of the month before.

        Where the calendar does not reach that far back it is the calendar's first instant.
        """
        if self.unit in ("months", "years"):
            return _months_before(at, self.amount * (12 if self.unit == "years" else 1))
        try:
            return at - dt.timedelta(**{self.unit: self.amount})
        except OverflowError:
            return dt.datetime.min.replace(tzinfo=at.tzinfo)

    @property
    def length(self) -> dt.timedelta:
        """How long it is; ValueError for months and years, which are of no one length."""
        if self.unit in ("months", "years"):
            raise ValueError(f"{self.unit} are of no one length")
        return dt.timedelta(**{self.unit: self.amount})

    def __str__(self) -> str:
        return f"{self.amount} {self.unit[:-1] if self.amount == 1 else self.unit}"


class Percent(Struct, frozen=True):
    """A share of a clock's length, such as `50%`; more than `100%` is beyond its end."""

    value: int

    @classmethod
    def parse(cls, text: str) -> Self:
        if found := re.fullmatch(r"\s*([0-9]{1,4})\s*%\s*", text):
            return cls(int(found[1]))
        raise ValueError(f"'{text}' is no share; write it like '50%'")

    def of(self, length: dt.timedelta) -> dt.timedelta:
        """That share of a length."""
        return length * self.value / 100

    def __str__(self) -> str:
        return f"{self.value}%"


class Pattern(Struct, frozen=True):
    """A regular expression of Python's `re`, searched anywhere in the text unless it is anchored."""

    source: str
    compiled: re.Pattern[str]

    @classmethod
    def parse(cls, text: str) -> Self:
        try:
            return cls(text, re.compile(text))
        except re.error as error:
            at = f" at character {error.pos + 1}" if error.pos is not None else ""
            raise ValueError(f"'{text}' is no regular expression: {error.msg}{at}") from None


class LabelPattern(Struct, frozen=True):
    """A label's name, `*` for any run of characters, `{a, b}` or `{1..5}` for any one of these."""

    source: str
    names: frozenset[str]
    patterns: tuple[re.Pattern[str], ...] = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        source = text.strip()
        if not source:
            raise ValueError("a label's name cannot be empty")
        names = _expand_braces(source)
        wild = tuple(re.compile(".*".join(map(re.escape, name.split("*"))), re.DOTALL) for name in names if "*" in name)
        return cls(source, frozenset(name for name in names if "*" not in name), wild)

    @property
    def word(self) -> str:
        """`None` or `Any`, which a list of labels takes in any case, or "" where it is a name."""
        found = self.source.capitalize()
        return found if found in ("None", "Any") else ""

    @property
    def exact(self) -> str:
        """The one name that it stands for, or "" where there may be several."""
        return next(iter(self.names)) if len(self.names) == 1 and not self.patterns else ""

    def matches(self, labels: tuple[str, ...]) -> bool:
        """Whether it stands for any of the labels."""
        if not self.names.isdisjoint(labels):
            return True
        return bool(self.patterns) and any(p.fullmatch(each) for each in labels for p in self.patterns)

    def matching(self, labels: tuple[str, ...]) -> tuple[str, ...]:
        """Those of the labels that it stands for."""
        return tuple(each for each in labels if each in self.names or any(p.fullmatch(each) for p in self.patterns))


class Text(Struct, frozen=True):
    """A template written in the policy itself, where it stands there."""

    source: str
    where: Where = NOWHERE


class GatheredText(Text, frozen=True):
    """A template over all resources of a rule: it sees `items`, `count` and `type`, and of no resource alone."""


class TemplateName(Struct, frozen=True):
    """The name of a file under templates/, such as `comments/star_facts.md`, and where the policy names it."""

    name: str
    where: Where = NOWHERE


class Expression(Struct, frozen=True):
    """A sandboxed Jinja expression over the names that templates see."""

    source: str
    where: Where = NOWHERE


def values_in(value: Any, kind: type[T]) -> Iterator[T]:
    """Every value of a type that a rule, a condition or an action holds, at whatever depth."""
    if isinstance(value, kind):
        yield value
    elif isinstance(value, Struct):
        for name in value.__struct_fields__:
            yield from values_in(getattr(value, name), kind)
    elif isinstance(value, (tuple, list, frozenset, dict)):
        for each in value.values() if isinstance(value, dict) else value:
            yield from values_in(each, kind)


def _months_before(at: dt.datetime, months: int) -> dt.datetime:
    count = at.year * 12 + at.month - 1 - months
    year, month = divmod(count, 12)
    if year < 1:
        return dt.datetime.min.replace(tzinfo=at.tzinfo)
    for day in range(at.day, 27, -1):
        try:
            return at.replace(year=year, month=month + 1, day=day)
        except ValueError:
            continue
    return at.replace(year=year, month=month + 1)


def _expand_braces(text: str, ceiling: int = 1000) -> tuple[str, ...]:
    found = re.search(r"\{\s*(\d+)\s*\.\.\s*(\d+)\s*\}|\{([^{}]*,[^{}]*)\}", text)
    if not found:
        return (text,)
    if found[3] is None:
        first, last = sorted((int(found[1]), int(found[2])))
        if last - first >= ceiling:
            raise ValueError(f"'{text}' stands for more than {ceiling} labels; use a pattern with * instead")
        middles = [str(number) for number in range(first, last + 1)]
    else:
        middles = [each.strip() for each in found[3].split(",")]
    names = [text[: found.start()] + middle + text[found.end() :] for middle in middles]
    expanded = tuple(name for each in names for name in _expand_braces(each, ceiling))
    if len(expanded) > ceiling:
        raise ValueError(f"'{text}' stands for more than {ceiling} labels; use a pattern with * instead")
    return expanded
