"""Takes policies and what is connected; gives the policies that can be run there, with what is left out and why."""

from __future__ import annotations

from collections.abc import Collection

from msgspec import structs

from starkeeper.model.facets import System
from starkeeper.model.plan import Skipped
from starkeeper.model.policies import Policies
from starkeeper.model.rules import Act, Rule

_OFF: dict[System, str] = {
    "slack": "Slack is not connected: SLACK_BOT_TOKEN is not set",
    "pagerduty": "PagerDuty is not connected: PAGERDUTY_API_KEY is not set",
}


def within_reach(policies: Policies, systems: Collection[System]) -> Policies:
    """A rule that asks a system which is not connected is left out; of one that only acts there the other actions are
    done. Each is skipped with the reason."""
    rules: list[Rule] = []
    skipped: list[Skipped] = list(policies.skipped)
    for rule in policies.rules:
        missing = _asked(rule) - set(systems)
        kept = tuple(act for act in rule.actions if act.action.system in systems)
        off = _acted(rule) - set(systems)
        if missing or (rule.actions and not kept):
            skipped.append(Skipped(rule.name, _OFF[min(missing or off)]))
            continue
        if off:
            skipped.append(Skipped(rule.name, f"{_OFF[min(off)]}; the rest of the rule is done"))
        rules.append(_done_within(rule, kept, systems) if off else rule)
    return structs.replace(policies, rules=tuple(rules), skipped=tuple(skipped))


def _asked(rule: Rule) -> set[System]:
    by_type: set[System] = {"slack"} if rule.type == "slack_messages" else set()
    # What is asked within a group has an answer all the same: in a system that is off, nothing was set or said.
    return by_type | {clause.condition.system for clause in rule.conditions}


def _done_within(rule: Rule, kept: tuple[Act, ...], systems: Collection[System]) -> Rule:
    """The rule with only what can be done; what it does to an original is looked at where that is done."""
    if rule.repeat is None:
        return structs.replace(rule, actions=kept)
    then = tuple(act for act in rule.repeat.then if act.action.system in systems)
    return structs.replace(rule, actions=kept, repeat=structs.replace(rule.repeat, then=then))


def _acted(rule: Rule) -> set[System]:
    """What its actions need, those of an original and those after the last repetition too."""
    acts = (*rule.actions, *(rule.repeat.then if rule.repeat else ()))
    return {each.action.system for act in acts for each in (act, *act.action.acts())}
