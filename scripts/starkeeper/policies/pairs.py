"""Takes checked rules; gives what two of them do together that is probably not meant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from starkeeper.errors import Problem
from starkeeper.model.rules import Clause, Rule
from starkeeper.policies.check import every_clause
from starkeeper.policies.grammar import FindingName
from starkeeper.policies.labels import LabelRules, label_rules, meet, undo_each_other
from starkeeper.policies.read import RuleRead

# Conditions that tell people's doings from the bot's own.
_PEOPLE = frozenset({"human_activity", "commented", "label_added", "expr"})


def find_pairs(reads: Iterable[RuleRead]) -> Iterator[tuple[FindingName, Problem]]:
    """Every finding of two rules that the one it is said of does not silence."""
    every = [(read, label_rules(read.rule)) for read in reads if read.parts is None]
    yield from (("undone", each) for each in _undone([rules for read, rules in every if "undone" not in read.meant]))
    judged = [rules for _, rules in every]
    for read, rules in every:
        if "warning-stays" not in read.meant:
            yield from (("warning-stays", each) for each in _warning_stays(rules, judged))
        if "own-activity" not in read.meant:
            yield from (("own-activity", each) for each in _own_activity(rules, judged))


def _undone(judged: list[LabelRules]) -> Iterator[Problem]:
    """Two rules of which one sets what the other takes off, for ever."""
    for one in (each for each in judged if each.sets):
        for other in (each for each in judged if each.takes_off):
            if label := undo_each_other(one, other):
                message = f"this rule sets '{label}', which the rule '{other.rule.name}' takes off again, and so on"
                yield Problem(one.rule.where, message, "let one of them forbid what the other sets")


def _warning_stays(warning: LabelRules, judged: list[LabelRules]) -> Iterator[Problem]:
    """A label that warns of a closing, which an answer by a person does not clear."""
    if not _asks_for_quiet(warning.rule):
        return
    for label in warning.sets:
        closing = next((each for each in judged if _closes(each, label) and meet(each.rule, warning.rule)), None)
        cleared = any(
            each.removes(label) and not _closes(each, label) for each in judged if meet(each.rule, warning.rule)
        )
        if closing is None or cleared or _minds_people(closing.rule):
            continue
        message = f"nothing takes '{label}' off when a person answers, and the rule '{closing.rule.name}' then closes"
        remedy = f"add a rule: conditions labels: [{label}] and human_activity: {{within: 7 days}}, remove_labels"
        yield Problem(warning.rule.where, message, remedy)


def _own_activity(clearing: LabelRules, judged: list[LabelRules]) -> Iterator[Problem]:
    """A label taken off because of something new, which is the very note that came with the label."""
    newer = next((each for each in _dates(clearing.rule) if each.condition.condition == "newer_than"), None)  # type: ignore[attr-defined]
    if newer is None or _minds_people(clearing.rule):
        return
    for each in judged:
        label = next((label for label in each.sets if clearing.removes(label)), "")
        if label and meet(each.rule, clearing.rule) and _asks_for_quiet(each.rule):
            message = f"setting '{label}' makes the resource newer, so this rule takes it off again at once"
            yield Problem(newer.where, message, "write human_activity: {within: 1 hour}, which looks at people only")
            return


def _asks_for_quiet(rule: Rule) -> bool:
    return any(each.condition.condition == "older_than" for each in _dates(rule))  # type: ignore[attr-defined]


def _dates(rule: Rule) -> Iterator[Clause]:
    """The conditions on the time of the last change."""
    for clause in every_clause(rule.conditions):
        if clause.key == "date" and getattr(clause.condition, "attribute", "") == "updated_at":
            yield clause


def _closes(rules: LabelRules, label: str) -> bool:
    """Whether a rule closes what has been quiet since it carries the label."""
    closes = any(act.key == "status" and getattr(act.action, "value", "") == "close" for act in rules.rule.actions)
    wants = any(pattern.matching((label,)) for pattern in rules.required)
    return closes and wants and _asks_for_quiet(rules.rule)


def _minds_people(rule: Rule) -> bool:
    return any(clause.key in _PEOPLE for clause in every_clause(rule.conditions))
