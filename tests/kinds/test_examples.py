"""Every example of every condition and action is true, as the reference shows it."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any

import msgspec
import pytest

from starkeeper.evaluate.steps import match_of
from starkeeper.model.facts import Facts
from starkeeper.model.resources import Resource
from starkeeper.model.rules import Action, Rule
from starkeeper.registry import ACTIONS, CONDITIONS, Example
from tests.builders import RENDER, make_facts, make_policies, make_resource

PLANS_NOTHING = frozenset({"comment_on_summary", "original", "redact_confidential_resources", "summarize"})
"""What is asked about all resources at once or about another one, or only changes what others say."""
KNOWN_BY_MARKER = frozenset({"issue"})
"""What is not done twice because of a hidden marker, which no example can spell."""
NEEDED_BESIDE = {"comment_on_summary": "summarize: {title: A list}"}
NEEDED_ABOVE = {"original": "  conditions: {duplicate_of: {}}\n", "command": "  actions: {comment: Done.}\n"}


def _examples(registry: Any) -> list[Any]:
    return [
        pytest.param(key, example, id=f"{key}: {example.says}")
        for key in sorted(registry.keys)
        for example in registry.examples(key)
    ]


def _world(example: Example) -> tuple[Resource, Facts]:
    resource = make_resource(**example.resource)
    others = [make_resource(**other) for other in example.others]
    facts = make_facts(
        resource,
        *others,
        notes={resource.iid: example.notes},
        label_events={resource.iid: example.label_events},
        state_events={resource.iid: example.state_events},
        links={resource.iid: example.links},
        threads={resource.iid: example.threads},
        merge_requests={resource.iid: example.merge_requests},
        closes_issues={resource.iid: example.closes_issues},
        members=example.members,
        duties=example.duties,
        announcement=example.announcement,
        replies=example.replies,
    )
    return resource, facts


def _rule(folder: Path, part: str, key: str, example: Example) -> Rule:
    value = textwrap.indent(example.yaml, "      ") if "\n" in example.yaml else f" {example.yaml}"
    above, beside = NEEDED_ABOVE.get(key, ""), NEEDED_BESIDE.get(key, "")
    if part == "conditions" and key in ("reaction", "reply_is", "shift"):
        beside = "rotation: support_manager" if key == "shift" else "channel: star"
    rules = f"- name: An example\n{above}  {part}:\n    {key}:{value}\n    {beside}\n"
    return make_policies(folder, rules, type=example.resource.get("type", "issues")).rules[0]


def _action(rule: Rule, key: str) -> Action:
    return next(act.action for act in rule.actions if act.key == key)


@pytest.mark.parametrize(("key", "example"), _examples(CONDITIONS))
def test_condition_example_is_true(key: str, example: Example, tmp_path: Path) -> None:
    rule = _rule(tmp_path, "conditions", key, example)
    resource, facts = _world(example)
    condition = next(each.condition for each in rule.conditions if each.key == key)
    assert condition.holds(resource, facts) is example.gives
    assert condition.explain(resource, facts)


@pytest.mark.parametrize(("key", "example"), _examples(ACTIONS))
def test_action_example_is_true(key: str, example: Example, tmp_path: Path) -> None:
    rule = _rule(tmp_path, "actions", key, example)
    resource, facts = _world(example)
    match = match_of(rule, resource, facts)
    steps = [
        msgspec.json.decode(msgspec.json.encode(step, enc_hook=str))
        for step in _action(rule, key).plan(rule.name, match, RENDER)
    ]
    told = [{name: value for name, value in step.items() if name not in ("rule", "key")} for step in steps]
    assert told == example.gives


@pytest.mark.parametrize("registry", [CONDITIONS, ACTIONS], ids=["conditions", "actions"])
def test_kind_has_an_example_for_each_answer(registry: Any) -> None:
    for key in registry.keys:
        answers = [example.gives for example in registry.examples(key)]
        if registry is CONDITIONS:
            assert {True, False} <= set(answers), key
        else:
            assert any(answers) is not (key in PLANS_NOTHING), key
            assert registry.kind(key).speaks or registry.kind(key).tells or [] in answers or key in KNOWN_BY_MARKER, key


@pytest.mark.parametrize("registry", [CONDITIONS, ACTIONS], ids=["conditions", "actions"])
def test_example_is_on_something_that_the_kind_is_for(registry: Any) -> None:
    for key in registry.keys:
        types = {example.resource.get("type", "issues") for example in registry.examples(key)}
        assert types <= registry.kind(key).types, key
