"""Takes which part of an issue went another way than expected; gives the rules that it concerns, and when to look."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TypeVar

from starkeeper.model.explanations import Explanation
from starkeeper.model.plan import (
    AssignStep,
    Change,
    CommentStep,
    ConfidentialStep,
    DueDateStep,
    LabelsStep,
    RelateStep,
    SlackStep,
    StatusStep,
    Step,
)
from starkeeper.model.policies import Policies
from starkeeper.model.resources import ResourceKey
from starkeeper.model.rules import Act
from starkeeper.model.values import LabelPattern, Text, values_in
from starkeeper.scenarios.stage import About

M = TypeVar("M")

_LABELS = ("labels", "has", "lacks")
_STEPS: dict[str, type[Step]] = {
    **dict.fromkeys(("notes", "own", "internal", "says", "never_says", "notified"), CommentStep),
    "assignees": AssignStep,
    "state": StatusStep,
    "linked": RelateStep,
    "due_date": DueDateStep,
    "confidential": ConfidentialStep,
    "slack": SlackStep,
}
_ACTIONS = {
    AssignStep: ("assign", "unassign"),
    StatusStep: ("status",),
    RelateStep: ("relate",),
    DueDateStep: ("due_date",),
    ConfidentialStep: ("confidential",),
    SlackStep: ("slack",),
}


def concerned(
    about: About, key: ResourceKey, moments: Sequence[tuple[M, tuple[Change, ...]]], policies: Policies
) -> tuple[M, frozenset[str]]:
    """The last sweep that touched that part of the issue, else the last there was; and the names of the rules.

    They are those that touched it then and those whose actions could; where there are none, all that did anything.
    """
    acted: dict[int, frozenset[str]] = {}
    for place, (_, changes) in enumerate(moments):
        rules = _rules([step for step in _steps(changes, key) if _touches(step, about)])
        if rules:
            acted[place] = rules
    last = max(acted, default=len(moments) - 1)
    could = {rule.name for rule in policies.rules if any(_could(act, about) for act in rule.actions)}
    did = acted.get(last, frozenset())
    # What was done that should not have been is explained by who did it.
    named = did if did and about.what in ("lacks", "never_says", "notified", "changes") else did | could
    every = _rules([step for _, changes in moments for step in _steps(changes, key)])
    return moments[last][0], frozenset(named) or every or frozenset(rule.name for rule in policies.rules)


def nearest_first(explanations: Iterable[Explanation]) -> list[Explanation]:
    """Those that hold, then by the share of their conditions that keeps them from it."""
    return sorted(explanations, key=lambda each: (not each.holds, _lacking(each)))


def _lacking(explanation: Explanation) -> float:
    return sum(not each.holds for each in explanation.reasons) / max(1, len(explanation.reasons))


def _steps(changes: Iterable[Change], key: ResourceKey) -> list[Step]:
    return [step for change in changes if change.key == key for step in change.steps]


def _rules(steps: Iterable[Step]) -> frozenset[str]:
    return frozenset(step.rule for step in steps)


def _touches(step: Step, about: About) -> bool:
    if about.what in _LABELS:
        return isinstance(step, LabelsStep) and bool(about.labels.intersection((*step.add, *step.remove)))
    kind = _STEPS.get(about.what)
    return kind is None or isinstance(step, kind)


def _could(act: Act, about: About) -> bool:
    """Whether the action is of the kind; of labels, whether it names one of those in question."""
    if about.what in _LABELS:
        patterns = [_pattern_of(each) for each in values_in(act.action, Text)] if act.key == "labels" else []
        removed = values_in(act.action, LabelPattern) if act.key == "remove_labels" else ()
        named = any(each.fullmatch(label) for each in patterns for label in about.labels)
        return named or any(each.matches(tuple(about.labels)) for each in removed)
    kind = _STEPS.get(about.what)
    return act.action.speaks if kind is CommentStep else kind is not None and act.key in _ACTIONS.get(kind, ())


def _pattern_of(label: Text) -> re.Pattern[str]:
    """The labels that a template can give."""
    words = re.split(r"\{\{.*?\}\}", label.source.strip())
    return re.compile(".+".join(re.escape(each) for each in words))
