"""Takes checked rules; gives what is allowed but probably not meant. A rule silences a finding by `meant: [name]`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

from msgspec import Struct

from starkeeper.errors import Problem
from starkeeper.model.rules import Act, Clause, Rule
from starkeeper.model.values import LabelPattern, Text
from starkeeper.policies.check import values_in
from starkeeper.policies.grammar import FindingName
from starkeeper.policies.labels import label_rules, undo_each_other
from starkeeper.policies.load import Loaded
from starkeeper.policies.nodes import MapNode, ScalarNode, scalars
from starkeeper.policies.read import RuleRead

T = TypeVar("T")


class Finding(Struct, frozen=True, order=True):
    """A probable mistake: the problem, and the name by which a rule can say that it is meant."""

    problem: Problem
    name: FindingName

    def __str__(self) -> str:
        return f"{self.problem} [{self.name}]"


def find_mistakes(loaded: Loaded) -> tuple[Finding, ...]:
    """Every finding that its rule does not silence, in the order of the files."""
    found = [
        Finding(problem, name)
        for read in loaded.rules
        for name, look in _LOOKS.items()
        if name not in read.meant
        for problem in look(read)
    ]
    return tuple(sorted({*found, *_undone(loaded.rules)}))


def _added_and_removed(read: RuleRead) -> Iterator[Problem]:
    """The same label is set and taken off by one rule: what is left depends on luck."""
    added = {each.source for each in _values(read.rule, "labels", Text)}
    for pattern in _values(read.rule, "remove_labels", LabelPattern):
        for label in pattern.matching(tuple(sorted(added))):
            yield _problem(
                read, "remove_labels", f"'{label}' is set and taken off by the same rule", "keep one of them"
            )


def _dead_magic(read: RuleRead) -> Iterator[Problem]:
    """Words that meant something to old versions of GitLab."""
    for scalar in _condition_scalars(read, "labels"):
        if scalar.text.casefold() == "no label":
            yield Problem(scalar.where, "'No Label' is a label of that name, not the lack of one", "write None")
    for scalar in _condition_scalars(read, "milestone"):
        if scalar.text.casefold() == "no milestone":
            yield Problem(scalar.where, "'No Milestone' is a milestone of that name, not the lack of one", "write none")


def _does_nothing(read: RuleRead) -> Iterator[Problem]:
    if not read.rule.actions:
        yield Problem(read.rule.where, "this rule has no actions, so it does nothing", "give it 'actions'")


def _literal_newline(read: RuleRead) -> Iterator[Problem]:
    """`\\n` is a line break only between double quotes; elsewhere the two characters are printed."""
    actions = read.node.get("actions")
    for scalar in scalars(actions) if actions else ():
        if "\\n" in scalar.text and not scalar.is_literal and not scalar.raw.startswith('"'):
            yield Problem(
                scalar.where,
                r"'\n' is printed as it stands in this text",
                "write the text as a block that begins with |",
            )


def _never_matches(read: RuleRead) -> Iterator[Problem]:
    """A label that is asked for and forbidden."""
    rule = label_rules(read.rule)
    for pattern in rule.required:
        if pattern.source == "None" and len(rule.required) > 1:
            yield _problem(read, "labels", "no issue has no label and another one", "take 'None' or the others out")
        elif pattern.names and not pattern.patterns and all(rule.forbids(name) for name in pattern.names):
            message = f"'{pattern.source}' is both asked for and forbidden, so the rule never holds"
            yield _problem(read, "forbidden_labels", message, "take it out of one of the two")


def _shared_name(read: RuleRead) -> Iterator[Problem]:
    name = read.node.get("name")
    if isinstance(name, ScalarNode) and name.text.strip() != read.rule.name:
        message = f"another rule has this name too; here it is called '{read.rule.name}'"
        yield Problem(name.where, message, "give each rule a name of its own: what it said is remembered by it")


def _undone(reads: tuple[RuleRead, ...]) -> Iterator[Finding]:
    """Two rules of which one sets what the other takes off, for ever."""
    judged = [label_rules(read.rule) for read in reads if "undone" not in read.meant]
    for one in (each for each in judged if each.sets):
        for other in (each for each in judged if each.takes_off):
            if label := undo_each_other(one, other):
                message = f"this rule sets '{label}', which the rule '{other.rule.name}' takes off again, and so on"
                remedy = "let one of them forbid what the other sets"
                yield Finding(Problem(one.rule.where, message, remedy), "undone")


_LOOKS: dict[FindingName, Callable[[RuleRead], Iterator[Problem]]] = {
    "added-and-removed": _added_and_removed,
    "dead-magic": _dead_magic,
    "does-nothing": _does_nothing,
    "literal-newline": _literal_newline,
    "never-matches": _never_matches,
    "shared-name": _shared_name,
}


def _values(rule: Rule, action: str, kind: type[T]) -> list[T]:
    return [value for act in rule.actions if act.key == action for value in values_in(act.action, kind)]


def _condition_scalars(read: RuleRead, key: str) -> Iterator[ScalarNode]:
    conditions = read.node.get("conditions")
    node = conditions.get(key) if isinstance(conditions, MapNode) else None
    return scalars(node) if node else iter(())


def _problem(read: RuleRead, key: str, message: str, remedy: str) -> Problem:
    """At the condition or action of that key."""
    every: tuple[Clause | Act, ...] = (*read.rule.conditions, *read.rule.actions)
    where = next((each.where for each in reversed(every) if each.key == key), read.rule.where)
    return Problem(where, message, remedy)
