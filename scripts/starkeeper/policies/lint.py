"""Takes checked rules; gives what is allowed but probably not meant. A rule silences a finding by `meant: [name]`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TypeVar

from msgspec import Struct

from starkeeper.errors import Problem
from starkeeper.model.rules import Act, Clause, Rule
from starkeeper.model.values import LabelPattern, Text, values_in
from starkeeper.policies.grammar import FindingName
from starkeeper.policies.labels import ends_itself, label_rules
from starkeeper.policies.load import Loaded
from starkeeper.policies.nodes import MapNode, ScalarNode, scalars
from starkeeper.policies.pairs import find_pairs
from starkeeper.policies.read import RuleRead

T = TypeVar("T")
_PROMISE = re.compile(r"(?:warn|remind|notify|ping|nudge|mention|comment|label|mark|flag)\b", re.IGNORECASE)
_SAYS_IT_CLOSES = re.compile(r"(?:and|then|&|,)\s+(?:\S+-?)?clos", re.IGNORECASE)


class Finding(Struct, frozen=True, order=True):
    """A probable mistake: the problem, and the name by which a rule can say that it is meant."""

    problem: Problem
    name: FindingName

    def __str__(self) -> str:
        return f"{self.problem} [{self.name}]"


def find_mistakes(loaded: Loaded) -> tuple[Finding, ...]:
    """Every finding that its rule does not silence, in the order of the files."""
    parts = [part for each in loaded.rules for part in each.parts or ()]
    rules = [*loaded.rules, *parts]
    found = [
        Finding(problem, name)
        for read in rules
        for name, look in _LOOKS.items()
        # A rule of a summary that says no words of its own is listed all the same.
        if name not in read.meant and not (name == "does-nothing" and read in parts)
        for problem in look(read)
    ]
    found += (
        Finding(problem, "ignored-in-summary")
        for read in loaded.rules
        for part in read.parts or ()
        if "ignored-in-summary" not in part.meant
        for problem in _ignored_in_summary(read, part)
    )
    return tuple(sorted({*found, *(Finding(problem, name) for name, problem in find_pairs(rules))}))


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


def _does_nothing(read: RuleRead) -> Iterator[Problem]:
    if not read.rule.actions:
        yield Problem(read.rule.where, "this rule has no actions, so it does nothing", "give it 'actions'")


def _literal_newline(read: RuleRead) -> Iterator[Problem]:
    """`\\n` that YAML leaves as it stands: read as a line break here, which may be a part of `C:\\new` as well."""
    actions = read.node.get("actions")
    for scalar in scalars(actions) if actions else ():
        if scalar.words != scalar.text:
            message = r"'\n' in this text is taken for a line break, as gitlab-triage does"
            yield Problem(scalar.where, message, "write the text as a block that begins with |")


def _never_matches(read: RuleRead) -> Iterator[Problem]:
    """A label that is asked for and forbidden."""
    rule = label_rules(read.rule)
    for pattern in rule.required:
        if pattern.word == "None" and len(rule.required) > 1:
            yield _problem(read, "labels", "no issue has no label and another one", "take 'None' or the others out")
        elif pattern.names and not pattern.patterns and all(rule.forbids(name) for name in pattern.names):
            message = f"'{pattern.source}' is both asked for and forbidden, so the rule never holds"
            yield _problem(read, "forbidden_labels", message, "take it out of one of the two")


def _shared_name(read: RuleRead) -> Iterator[Problem]:
    name = read.node.get("name")
    if isinstance(name, ScalarNode) and name.value is not None and name.text.strip() != read.rule.name:
        message = f"another rule has this name too; here it is called '{read.rule.name}'"
        yield Problem(name.where, message, "give each rule a name of its own: what it said is remembered by it")


def _braces_kept(read: RuleRead) -> Iterator[Problem]:
    """Braces name alternatives where labels are asked for or taken off; one that is set has them in its name."""
    for text in _values(read.rule, "labels", Text):
        if re.search(r"(?<!\{)\{[^{}%#]*(?:,|\.\.)[^{}]*\}(?!\})", text.source):
            message = f"the label '{text.source}' is set with its braces: they stand for several only in conditions"
            yield Problem(text.where, message, "write each label by itself")


def _empties_its_summary(read: RuleRead) -> Iterator[Problem]:
    """What a rule lists it must go on holding on, or the summary is opened and closed again."""
    for act in read.rule.actions:
        if act.key == "summarize" and read.parts is None and len(read.rule.actions) > 1 and ends_itself(read.rule):
            message = "the rule holds no longer once it has acted, so its summary is emptied at the next run"
            yield Problem(act.where, message, "list in a rule of its own, which looks for what this one sets")


def _ignored_in_summary(read: RuleRead, part: RuleRead) -> Iterator[Problem]:
    for act in part.rule.actions:
        if not act.action.gathers:
            message = f"'{act.key}' is not done for a rule of the summary '{read.rule.name}'"
            yield Problem(act.where, message, "put it into a rule of its own beside the summaries")


def _repeats(read: RuleRead) -> Iterator[Problem]:
    for act in read.rule.actions:
        if getattr(act.action, "new_each_run", False):
            message = f"'{act.key}' opens a new issue at every run"
            yield Problem(act.where, message, "leave 'new_each_run' out, and the issue is found again")


def _unlike_its_name(read: RuleRead) -> Iterator[Problem]:
    """A name that promises words or a label, on a rule that closes at once."""
    promised = _PROMISE.match(read.rule.name)
    closes = any(act.key == "status" and getattr(act.action, "value", "") == "close" for act in read.rule.actions)
    if promised and closes and not _SAYS_IT_CLOSES.search(read.rule.name):
        message = f"the name says '{promised[0]}', and the rule closes at once"
        yield _problem(read, "status", message, "name it after what it does, or close in another rule later")


_LOOKS: dict[FindingName, Callable[[RuleRead], Iterator[Problem]]] = {
    "added-and-removed": _added_and_removed,
    "braces-kept": _braces_kept,
    "dead-magic": _dead_magic,
    "empties-its-summary": _empties_its_summary,
    "does-nothing": _does_nothing,
    "literal-newline": _literal_newline,
    "never-matches": _never_matches,
    "repeats": _repeats,
    "shared-name": _shared_name,
    "unlike-its-name": _unlike_its_name,
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
