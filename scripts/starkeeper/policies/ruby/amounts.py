"""Takes questions of how many there are; gives the conditions that ask the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from starkeeper.policies.ruby.formula import Always, Code, Formula, Leaf, Pairs, States, negated
from starkeeper.policies.ruby.tree import Call, Field, Literal, Node

Range = tuple[int, int | None]
"""At least, and at most (None: any number)."""

SOME: Range = (1, None)
NONE: Range = (0, 0)
LENGTHS = ("length", "size", "count")
FLIPPED = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "==": "=="}
_ASKED: Mapping[str, Range] = {
    **dict.fromkeys(("any?", "present?", "positive?", "nonzero?"), SOME),
    **dict.fromkeys(("none?", "empty?", "blank?", "zero?"), NONE),
    "one?": (1, 1),
}
_NUMBERS = ("positive?", "nonzero?", "zero?")
_TASKS = ("task_completion_status", "count")
_DONE = ("task_completion_status", "completed_count")


def amount(node: Node) -> Formula | None:
    """What a question about a number says, or None where it is no such question."""
    if tasks := _tasks_compared(node):
        return tasks
    asked = read_range(node)
    if asked is None:
        return None
    thing, wanted = asked
    return _of_thing(thing, wanted)


def read_range(node: Node) -> tuple[Node, Range | None] | None:
    """The thing that is counted, and how many are asked for: None where any number is right."""
    match node:
        case Call(thing, sign, (Literal(int() as number),)) if sign in FLIPPED and thing is not None:
            return _counted(thing, compared(sign, number))
        case Call(Literal(int() as number), sign, (thing,)) if sign in FLIPPED:
            return _counted(thing, compared(FLIPPED[sign], number))
        case Call(thing, name, (), None) if name in _ASKED and thing is not None:
            return _counted(thing, _ASKED[name]) if name in _NUMBERS else (thing, _ASKED[name])
    return None


def compared(sign: str, number: int) -> Range | None:
    """The whole numbers from 0 on for which the comparison is true; None where it is true of all."""
    lowest, highest = {
        "==": (number, number),
        ">": (number + 1, None),
        ">=": (number, None),
        "<": (0, number - 1),
        "<=": (0, number),
    }[sign]
    return None if lowest <= 0 and highest is None else (max(lowest, 0), highest)


def states(thing: str, meant: str, written: Mapping[str, Pairs]) -> States:
    """Some states of a thing of which each alone can be written; `meant` names them with spaces between."""
    every = frozenset(written)
    return States(thing, frozenset(meant.split()), every, {frozenset({name}): written[name] for name in written})


def at_hand(thing: str, wanted: Range, absent: Pairs, present: Pairs) -> States | None:
    """A thing that can be told to be there or not, and nothing else."""
    word = {NONE: "absent", SOME: "present"}.get(wanted)
    return states(thing, word, {"absent": absent, "present": present}) if word else None


def _counted(thing: Node, wanted: Range | None) -> tuple[Node, Range | None] | None:
    match thing:
        case Call(inner, "to_i", ()) if inner is not None:
            return _counted(inner, wanted)
        case Call(inner, name, (), block) if name in LENGTHS and inner is not None:
            return (inner if block is None else Call(inner, "select", (), block)), wanted
    return thing, wanted


def _of_thing(thing: Node, wanted: Range | None) -> Formula | None:
    if not isinstance(thing, Field):
        return None
    ask = _THINGS.get(thing.path)
    if ask is None:
        return None
    if wanted is None:
        return Always(True)
    lowest, highest = wanted
    return Always(False) if highest is not None and highest < lowest else ask(wanted)


def _listed(key: str) -> Callable[[Range], Formula | None]:
    """None, Any, or {at_least, at_most}."""

    def ask(wanted: Range) -> Formula | None:
        some = at_hand(key, wanted, {key: "None"}, {key: "Any"})
        if some:
            return some
        needs = states(key, "present", {"absent": {key: "None"}, "present": {key: "Any"}}) if wanted[0] else None
        return Leaf({key: _bounds(wanted)}, needs=needs)

    return ask


def _labels(wanted: Range) -> Formula | None:
    some = at_hand("labels", wanted, {"labels": ["None"]}, {"labels": ["Any"]})
    return some or _in_code("labels | length", wanted)


def _reviewers(wanted: Range) -> Formula | None:
    some = at_hand("reviewers", wanted, {"reviewer_id": "none"}, {"reviewer_id": "any"})
    return some or _in_code("reviewers | length", wanted)


def _votes(attribute: str) -> Callable[[Range], Formula | None]:
    return _thresholds("votes", attribute, attribute)


def _thresholds(key: str, attribute: str, name: str = "") -> Callable[[Range], Formula | None]:
    """`less_than` and `greater_than` are strict; what they cannot say a template's `name` may."""

    def ask(wanted: Range) -> Formula | None:
        lowest, highest = wanted
        if highest is None:
            return Leaf(_threshold(key, attribute, "greater_than", lowest - 1), _below(key, attribute, lowest))
        if lowest == 0:
            above = _threshold(key, attribute, "greater_than", highest)
            return Leaf(_below(key, attribute, highest + 1), above)
        return _in_code(name, wanted) if name else None

    return ask


def _threshold(key: str, attribute: str, condition: str, number: int) -> Pairs:
    return {key: {"attribute": attribute, "condition": condition, "threshold": number}}


def _below(key: str, attribute: str, number: int) -> Pairs:
    return _threshold(key, attribute, "less_than", number)


def _time(name: str) -> Callable[[Range], Formula | None]:
    def ask(wanted: Range) -> Formula | None:
        return at_hand(name, wanted, {"time_tracking": {name: "None"}}, {"time_tracking": {name: "Any"}})

    return ask


def _weight(wanted: Range) -> Formula | None:
    lowest, highest = wanted
    return Leaf({"weight": lowest}, needs=weight_is("present")) if lowest == highest else None


def weight_is(meant: str) -> States:
    return states("weight", meant, {"absent": {"weight": "None"}, "present": {"weight": "Any"}})


def tasks_are(meant: str) -> States:
    """`none` (there is no task list), `done` (all are done), `open` (some are not)."""
    each = {"none": {"tasks": "None"}, "done": {"tasks": "done"}, "open": {"tasks": "open"}}
    known = states("tasks", meant, each)
    both = frozenset({"done", "open"})
    return States(known.thing, known.meant, known.every, {**known.written, both: {"tasks": "Any"}})


def _how_many_tasks(wanted: Range) -> Formula | None:
    meant = {NONE: "none", SOME: "done open"}.get(wanted)
    return tasks_are(meant) if meant else None


def _how_many_done(wanted: Range) -> Formula | None:
    some = Leaf({"tasks": {"done": {"at_least": 1}}}, needs=tasks_are("done open"))
    return some if wanted == SOME else negated(some) if wanted == NONE else None


def _tasks_compared(node: Node) -> Formula | None:
    match node:
        case Call(Field(first), sign, (Field(second),)) if {first, second} == {_TASKS, _DONE}:
            sign = sign if first == _DONE else FLIPPED.get(sign, "")
            meant = {"==": "none done", ">=": "none done", "<": "open", "<=": "none done open"}.get(sign)
            return tasks_are(meant) if meant else None
        case Call(Call(Field(first), "-", (Field(second),)), sign, (Literal(int() as number),)) if sign in FLIPPED:
            meant = {NONE: "none done", SOME: "open"}.get(compared(sign, number) or (0, None))
            return tasks_are(meant) if meant and (first, second) == (_TASKS, _DONE) else None
    return None


def _in_code(name: str, wanted: Range) -> Code:
    lowest, highest = wanted
    if lowest == highest:
        return Code(f"{name} == {lowest}")
    if highest is None:
        return Code(f"{name} >= {lowest}")
    return Code(f"{name} <= {highest}")


def _bounds(wanted: Range) -> dict[str, Any]:
    lowest, highest = wanted
    return {**({"at_least": lowest} if lowest else {}), **({"at_most": highest} if highest is not None else {})}


def _length(name: str) -> Callable[[Range], Formula | None]:
    return lambda wanted: _in_code(f"{name} | length", wanted) if wanted not in (NONE, SOME) else None


_THINGS: Mapping[tuple[str, ...], Callable[[Range], Formula | None]] = {
    ("assignees",): _listed("assignees"),
    ("labels",): _labels,
    ("reviewers",): _reviewers,
    ("closes_issues",): _listed("closes_issues"),
    ("merge_requests_count",): _listed("linked_merge_requests"),
    ("related_merge_requests",): _listed("linked_merge_requests"),
    ("upvotes",): _votes("upvotes"),
    ("downvotes",): _votes("downvotes"),
    ("user_notes_count",): _thresholds("discussions", "notes"),
    ("time_stats", "time_estimate"): _time("estimate"),
    ("time_stats", "total_time_spent"): _time("spent"),
    ("weight",): _weight,
    ("title",): _length("title"),
    ("description",): _length("description"),
    _TASKS: _how_many_tasks,
    _DONE: _how_many_done,
}
