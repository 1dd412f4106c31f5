"""Every example of every condition and action is true, as the reference shows it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from starkeeper.evaluate.passes import names_bound
from starkeeper.model.facts import Facts
from starkeeper.model.resources import Issue
from starkeeper.model.rules import Match, Rule
from starkeeper.registry import ACTIONS, CONDITIONS, Example
from tests.builders import RENDER, make_facts, make_issue, make_policies


def _examples(registry: Any) -> list[Any]:
    return [
        pytest.param(key, example, id=f"{key}: {example.says}")
        for key in sorted(registry.keys)
        for example in registry.examples(key)
    ]


def _world(example: Example) -> tuple[Issue, Facts]:
    issue = make_issue(**example.issue)
    others = [make_issue(**other) for other in example.others]
    facts = make_facts(
        issue,
        *others,
        notes={issue.iid: example.notes},
        label_events={issue.iid: example.label_events},
        links={issue.iid: example.links},
    )
    return issue, facts


def _rule(folder: Path, part: str, key: str, example: Example) -> Rule:
    return make_policies(folder, f"- name: An example\n  {part}:\n    {key}: {example.yaml}\n").rules[0]


@pytest.mark.parametrize(("key", "example"), _examples(CONDITIONS))
def test_condition_example_is_true(key: str, example: Example, tmp_path: Path) -> None:
    rule = _rule(tmp_path, "conditions", key, example)
    issue, facts = _world(example)
    condition = rule.conditions[0].condition
    assert condition.holds(issue, facts) is example.gives
    assert condition.explain(issue, facts)


@pytest.mark.parametrize(("key", "example"), _examples(ACTIONS))
def test_action_example_is_true(key: str, example: Example, tmp_path: Path) -> None:
    rule = _rule(tmp_path, "actions", key, example)
    issue, facts = _world(example)
    match = Match(issue, facts, names_bound(rule, issue, facts))
    steps = [
        msgspec.json.decode(msgspec.json.encode(step, enc_hook=str))
        for step in rule.actions[0].action.plan(rule.name, match, RENDER)
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
            speaks = registry.kind(key).speaks
            assert any(answers) and (speaks or [] in answers), key
