"""Takes what stands under `expect`; gives one check for each thing expected, at its place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from starkeeper.errors import Where, nearest
from starkeeper.model.desk import Desk
from starkeeper.policies.bind import BAD, Binder
from starkeeper.policies.grammar import Word
from starkeeper.policies.nodes import MapNode, Pair
from starkeeper.scenarios.grammar import CONNECTED, SYSTEMS, Expected
from starkeeper.scenarios.names import ISSUE, check_filled, check_issue
from starkeeper.scenarios.script import Check

_OTHERS = tuple(each for each in SYSTEMS if each not in CONNECTED)


class Expectations(Struct, frozen=True):
    """What is expected of issues, and of which systems something is expected, each with its place."""

    checks: tuple[Check, ...]
    systems: tuple[tuple[str, Where], ...]


def expectations(node: MapNode, desk: Desk, binder: Binder) -> Expectations:
    """All that stands there; what is wrong with it the binder knows."""
    if not node.pairs:
        binder.problem(node.where, "nothing is expected here", "name an issue, or write 'nothing: true'")
    checks = tuple(check for pair in node.pairs for check in _checks(pair, desk, binder))
    systems = tuple((pair.key, pair.where) for pair in node.pairs if pair.key in _OTHERS)
    return Expectations(checks, systems)


def _checks(pair: Pair, desk: Desk, binder: Binder) -> Iterator[Check]:
    if pair.key == "nothing":
        if _bound(binder, pair, bool) is False:
            binder.problem(pair.node.where, "'nothing: false' asks for nothing", "say which issue changed, and how")
        yield Check(pair.where, "", "nothing", True)
    elif pair.key in _OTHERS:
        _bound(binder, pair, tuple[MapNode, ...])
    elif ISSUE.fullmatch(pair.key):
        check_issue(Word(pair.key, pair.where), desk, binder)
        yield from _issue_checks(pair, desk, binder)
    else:
        keys = ("nothing", *_OTHERS)
        remedy = nearest(pair.key, keys)
        known = "an issue is named like star#1" if remedy.startswith("known here") else remedy
        binder.problem(pair.where, f"'{pair.key}' is nothing to expect", known)


def _issue_checks(pair: Pair, desk: Desk, binder: Binder) -> Iterator[Check]:
    entry = _bound(binder, pair, Expected)
    if entry is BAD or not isinstance(pair.node, MapNode):
        return
    if not pair.node.pairs:
        binder.problem(pair.where, f"nothing is expected of {pair.key}", "say which labels it must have, or so")
    for each in entry.linked or ():
        check_issue(each, desk, binder)
    for key in pair.node.pairs:
        check_filled(key, binder)
        wanted = getattr(entry, key.key)
        if wanted is not None:
            names = tuple(each.text for each in wanted) if key.key == "linked" else wanted
            yield Check(key.where, pair.key, key.key, names)


def _bound(binder: Binder, pair: Pair, kind: Any) -> Any:
    return binder.bind(pair.node, kind, f"'{pair.key}'")
