"""For any rules and issues: what holds for every plan, whatever it is about."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from starkeeper.evaluate import evaluate
from starkeeper.evaluate.effects import with_step
from starkeeper.model.decisions import Evaluation
from starkeeper.model.plan import LabelsStep
from starkeeper.model.resources import Issue, Resource
from tests.builders import RENDER, make_facts, make_issue, make_policies

LABELS = ("a", "b", "s::x", "s::y", "s::t::1", "s::t::2")
labels = st.lists(st.sampled_from(LABELS), unique=True, max_size=3)
some_labels = labels.filter(bool)
condition_sets = st.fixed_dictionaries(
    {},
    optional={
        "labels": some_labels,
        "forbidden_labels": some_labels,
        "state": st.sampled_from(["opened", "closed"]),
        "assignees": st.sampled_from(["None", "Any"]),
        "none_of": st.lists(st.fixed_dictionaries({"labels": some_labels}), min_size=1, max_size=2),
    },
)
action_sets = st.fixed_dictionaries(
    {},
    optional={
        "labels": some_labels,
        "remove_labels": some_labels,
        "status": st.sampled_from(["close", "reopen"]),
        "assign": st.just(["kim"]),
        "unassign": st.just(["kim"]),
    },
)
rule_lists = st.lists(st.tuples(condition_sets, action_sets), min_size=1, max_size=5)
issue_lists = st.lists(
    st.fixed_dictionaries(
        {
            "labels": labels.map(tuple),
            "state": st.sampled_from(["opened", "closed"]),
            "assignees": st.sampled_from([(), ("kim",), ("lou",)]),
        }
    ),
    min_size=1,
    max_size=4,
)


def _issues(said: list[dict[str, Any]]) -> list[Issue]:
    return [make_issue(iid=number, **each) for number, each in enumerate(said, start=1)]


def _evaluate(rules: list[tuple[Any, Any]], issues: Sequence[Resource]) -> Evaluation:
    text = "\n".join(f"- {{name: R{n}, conditions: {c}, actions: {a}}}" for n, (c, a) in enumerate(rules))
    with tempfile.TemporaryDirectory() as folder:
        policies = make_policies(Path(folder), text)
    return evaluate(policies, make_facts(*issues), RENDER)


@settings(max_examples=60)
@given(rule_lists, issue_lists)
def test_an_issue_is_decided_the_same_alone_and_among_others(rules: Any, said: Any) -> None:
    issues = _issues(said)
    together = _evaluate(rules, issues)
    for issue in issues:
        alone = _evaluate(rules, [issue])
        assert [each.steps for each in together.decisions if each.resource.iid == issue.iid] == [
            each.steps for each in alone.decisions
        ]
        assert {each.rules for each in together.conflicts if each.iid == issue.iid} == {
            each.rules for each in alone.conflicts
        }


@settings(max_examples=60)
@given(rule_lists, issue_lists)
def test_what_two_rules_pulled_both_ways_the_first_would_not_pull_again(rules: Any, said: Any) -> None:
    issues = _issues(said)
    evaluation = _evaluate(rules, issues)
    left: dict[int, Resource] = {issue.iid: issue for issue in issues}
    pulled: dict[tuple[int, str], list[tuple[str, str]]] = {}
    for decision in evaluation.decisions:
        for step in decision.steps:
            left[decision.resource.iid] = with_step(left[decision.resource.iid], step) or decision.resource
            if isinstance(step, LabelsStep):
                for way, labels in (("on", step.add), ("off", step.remove)):
                    for label in labels:
                        pulled.setdefault((decision.resource.iid, label), []).append((way, step.rule))
    for (iid, label), pulls in pulled.items():
        (way, first), (last, other) = pulls[0], pulls[-1]
        if way == last or first == other:
            continue
        (rule,) = [each for number, each in enumerate(rules) if f"R{number}" == first]
        alone = _evaluate([rule], [left[iid]])
        again = [step for decision in alone.decisions for step in decision.steps if isinstance(step, LabelsStep)]
        assert not any(label in (step.add if way == "on" else step.remove) for step in again)


@settings(max_examples=60)
@given(rule_lists, issue_lists)
def test_of_each_scope_that_a_rule_touches_one_label_is_left(rules: Any, said: Any) -> None:
    evaluation = _evaluate(rules, _issues(said))
    for decision in evaluation.decisions:
        after = decision.resource
        for step in decision.steps:
            after = with_step(after, step) or after
        for step in decision.steps:
            for label in step.add if isinstance(step, LabelsStep) else ():
                scope = label.rpartition("::")[0]
                assert not scope or [each for each in after.labels if each.rpartition("::")[0] == scope] == [label]


@settings(max_examples=60)
@given(rule_lists, issue_lists)
def test_no_step_asks_for_what_is_so_already(rules: Any, said: Any) -> None:
    for decision in _evaluate(rules, _issues(said)).decisions:
        for step in decision.steps:
            assert with_step(decision.resource, step) != decision.resource
