"""Takes rules; gives what they ask of labels and do to them, and whether two of them work against each other."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from starkeeper.model.rules import Act, Clause, Rule
from starkeeper.model.values import LabelPattern, Text, values_in

_JUDGED = frozenset({"labels", "forbidden_labels", "state"})
_STATE = {"close": "closed", "closed": "closed", "reopen": "opened", "opened": "opened"}


class LabelRules(Struct, frozen=True):
    """What a rule asks for, forbids, sets and takes off, as far as it names labels without a template."""

    rule: Rule
    required: tuple[LabelPattern, ...]
    forbidden: tuple[LabelPattern, ...]
    sets: tuple[str, ...]
    takes_off: tuple[LabelPattern, ...]

    def forbids(self, label: str) -> bool:
        return any(pattern.matching((label,)) for pattern in self.forbidden)

    def removes(self, label: str) -> bool:
        return any(pattern.matching((label,)) for pattern in self.takes_off)


def label_rules(rule: Rule) -> LabelRules:
    """Nested groups of conditions are left out: what they ask for is not asked always."""
    return LabelRules(
        rule=rule,
        required=_patterns(rule.conditions, "labels"),
        forbidden=_patterns(rule.conditions, "forbidden_labels"),
        sets=tuple(
            text.source
            for act in rule.actions
            if act.key == "labels"
            for text in values_in(act.action, Text)
            if "{" not in text.source
        ),
        takes_off=_patterns(rule.actions, "remove_labels"),
    )


def undo_each_other(one: LabelRules, other: LabelRules) -> str:
    """A label that the first sets and the second takes off, time and again on the same issue; "" where there is none.

    Said only where it is certain: what one rule asks beyond labels and state must be a part of what the other asks.
    """
    label = next((label for label in one.sets if other.removes(label)), "")
    if not label or one is other or not meet(one.rule, other.rule):
        return ""
    again_and_again = _may_hold(other, (one,)) and _may_hold(one, (one, other))
    return label if again_and_again and _ask_alike(one.rule, other.rule) else ""


def ends_itself(rule: Rule) -> bool:
    """Whether what the rule does to labels and state makes it hold no longer."""
    labels = label_rules(rule)
    if any(labels.forbids(each) for each in labels.sets):
        return True
    if labels.sets and any(pattern.word == "None" for pattern in labels.required):
        return True
    if any(pattern.names and all(labels.removes(name) for name in pattern.names) for pattern in labels.required):
        return True
    asked = _value(rule.conditions, "state")
    done = _value(rule.actions, "status")
    return (asked, done) in (("opened", "close"), ("closed", "reopen"))


def meet(one: Rule, other: Rule) -> bool:
    """Whether there can be a resource at which both look."""
    return one.type == other.type and bool(set(one.trackers) & set(other.trackers))


def _patterns(parts: tuple[Clause, ...] | tuple[Act, ...], key: str) -> tuple[LabelPattern, ...]:
    return tuple(pattern for part in parts if part.key == key for pattern in values_in(part, LabelPattern))


def _ask_alike(first: Rule, second: Rule) -> bool:
    one, other = ([each.condition for each in rule.conditions if each.key not in _JUDGED] for rule in (first, second))
    return all(each in other for each in one) or all(each in one for each in other)


def _may_hold(asked: LabelRules, path: tuple[LabelRules, ...]) -> bool:
    """Whether the rule can hold on an issue on which the rules of the path have just acted, one after the other."""
    named = {name for each in path for name in (*each.sets, *_names(each.required)) if name}
    there = {name for name in named if _carries(name, path)}
    if any(asked.forbids(name) for name in there):
        return False
    if any(_is_missing(pattern, path, there) for pattern in asked.required):
        return False
    states = [_value(each.rule.actions, "status") or _value(each.rule.conditions, "state") for each in path]
    last = next((_STATE[state] for state in reversed(states) if state), "")
    return not last or _value(asked.rule.conditions, "state") in ("", last)


def _is_missing(pattern: LabelPattern, path: tuple[LabelRules, ...], there: set[str]) -> bool:
    if pattern.word:
        return pattern.word == "None" and bool(there)
    return not pattern.patterns and all(_carries(name, path) is False for name in pattern.names)


def _names(patterns: tuple[LabelPattern, ...]) -> Iterator[str]:
    return (pattern.exact for pattern in patterns if not pattern.word)


def _carries(name: str, path: tuple[LabelRules, ...]) -> bool | None:
    """Whether the issue has the label after these rules; None where they do not tell."""
    carries: bool | None = None
    for rules in path:
        if any(pattern.exact == name for pattern in rules.required):
            carries = True
        if rules.forbids(name) or rules.removes(name) or _pushes_out(name, rules):
            carries = False
        if name in rules.sets:
            carries = True
    return carries


def _pushes_out(name: str, rules: LabelRules) -> bool:
    scope = name.rpartition("::")[0]
    return bool(scope) and any(each.rpartition("::")[0] == scope for each in rules.sets)


def _value(parts: tuple[Clause, ...] | tuple[Act, ...], key: str) -> str:
    kinds = (part.condition if isinstance(part, Clause) else part.action for part in parts if part.key == key)
    return next((str(getattr(kind, "value", "")) for kind in kinds), "")
