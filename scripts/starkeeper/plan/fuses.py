"""Takes decisions and the ceilings of rules, files and the run; says which of them a mistake would break."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from starkeeper.model.decisions import Decision
from starkeeper.model.facts import Facts
from starkeeper.model.parts import WHOLE, Part
from starkeeper.model.plan import Change, Failure
from starkeeper.model.policies import Policies
from starkeeper.model.resources import RESOURCE_TYPES, ResourceType
from starkeeper.model.rules import Rule

RuleKey = tuple[str, ResourceType, tuple[str, ...]]
"""The name, type and trackers of a rule: on two trackers there may be two rules of one name."""


def blown_fuses(decisions: Iterable[Decision], facts: Facts, policies: Policies) -> dict[RuleKey, Failure]:
    """By rule: those that would change more issues than their own, or their file's, `max_changes` allows.

    A percentage is of the issues read in the trackers that the rule, or the rules of the file, look at. A run that is
    one of several parts has its share.
    """
    changed = [each for each in decisions if each.steps]
    blown: dict[RuleKey, Failure] = {}
    per_rule = Counter(rule_key(each.rule) for each in changed)
    for rule in policies.rules:
        limit = _ceiling(rule.max_changes, rule.trackers, facts, (rule.type,))
        found = per_rule[rule_key(rule)]
        if limit is not None and found > limit:
            whose = f"rule '{rule.name}' ({rule.where})"
            blown[rule_key(rule)] = _failure(whose, found, limit, rule.max_changes, facts.part, (rule.type,))
    for policy, ceiling in policies.max_changes.items():
        rules = [rule for rule in policies.rules if rule.policy == policy]
        touched = {each.resource.key for each in changed if each.rule.policy == policy}
        types = {rule.type for rule in rules}
        limit = _ceiling(ceiling, {name for rule in rules for name in rule.trackers}, facts, types)
        if limit is not None and len(touched) > limit:
            failure = _failure(f"policy {policy}", len(touched), limit, ceiling, facts.part, types)
            blown.update({rule_key(rule): failure for rule in rules})
    return blown


def rule_key(rule: Rule) -> RuleKey:
    return rule.name, rule.type, rule.trackers


def run_fuse(changes: Sequence[Change], facts: Facts, policies: Policies) -> tuple[Failure, ...]:
    """The failure of a run that would change more issues than desk.yml's `max_changes`, or nothing."""
    ceiling = policies.desk.max_changes
    limit = _ceiling(ceiling, policies.desk.trackers, facts)
    is_blown = limit is not None and len(changes) > limit
    return (_failure("this run", len(changes), limit or 0, ceiling, facts.part),) if is_blown else ()


def _ceiling(
    ceiling: str | int | None, trackers: Iterable[str], facts: Facts, types: Collection[ResourceType] = RESOURCE_TYPES
) -> int | None:
    if ceiling is None:
        return None
    if isinstance(ceiling, int):
        return facts.part.share_of(ceiling)
    wanted = set(trackers)
    read = sum(1 for each in facts.resources if each.tracker in wanted and each.type in types)
    return facts.part.share_of(int(float(ceiling.rstrip("% ")) * read / 100))


def _failure(
    whose: str,
    found: int,
    limit: int,
    ceiling: str | int | None,
    part: Part,
    types: Collection[ResourceType] = (),
) -> Failure:
    what = next(iter(types)).replace("_", " ") if len(types) == 1 else "resources"
    allowed = f"{ceiling} ({limit} {what})" if isinstance(ceiling, str) else f"{ceiling}"
    if part != WHOLE:
        allowed = f"{limit} to shard {part}, its share of {ceiling}"
    return Failure(
        where=whose,
        what=f"would change {found} {what}, max_changes allows {allowed}; nothing of it was done: correct its "
        "conditions, or raise max_changes if it is meant",
        must_correct=True,
    )
