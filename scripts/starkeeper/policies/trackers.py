"""Takes the rules of all files; gives each the trackers that it runs over, and a name of its own for its type."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from msgspec import structs

from starkeeper.errors import Problem, Where, nearest
from starkeeper.model.desk import Desk
from starkeeper.model.resources import ResourceType
from starkeeper.model.rules import Rule
from starkeeper.policies.files import DESK_FILE
from starkeeper.policies.grammar import PLACED_BY, Word
from starkeeper.policies.read import FileRead, RuleRead


def place_on(files: Iterable[FileRead], tracker: str) -> tuple[RuleRead, ...]:
    """Every rule on the one tracker of a plain run. A name that was used before gets a number behind it.

    gitlab-triage lets rules share a name; here the name is part of what marks a comment as said.
    """
    taken: set[tuple[ResourceType, str]] = set()
    placed = []
    for each in _rules(files):
        name, number = each.rule.name, 1
        while (each.rule.type, name) in taken:
            number += 1
            name = f"{each.rule.name} ({number})"
        taken.add((each.rule.type, name))
        placed.append(_with(each, structs.replace(each.rule, name=name, trackers=(tracker,))))
    return tuple(placed)


def place_by_name(
    files: Iterable[FileRead], desk: Desk | None, *, has_desk: bool, problems: list[Problem]
) -> tuple[RuleRead, ...]:
    """Each rule on the trackers that it, or its file, names. `desk` is None where desk.yml could not be used."""
    placed = []
    for file in files:
        words = [*file.trackers, *(word for each in file.rules for word in each.trackers)]
        problems += _unknown(words, desk, has_desk=has_desk)
        for each in file.rules:
            names = dict.fromkeys(word.text for word in each.trackers or file.trackers)
            if each.rule.type in PLACED_BY:
                names = dict.fromkeys(_places(each.rule))
                problems += _misplaced(each, names)
            elif not names:
                problems.append(_nowhere(file, each))
            placed.append(_with(each, structs.replace(each.rule, trackers=tuple(names))))
    problems += _same_names(each.rule for each in placed)
    return tuple(placed)


def _rules(files: Iterable[FileRead]) -> Iterator[RuleRead]:
    return (rule for file in files for rule in file.rules)


def _with(read: RuleRead, rule: Rule) -> RuleRead:
    """The rules that a summary lists are for its trackers."""
    parts = read.parts and tuple(_with(each, structs.replace(each.rule, trackers=rule.trackers)) for each in read.parts)
    return structs.replace(read, rule=rule, parts=parts)


def _unknown(words: Iterable[Word], desk: Desk | None, *, has_desk: bool) -> Iterator[Problem]:
    for word in words:
        if not has_desk:
            remedy = "write one beside this file, or name a project with --project"
            yield Problem(word.where, f"tracker '{word.text}' needs a {DESK_FILE}, and there is none", remedy)
        elif desk is not None and word.text not in desk.trackers:
            remedy = nearest(word.text, desk.trackers)
            yield Problem(word.where, f"{DESK_FILE} has no tracker '{word.text}'", remedy)


def _nowhere(file: FileRead, each: RuleRead) -> Problem:
    """Once for a file without any tracker; at the rule where the others name theirs."""
    where = each.rule.where if file.names_tracker else Where(file.shown)
    what = "this rule" if file.names_tracker else "this file"
    return Problem(
        where, f"{what} does not say which tracker it is for", "write 'tracker: NAME', or run with --project"
    )


def _places(rule: Rule) -> tuple[str, ...]:
    """The channels or rotations that its condition names."""
    found = (each.condition for each in rule.conditions if each.key == PLACED_BY[rule.type])
    return tuple(name for condition in found for name in getattr(condition, "names", ()))


def _misplaced(each: RuleRead, names: Collection[str]) -> Iterator[Problem]:
    """A rule for messages or shifts without its channel or rotation, or with a tracker, which it cannot have."""
    key, what = PLACED_BY[each.rule.type], each.rule.type.replace("_", " ")
    if not names and each.knows_names:
        yield Problem(each.rule.where, f"this rule for {what} does not say where it looks", f"add '{key}: NAME'")
    for word in each.trackers:
        yield Problem(word.where, f"a rule for {what} has no tracker", f"take it out; '{key}' says where it looks")


def _same_names(rules: Iterable[Rule]) -> Iterator[Problem]:
    seen: dict[tuple[str, ResourceType, str], Rule] = {}
    for rule in rules:
        for tracker in rule.trackers:
            first = seen.setdefault((tracker, rule.type, rule.name), rule)
            if first is not rule:
                message = f"the name '{rule.name}' is taken by the rule at {first.where} for tracker '{tracker}'"
                yield Problem(rule.where, message, "what a rule said is remembered by its name, so give it another")
