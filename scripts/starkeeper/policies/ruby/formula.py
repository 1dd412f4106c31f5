"""Takes answers of single conditions joined by and, or and not; gives the conditions of a policy that say the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct

Pairs = dict[str, Any]
"""Conditions as a policy has them: keys and plain values."""


class Always(Struct, frozen=True):
    """True, or false, of every issue."""

    value: bool


class Leaf(Struct, frozen=True):
    """One condition. `opposite` is the one that holds exactly where this does not, where there is one.

    `needs` says what must be there for it to hold at all, as a `States`: beside it a test for that says nothing more.
    `opposite_needs` is the same for the opposite.
    """

    pairs: Pairs
    opposite: Pairs | None = None
    needs: States | None = None
    opposite_needs: States | None = None


class States(Struct, frozen=True):
    """Which of the few states of one thing are meant; `written` has the conditions for each set that has any."""

    thing: str
    meant: frozenset[str]
    every: frozenset[str]
    written: Mapping[frozenset[str], Pairs]


class Code(Struct, frozen=True):
    """A Jinja expression, for what no condition says; the rest as in `Leaf`."""

    code: str
    opposite: str = ""
    needs: States | None = None
    opposite_needs: States | None = None


class Lacks(Struct, frozen=True):
    inner: Leaf


class Both(Struct, frozen=True):
    parts: tuple[Formula, ...]


class Either(Struct, frozen=True):
    parts: tuple[Formula, ...]


Formula = Always | Leaf | States | Code | Lacks | Both | Either


def negated(formula: Formula) -> Formula:
    """What holds exactly where this does not."""
    match formula:
        case Always(value):
            return Always(not value)
        case Leaf(pairs, opposite, needs, opposite_needs):
            return Lacks(formula) if opposite is None else Leaf(opposite, pairs, opposite_needs, needs)
        case States(thing, meant, every, written):
            return States(thing, every - meant, every, written)
        case Code(code, opposite, needs, opposite_needs):
            return Code(opposite or f"not ({code})", code, opposite_needs, needs)
        case Lacks(inner):
            return inner
        case Both(parts):
            return either(negated(part) for part in parts)
        case Either(parts):
            return both(negated(part) for part in parts)


def both(parts: Iterable[Formula]) -> Formula:
    """All of them; what one of them says anyway is left out of the others."""
    flat = [inner for part in parts for inner in (part.parts if isinstance(part, Both) else (part,))]
    if any(isinstance(each, Always) and not each.value for each in flat):
        return Always(False)
    flat = _implied_left_out(_states_met(each for each in _once(flat) if not isinstance(each, Always)))
    if any(isinstance(each, States) and not each.meant for each in flat):
        return Always(False)
    return Always(True) if not flat else flat[0] if len(flat) == 1 else Both(tuple(flat))


def either(parts: Iterable[Formula]) -> Formula:
    """At least one of them, which is: not all of them not."""
    flat = [inner for part in parts for inner in (part.parts if isinstance(part, Either) else (part,))]
    opposite = both(negated(each) for each in flat)
    if isinstance(opposite, Both):
        return Either(tuple(negated(each) for each in opposite.parts))
    return negated(opposite)


def written(formula: Formula) -> Pairs | None:
    """The conditions, or None where they would hold always or never, or where they cannot be said."""
    match formula:
        case Always():
            return None
        case Leaf(pairs):
            return pairs
        case States():
            return _states_written(formula)
        case Code(code):
            return {"expr": code}
        case Lacks(inner):
            return {"none_of": [inner.pairs]}
        case Both(parts):
            return _both_written(parts)
        case Either(parts):
            return _either_written(parts)


def _once(parts: list[Formula]) -> list[Formula]:
    kept: list[Formula] = []
    for each in parts:
        if each not in kept:
            kept.append(each)
    return kept


def _states_met(parts: Iterable[Formula]) -> list[Formula]:
    """Of the same thing only what all of them mean."""
    met: list[Formula] = []
    for each in parts:
        place = next((at for at, other in enumerate(met) if _same_thing(each, other)), None)
        if place is None:
            met.append(each)
            continue
        other = met[place]
        assert isinstance(each, States) and isinstance(other, States)
        met[place] = States(each.thing, each.meant & other.meant, each.every, each.written)
    return [each for each in met if not (isinstance(each, States) and each.meant == each.every)]


def _same_thing(one: Formula, other: Formula) -> bool:
    return isinstance(one, States) and isinstance(other, States) and one.thing == other.thing


def _implied_left_out(parts: list[Formula]) -> list[Formula]:
    needed = [each.needs for each in parts if isinstance(each, (Leaf, Code)) and each.needs]
    return [
        each
        for each in parts
        if not isinstance(each, States)
        or not any(need.thing == each.thing and need.meant <= each.meant for need in needed)
    ]


def _states_written(states: States) -> Pairs | None:
    if states.meant in states.written:
        return states.written[states.meant]
    others = states.every - states.meant
    return {"none_of": [states.written[others]]} if others in states.written else None


def _both_written(parts: tuple[Formula, ...]) -> Pairs | None:
    """One mapping where no key is needed twice; what is needed twice and cannot be one stands under `all_of`."""
    whole: Pairs = {}
    apart: list[Pairs] = []
    for part in parts:
        pairs = written(part)
        if pairs is None:
            return None
        for key, value in pairs.items():
            merged = _merged(key, whole[key], value) if key in whole else value
            if merged is None:
                apart.append({key: value})
            else:
                whole[key] = merged
    if apart:
        return {"all_of": [whole, *apart]}
    return whole


def _merged(key: str, first: Any, second: Any) -> Any:
    """Two values of one key that together say both, or None."""
    if key == "expr":
        return f"{_bracketed(first)} and {_bracketed(second)}"
    if key == "none_of" or (key in ("labels", "forbidden_labels") and not {"None", "Any"} & {*first, *second}):
        return [*first, *second]
    if key in ("title", "description") and isinstance(first, str):
        first = {"matches": first}
    if isinstance(first, dict) and isinstance(second, dict) and not first.keys() & second.keys():
        return {**first, **second} if key not in ("due_date", "human_activity", "date") else None
    return None


def _bracketed(code: str) -> str:
    return f"({code})" if " or " in code or " if " in code else code


def _either_written(parts: tuple[Formula, ...]) -> Pairs | None:
    codes = [part.code for part in parts if isinstance(part, Code)]
    others = [written(part) for part in parts if not isinstance(part, Code)]
    if any(each is None for each in others):
        return None
    joined = {"expr": " or ".join(f"({code})" if " and " in code else code for code in codes)}
    if not others:
        return joined
    groups = [each for each in others if each is not None]
    return {"any_of": [*groups, *([joined] if codes else [])]}
