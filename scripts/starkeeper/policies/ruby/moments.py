"""Takes comparisons of times; gives the conditions that ask the same. An instant that is the border itself aside."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping

from msgspec import Struct, structs

from starkeeper.policies.ruby.amounts import FLIPPED, states
from starkeeper.policies.ruby.formula import Code, Formula, Leaf, States, negated
from starkeeper.policies.ruby.tree import Call, Field, Literal, Name, Node

DAY = 86_400
_UNITS = {"second": 1, "minute": 60, "hour": 3_600, "day": DAY, "week": 7 * DAY, "fortnight": 14 * DAY}
_MONTHS = {"month": 1, "year": 12}
_CLASSES = {"Date": DAY, "DateTime": DAY, "Time": 1}
_TIMES = ("created_at", "updated_at", "closed_at", "merged_at", "committed_date", "authored_date")
_ALWAYS_SET = ("created_at", "updated_at")


class Length(Struct, frozen=True):
    """So many seconds, or so many months of the calendar."""

    seconds: float = 0
    months: int = 0


class Moment(Struct, frozen=True):
    """A time: `of` is `now`, a field of the issue or a day such as 2026-12-24, and `later` how much is added to it.

    `whole_days` says that only its day counts; `unit` is what adding 1 adds, in seconds (0: numbers cannot be added).
    """

    of: str
    later: Length = Length()
    whole_days: bool = False
    unit: int = 0


class Between(Struct, frozen=True):
    """How long after `start` the `end` is, in units of so many seconds; `whole` units, or parts of them too."""

    end: Moment
    start: Moment
    unit: float
    whole: bool = False


def due(meant: str) -> States:
    return states("due_date", meant, {"absent": {"due_date": "None"}, "present": {"due_date": "Any"}})


def timed(node: Node) -> Formula | None:
    """What a comparison of times says, or None where it is none, or one that cannot be made here."""
    match node:
        case Call(Call(moment, "between?"), _) | Call(moment, "between?"):
            return None
        case Call(moment, "past?", ()):
            return _compared(read_moment(moment), "<", Moment("now")) if moment else None
        case Call(left, ("<" | "<=" | ">" | ">=") as sign, (right,)) if left is not None:
            return _of_between(left, sign, right) or _compared(read_moment(left), sign, read_moment(right))
    return None


def read_moment(node: Node | None) -> Moment | None:
    match node:
        case Field((name,)) if name in (*_TIMES, "due_date"):
            return Moment(name, whole_days=name == "due_date")
        case Call(Name(cls), "now" | "today" | "current", ()) if cls in _CLASSES:
            return Moment("now", Length(), cls == "Date", _CLASSES[cls])
        case Call(Call(Name("Time"), "zone", ()), "now" | "today", ()):
            return Moment("now", Length(), node.name == "today", DAY if node.name == "today" else 1)
        case Call(Name(cls), "parse" | "iso8601", (inner,)) if cls in _CLASSES:
            return _parsed(inner, cls)
        case Call(inner, "to_date", ()):
            moment = read_moment(inner)
            return structs.replace(moment, whole_days=True, unit=DAY) if moment and _is_in_days(moment) else None
        case Call(inner, ("to_time" | "to_datetime" | "utc" | "in_time_zone" | "localtime") as name, ()):
            moment = read_moment(inner)
            return structs.replace(moment, unit={"to_datetime": DAY}.get(name, 1)) if moment else None
        case Call(length, ("ago" | "from_now") as name, ()):
            return _shifted(Moment("now", unit=1), read_length(length, 0), -1 if name == "ago" else 1)
        case Call(inner, ("+" | "-") as sign, (length,)):
            moment = read_moment(inner)
            return _shifted(moment, read_length(length, moment.unit), 1 if sign == "+" else -1) if moment else None
        case Call(inner, (">>" | "<<") as sign, (Literal(int() as months),)):
            return _shifted(read_moment(inner), Length(months=months), 1 if sign == ">>" else -1)
    return None


def read_length(node: Node | None, unit: int) -> Length | None:
    """A length of time; a bare number counts in the unit of what it is added to."""
    match node:
        case Literal(int() | float() as number) if unit and not isinstance(number, bool):
            return Length(number * unit)
        case Call(Literal(int() | float() as number), name, ()) if not isinstance(number, bool):
            word = name.removesuffix("s")
            if word in _UNITS:
                return Length(number * _UNITS[word])
            return Length(months=int(number) * _MONTHS[word]) if word in _MONTHS and number == int(number) else None
        case Call(_, "*", _) if unit:
            product = constant(node)
            return Length(product * unit) if product is not None else None
    return None


def constant(node: Node) -> float | None:
    """`60 * 60 * 24`"""
    match node:
        case Literal(int() | float() as number) if not isinstance(number, bool):
            return number
        case Call(left, "*", (right,)) if left is not None:
            first, second = constant(left), constant(right)
            return first * second if first is not None and second is not None else None
        case Call(Literal(), _, ()):
            length = read_length(node, 0)
            return length.seconds if length and not length.months else None
    return None


def _parsed(inner: Node, cls: str) -> Moment | None:
    if isinstance(inner, Literal) and isinstance(inner.value, str):
        return _day(inner.value, cls)
    moment = read_moment(inner)
    if moment is None or moment.later != Length():
        return None
    return Moment(moment.of, moment.later, cls == "Date" or moment.of == "due_date", _CLASSES[cls])


def _day(text: str, cls: str) -> Moment | None:
    try:
        return Moment(dt.date.fromisoformat(text).isoformat(), Length(), cls == "Date", _CLASSES[cls])
    except ValueError:
        return None


def _is_in_days(moment: Moment) -> bool:
    return moment.later.seconds % DAY == 0


def _shifted(moment: Moment | None, length: Length | None, sign: int) -> Moment | None:
    if moment is None or length is None:
        return None
    later = Length(moment.later.seconds + sign * length.seconds, moment.later.months + sign * length.months)
    return structs.replace(moment, later=later)


def _of_between(left: Node, sign: str, right: Node) -> Formula | None:
    """`(Date.today - Date.parse(…)).to_i > 30` is `Date.today > Date.parse(…) + 30`."""
    between, number = _read_between(left), constant(right)
    if between is None:
        between, sign = _read_between(right), FLIPPED[sign]
        number = constant(left)
    if between is None or number is None or (between.whole and number != int(number)):
        return None
    # More than n whole units are n + 1 and more.
    one_more = between.whole and sign in (">", "<=")
    sign = {">": ">=", "<=": "<"}[sign] if one_more else sign
    shift = Length((number + one_more) * between.unit)
    return _compared(between.end, sign, _shifted(between.start, shift, 1))


def _read_between(node: Node) -> Between | None:
    match node:
        case Call(first, "-", (second,)):
            end, start = read_moment(first), read_moment(second)
            if end is None or start is None:
                return None
            unit = DAY if DAY in (end.unit, start.unit) else max(end.unit, start.unit)
            return Between(end, start, unit) if unit else None
        case Call(inner, ("to_i" | "floor") as name, ()) if inner is not None:
            between = _read_between(inner)
            if between is None or _counts_days(between):
                return between
            forward = between.end.of == "now" and between.start.of != "due_date"
            return structs.replace(between, whole=True) if forward or name == "floor" else None
        case Call(inner, "to_f" | "abs2", ()) if inner is not None and node.name == "to_f":
            return _read_between(inner)
        case Call(inner, "/", (divisor,)) if inner is not None:
            between, number = _read_between(inner), constant(divisor)
            if between is None or not number or between.whole:
                return None
            return structs.replace(between, unit=between.unit * number)
    return None


def _counts_days(between: Between) -> bool:
    return between.end.whole_days and between.start.whole_days and between.unit == DAY


def _compared(left: Moment | None, sign: str, right: Moment | None) -> Formula | None:
    """Brought to the form: field, sign, so long ago."""
    if left is None or right is None or (left.of == "now") is (right.of == "now") is True:
        return None
    field, other = (right, left) if right.of in (*_TIMES, "due_date") else (left, right)
    sign = FLIPPED[sign] if field is right else sign
    if field.later.months or field.of not in (*_TIMES, "due_date"):
        return None
    ahead = Length(other.later.seconds - field.later.seconds, other.later.months)
    if other.of != "now":
        return _on_a_day(field, sign, other.of) if ahead == Length() and field.of in _TIMES else None
    if field.of == "due_date":
        return _due(sign, ahead, whole_days=other.whole_days)
    return (
        _aged(field, sign, ahead, whole_days=field.whole_days and other.whole_days)
        if (field.whole_days is other.whole_days)
        else None
    )


def _on_a_day(field: Moment, sign: str, day: str) -> Code | None:
    if field.whole_days:
        return Code(f"{field.of} is not none and {field.of}.strftime('%Y-%m-%d') {sign} '{day}'")
    # A time after a midnight is on that day or later.
    sign = {">": ">=", "<=": "<"}.get(sign, sign)
    there = "" if field.of in _ALWAYS_SET else f"{field.of} is not none and "
    return Code(f"{there}{field.of}.strftime('%Y-%m-%d') {sign} '{day}'")


def _due(sign: str, ahead: Length, *, whole_days: bool) -> Formula | None:
    if ahead.months:
        return None
    if sign in (">", ">="):
        other = _due("<=" if sign == ">" else "<", ahead, whole_days=whole_days)
        return _beyond(other) if isinstance(other, Leaf) else None
    seconds = ahead.seconds
    if whole_days and seconds % DAY:
        return None
    if sign == "<" and whole_days:
        if seconds == 0:
            return Leaf({"due_date": "overdue"}, needs=due("present"))
        seconds -= DAY
    written = _interval(Length(abs(seconds)), by_days=seconds % DAY == 0)
    # Part of a day ago can still be today, which is not overdue.
    if written is None or (seconds < 0 and seconds % DAY):
        return None
    key = "within" if seconds >= 0 else "overdue_by"
    return Leaf({"due_date": {key: written}}, needs=due("present"))


def _beyond(leaf: Leaf) -> Formula:
    value = leaf.pairs["due_date"]
    if isinstance(value, dict) and "within" in value:
        return Leaf({"due_date": {"beyond": value["within"]}}, needs=due("present"))
    return negated(leaf)


def _aged(field: Moment, sign: str, ahead: Length, *, whole_days: bool) -> Formula | None:
    ago = Length(-ahead.seconds, -ahead.months)
    if ago.months and (ago.seconds or not whole_days):
        return None
    if whole_days and not ago.months:
        # A day at or before another is a time before the end of it.
        ago = Length(ago.seconds - DAY) if sign in ("<=", ">") else ago
    elif whole_days and sign in ("<=", ">"):
        return None
    older = sign in ("<", "<=")
    value = _date(field.of, "older_than" if older else "newer_than", ago, by_days=whole_days)
    if value is None:
        return None
    opposite = _date(field.of, "newer_than" if older else "older_than", ago, by_days=whole_days)
    return Leaf({"date": value}, {"date": opposite} if field.of in _ALWAYS_SET else None, _needs(field.of))


def _needs(name: str) -> States | None:
    return None if name in _ALWAYS_SET else States(name, frozenset({"present"}), frozenset({"absent", "present"}), {})


def _date(attribute: str, condition: str, ago: Length, *, by_days: bool) -> Mapping[str, str | int] | None:
    interval = _interval(ago, by_days=by_days)
    if interval is None or ago.seconds < 0 or ago.months < 0:
        return None
    number, unit = interval.split()
    unit = unit if unit.endswith("s") else f"{unit}s"
    return {"attribute": attribute, "condition": condition, "interval_type": unit, "interval": int(number)}


def _interval(length: Length, *, by_days: bool) -> str | None:
    """In words of the policy. Days and more have a midnight for their border, hours and minutes have not."""
    if length.months:
        number, unit = (length.months // 12, "year") if length.months % 12 == 0 else (length.months, "month")
    elif by_days:
        number, unit = int(length.seconds // DAY), "day"
    elif length.seconds % 3_600 == 0:
        number, unit = int(length.seconds // 3_600), "hour"
    elif length.seconds % 60 == 0:
        number, unit = int(length.seconds // 60), "minute"
    else:
        return None
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


def is_day_format(text: str) -> bool:
    """Whether `strftime` with it gives the day as dates are shown: 2026-12-24."""
    return bool(re.fullmatch(r"%Y-%m-%d|%F", text))
