"""What reading a scenario checks everywhere: how an issue is named (`star#1`), and that no key is left empty."""

from __future__ import annotations

import re

from starkeeper.errors import nearest
from starkeeper.model.desk import Desk
from starkeeper.model.resources import ResourceKey
from starkeeper.policies.bind import Binder
from starkeeper.policies.grammar import Word
from starkeeper.policies.nodes import Pair, ScalarNode

ISSUE = re.compile(r"([^#\s]+)#([1-9][0-9]{0,8})", re.ASCII)


def check_issue(name: Word, desk: Desk, binder: Binder) -> None:
    """Reports a name that is none, or whose tracker the desk does not have."""
    found = ISSUE.fullmatch(name.text)
    if not found:
        binder.problem(name.where, f"'{name.text}' names no issue", "write it like star#1")
    elif found[1] not in desk.trackers:
        remedy = nearest(found[1], desk.trackers)
        binder.problem(name.where, f"there is no tracker '{found[1]}'", remedy)


def check_filled(pair: Pair, binder: Binder) -> None:
    """Reports a key with nothing behind it, which would ask for nothing without a word."""
    if isinstance(pair.node, ScalarNode) and pair.node.value is None:
        binder.problem(pair.where, f"'{pair.key}' has nothing behind it", "write a value, or take the key out")


def key_of(name: str, desk: Desk) -> ResourceKey:
    """The key of an issue that a scenario names; its tracker is there."""
    tracker, _, number = name.partition("#")
    return ResourceKey(desk.trackers[tracker].path, int(number))


def name_of(key: ResourceKey, desk: Desk) -> str:
    """How a scenario names it; an issue of no tracker by its project."""
    tracker = next((name for name, each in desk.trackers.items() if each.path == key.project), key.project)
    return f"{tracker}#{key.iid}"
