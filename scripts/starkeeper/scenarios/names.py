"""How scenarios name an issue (`star#1`) and a shift (`support_manager 2026-12-02 16:00`), and that no key is empty."""

from __future__ import annotations

import re
from collections.abc import Iterable

from starkeeper.errors import nearest
from starkeeper.facts.beside import shift_key
from starkeeper.model.desk import Desk
from starkeeper.model.resources import ResourceKey
from starkeeper.policies.bind import Binder
from starkeeper.policies.grammar import Word
from starkeeper.policies.nodes import Pair, ScalarNode
from starkeeper.scenarios.grammar import OnMessage
from starkeeper.scenarios.moments import Moment

_SHIFT = re.compile(r"(?<= )(\d{4}-\d\d-\d\d)T(\d\d:\d\d)Z$", re.ASCII)
ISSUE = re.compile(r"([^#\s]+)#([1-9][0-9]{0,8})", re.ASCII)


def check_issue(name: Word, desk: Desk, binder: Binder) -> None:
    """Reports a name that is none, or whose tracker the desk does not have."""
    found = ISSUE.fullmatch(name.text)
    if not found:
        binder.problem(name.where, f"'{name.text}' names no issue", "write it like star#1")
    elif found[1] not in desk.trackers:
        remedy = nearest(found[1], desk.trackers)
        binder.problem(name.where, f"there is no tracker '{found[1]}'", remedy)


def check_shift(name: Word, desk: Desk, binder: Binder) -> None:
    """Reports a name that is none, or whose rotation the desk does not have."""
    rotation, _, starts = name.text.partition(" ")
    try:
        Moment.parse(starts)
    except ValueError:
        example = "write it like support_manager 2026-12-02 16:00"
        binder.problem(name.where, f"'{name.text}' names no shift", example)
        return
    check_known("rotation", Word(rotation, name.where), desk.rotations, binder)


def check_known(what: str, name: Word, known: Iterable[str], binder: Binder) -> None:
    """Reports a name that is not among those that are known."""
    if name.text not in known:
        binder.problem(name.where, f"there is no {what} '{name.text}'", nearest(name.text, known))


def check_filled(pair: Pair, binder: Binder) -> None:
    """Reports a key with nothing behind it, which would ask for nothing without a word."""
    if isinstance(pair.node, ScalarNode) and pair.node.value is None:
        binder.problem(pair.where, f"'{pair.key}' has nothing behind it", "write a value, or take the key out")


def key_of(name: str, desk: Desk) -> ResourceKey:
    """The key of an issue that a scenario names; its tracker is there."""
    tracker, _, number = name.partition("#")
    return ResourceKey(desk.trackers[tracker].path, int(number))


def about_of(act: OnMessage, desk: Desk) -> str:
    """The reference of the issue or the shift that a message is about, as its mark has it."""
    if act.issue.text:
        return str(key_of(act.issue.text, desk))
    rotation, _, starts = act.shift.text.partition(" ")
    return str(shift_key(rotation, Moment.parse(starts).instant))


def name_of(key: ResourceKey, desk: Desk) -> str:
    """How a scenario names it; an issue of no tracker by its project."""
    if key.type != "issues":
        return str(key)
    tracker = next((name for name, each in desk.trackers.items() if each.path == key.project), key.project)
    return f"{tracker}#{key.iid}"


def name_of_reference(reference: str, desk: Desk) -> str:
    """How a scenario names what a message is about; anything but an issue or a shift as its mark does."""
    if found := ISSUE.fullmatch(reference):
        return name_of(ResourceKey(found[1], int(found[2])), desk)
    return _SHIFT.sub(r"\1 \2", reference)
