"""Takes the Ruby of a condition, or the simplest JavaScript; gives the conditions that say exactly the same."""

from __future__ import annotations

from typing import Any, Literal

from msgspec import Struct

from starkeeper.policies.ruby.amounts import FLIPPED, amount
from starkeeper.policies.ruby.formula import Always, Formula, Pairs, both, either, negated, written
from starkeeper.policies.ruby.labels import labelled
from starkeeper.policies.ruby.moments import timed
from starkeeper.policies.ruby.parse import parse
from starkeeper.policies.ruby.quoting import flow
from starkeeper.policies.ruby.texts import said
from starkeeper.policies.ruby.tree import And, Call, Choice, Node, Not, Or, Unreadable
from starkeeper.policies.ruby.tree import Literal as Plain

Language = Literal["ruby", "js"]


class Translation(Struct, frozen=True):
    """`conditions` hold exactly where the code is true, wherever it gives an answer; {} where none say it."""

    conditions: dict[str, Any] = {}

    @property
    def yaml(self) -> str:
        """The conditions on one line each way YAML has: `due_date: {within: 7 days}`."""
        return ", ".join(f"{key}: {flow(value)}" for key, value in self.conditions.items())


def translate(code: str, language: Language = "ruby") -> Translation:
    """What to write in place of code; nothing is ever run."""
    try:
        tree = parse(code)
        formula = _truth(tree) if language == "ruby" or _is_comparison(tree) else None
    except (Unreadable, RecursionError):
        return Translation()
    conditions: Pairs | None = written(formula) if formula is not None else None
    return Translation(conditions or {})


def _truth(node: Node) -> Formula | None:
    match node:
        case Plain(value):
            return Always(value is not None and value is not False)
        case Not(inner):
            return _opposite(_truth(inner))
        case And(left, right):
            return _together([_truth(left), _truth(right)], any_of=False)
        case Or(left, right):
            return _together([_truth(left), _truth(right)], any_of=True)
        case Choice(question, yes, no):
            return _chosen(_truth(question), _truth(yes), _truth(no))
    return amount(node) or labelled(node) or timed(node) or said(node)


def _opposite(formula: Formula | None) -> Formula | None:
    return None if formula is None else negated(formula)


def _together(parts: list[Formula | None], *, any_of: bool) -> Formula | None:
    known = [each for each in parts if each is not None]
    if len(known) < len(parts):
        return None
    return either(known) if any_of else both(known)


def _chosen(question: Formula | None, yes: Formula | None, no: Formula | None) -> Formula | None:
    if question is None or yes is None or no is None:
        return None
    if isinstance(yes, Always) and yes.value:
        return either((question, no))
    if isinstance(no, Always) and no.value:
        return either((negated(question), yes))
    return either((both((question, yes)), both((negated(question), no))))


def _is_comparison(node: Node) -> bool:
    """JavaScript takes 0 and "" for false, so only what compares means the same there."""
    match node:
        case Not(inner):
            return _is_comparison(inner)
        case And(left, right) | Or(left, right):
            return _is_comparison(left) and _is_comparison(right)
        case Call(_, name):
            return name in FLIPPED
    return False
