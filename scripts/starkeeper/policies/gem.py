"""Takes a rule; gives what has another effect here than gitlab-triage would give it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from starkeeper.errors import Problem
from starkeeper.model.rules import Rule
from starkeeper.policies.labels import ends_itself
from starkeeper.policies.nodes import ListNode, MapNode, Node, Pair, ScalarNode, scalars
from starkeeper.policies.read import RuleRead
from starkeeper.policies.syntax import place_at


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_BRACES = re.compile(r"\{\s*\d+\s*\.\.\s*\d+\s*\}|\{[^{}]*,[^{}]*\}")
_SPACED = re.compile(r"\{\{(?:\s+\w+\s*|\w+\s+)\}\}")
_COMMON = _words(
    "state labels forbidden_labels no_additional_labels milestone author_username date votes upvotes discussions "
    "author_member assignee_member ruby js"
)
_CONDITIONS = {
    "issues": _COMMON | {"iteration", "weight", "health_status", "issue_type"},
    "merge_requests": _COMMON | {"draft", "source_branch", "target_branch", "reviewer_id"},
    "epics": _COMMON - {"milestone", "votes", "upvotes", "discussions", "author_member", "assignee_member"},
    "branches": frozenset({"state", "author_username", "date", "name", "protected", "ruby"}),
}
_ACTIONS = _words(
    "labels remove_labels status mention move comment comment_type comment_internal redact_confidential_resources "
    "summarize comment_on_summary issue delete work_item_status"
)
_CLIENT_DATES = ("merged_at", "committed_date", "authored_date")


def differences(read: RuleRead) -> Iterator[Problem]:
    """Each at its line; the message says what gitlab-triage does, the remedy what is so here."""
    conditions, actions = _pairs(read.node.get("conditions")), _pairs(read.node.get("actions"))
    yield from _ignored(read.rule, conditions, actions)
    for pair in conditions:
        if pair.key == "forbidden_labels":
            yield from _unexpanded(pair.node)
        elif pair.key == "date":
            yield from _borders(pair)
        elif pair.key == "no_additional_labels" and isinstance(pair.node, ScalarNode) and pair.node.value is False:
            yield Problem(pair.where, "gitlab-triage takes 'false' for 'true'", "here it asks nothing")
    yield from _each_combination(read, conditions)
    for scalar in scalars(read.node.get("actions") or ListNode(read.node.where)):
        for found in _SPACED.finditer(scalar.raw):
            where = place_at(scalar, found.start())
            yield Problem(where, f"gitlab-triage prints '{found[0]}' as it stands", "here it is replaced")
    yield from _said_again(read.rule, conditions, actions)


def _ignored(rule: Rule, conditions: tuple[Pair, ...], actions: tuple[Pair, ...]) -> Iterator[Problem]:
    for pair in conditions:
        if pair.key not in _CONDITIONS[rule.type]:
            message = f"gitlab-triage ignores the condition '{pair.key}', so the rule holds on more there"
            yield Problem(pair.where, message, "here it counts")
    for pair in actions:
        if pair.key not in _ACTIONS:
            yield Problem(pair.where, f"gitlab-triage ignores the action '{pair.key}'", "here it is done")


def _unexpanded(node: Node) -> Iterator[Problem]:
    for scalar in scalars(node):
        if _BRACES.search(scalar.text):
            message = "gitlab-triage does not expand braces under 'forbidden_labels', so this never excludes anything"
            yield Problem(scalar.where, message, "here each of these labels excludes")


def _borders(pair: Pair) -> Iterator[Problem]:
    """Where gitlab-triage compares dates itself it cuts the time off first."""
    said = {each.key: getattr(each.node, "value", None) for each in _pairs(pair.node)}
    if said.get("attribute") not in _CLIENT_DATES and said.get("filter_in_ruby") is not True:
        return
    if said.get("interval_type") in ("minutes", "hours"):
        message = "gitlab-triage compares only the day of this time, whatever the minutes and hours"
        yield Problem(pair.where, message, "here the time is exact")
    elif said.get("condition") == "newer_than":
        message = "gitlab-triage leaves the first day of this time out"
        yield Problem(pair.where, message, "here it counts from that day's midnight, as for the other dates")


def _each_combination(read: RuleRead, conditions: tuple[Pair, ...]) -> Iterator[Problem]:
    limits, labels = read.node.pair("limits"), next((pair for pair in conditions if pair.key == "labels"), None)
    if limits is not None and labels is not None and any(_BRACES.search(each.text) for each in scalars(labels.node)):
        message = "gitlab-triage counts the limit for each combination of the braces anew"
        yield Problem(limits.where, message, "here it is the limit of the rule")


def _said_again(rule: Rule, conditions: tuple[Pair, ...], actions: tuple[Pair, ...]) -> Iterator[Problem]:
    words = next((pair for pair in actions if pair.key in ("comment", "mention")), None)
    if words is None or rule.repeat is not None or ends_itself(rule):
        return
    if quiet := _quiet_time(conditions):
        message = f"gitlab-triage says this again every {quiet}, since its own comment starts the clock anew"
        yield Problem(words.where, message, f"here it is said once; write repeat: {{every: {quiet}}} to keep it")
    elif not any(pair.key in ("ruby", "js") for pair in conditions):
        message = "nothing in the rule keeps it from holding again, so gitlab-triage says this at every run"
        yield Problem(words.where, message, "here it is said once")


def _quiet_time(conditions: tuple[Pair, ...]) -> str:
    for pair in conditions:
        said = {each.key: each.node.text for each in _pairs(pair.node) if isinstance(each.node, ScalarNode)}
        if pair.key == "date" and (said.get("attribute"), said.get("condition")) == ("updated_at", "older_than"):
            number, unit = said.get("interval", ""), said.get("interval_type", "")
            return f"{number} {unit.removesuffix('s') if number == '1' else unit}"
    return ""


def _pairs(node: Node | None) -> tuple[Pair, ...]:
    return node.pairs if isinstance(node, MapNode) else ()
