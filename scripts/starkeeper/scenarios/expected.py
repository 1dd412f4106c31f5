"""Takes what stands under `expect`; gives one check for each thing expected, at its place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import Struct, structs

from starkeeper.errors import Where, nearest
from starkeeper.policies.bind import BAD, Binder
from starkeeper.policies.grammar import Word
from starkeeper.policies.nodes import ListNode, MapNode, Pair
from starkeeper.scenarios.grammar import CONNECTED, SYSTEMS, Expected, ExpectedMessage
from starkeeper.scenarios.known import Known
from starkeeper.scenarios.names import ISSUE, check_filled, check_issue, check_known, check_shift
from starkeeper.scenarios.script import Check

_OTHERS = tuple(each for each in SYSTEMS if each not in CONNECTED)


class Expectations(Struct, frozen=True):
    """What is expected of issues and in Slack, and of which systems that are not connected something is expected, each
    with its place."""

    checks: tuple[Check, ...]
    systems: tuple[tuple[str, Where], ...]


def expectations(node: MapNode, known: Known, binder: Binder) -> Expectations:
    """All that stands there; what is wrong with it the binder knows."""
    if not node.pairs:
        binder.problem(node.where, "nothing is expected here", "name an issue, or write 'nothing: true'")
    checks = tuple(check for pair in node.pairs for check in _checks(pair, known, binder))
    systems = tuple((pair.key, pair.where) for pair in node.pairs if pair.key in _OTHERS)
    return Expectations(checks, systems)


def _checks(pair: Pair, known: Known, binder: Binder) -> Iterator[Check]:
    if pair.key == "nothing":
        if _bound(binder, pair, bool) is False:
            binder.problem(pair.node.where, "'nothing: false' asks for nothing", "say which issue changed, and how")
        yield Check(pair.where, "", "nothing", True)
    elif pair.key == "slack":
        yield from _slack_check(pair, known, binder)
    elif pair.key in _OTHERS:
        _bound(binder, pair, tuple[MapNode, ...])
    elif ISSUE.fullmatch(pair.key):
        check_issue(Word(pair.key, pair.where), known.desk, binder)
        yield from _issue_checks(pair, known, binder)
    else:
        remedy = nearest(pair.key, ("nothing", "slack", *_OTHERS))
        meant = "an issue is named like star#1" if remedy.startswith("known here") else remedy
        binder.problem(pair.where, f"'{pair.key}' is nothing to expect", meant)


def _issue_checks(pair: Pair, known: Known, binder: Binder) -> Iterator[Check]:
    entry = _bound(binder, pair, Expected)
    if entry is BAD or not isinstance(pair.node, MapNode):
        return
    if not pair.node.pairs:
        binder.problem(pair.where, f"nothing is expected of {pair.key}", "say which labels it must have, or so")
    for each in entry.linked or ():
        check_issue(each, known.desk, binder)
    for key in pair.node.pairs:
        check_filled(key, binder)
        wanted = getattr(entry, key.key)
        if wanted is not None:
            names = tuple(each.text for each in wanted) if key.key == "linked" else wanted
            yield Check(key.where, pair.key, key.key, names)


def _slack_check(pair: Pair, known: Known, binder: Binder) -> Iterator[Check]:
    messages = _bound(binder, pair, tuple[ExpectedMessage, ...])
    for node in pair.node.items if isinstance(pair.node, ListNode) else ():
        for key in node.pairs if isinstance(node, MapNode) else ():
            check_filled(key, binder)
    if messages is not BAD:
        yield Check(pair.where, "", "slack", tuple(_message(each, known, binder) for each in messages))


def _message(entry: ExpectedMessage, known: Known, binder: Binder) -> ExpectedMessage:
    """The message, its emoji as Slack calls them; names that are not known are reported."""
    if entry.to.text and entry.reply_to.text:
        binder.problem(entry.to.where, "a message stands in a channel or in a thread", "keep 'to' or 'reply_to'")
    if entry.to.text:
        check_known("channel", entry.to, known.desk.channels, binder)
    if entry.reply_to.text:
        check_known("message", entry.reply_to, (*known.roles, *known.called), binder)
    if entry.issue.text:
        check_issue(entry.issue, known.desk, binder)
    if entry.shift.text:
        check_shift(entry.shift, known.desk, binder)
    if entry.role.text:
        check_known("role", entry.role, known.roles, binder)
    if entry.reactions is None:
        return entry
    emoji = known.desk.emoji
    return structs.replace(entry, reactions={emoji.get(name, name): who for name, who in entry.reactions.items()})


def _bound(binder: Binder, pair: Pair, kind: Any) -> Any:
    return binder.bind(pair.node, kind, f"'{pair.key}'")
