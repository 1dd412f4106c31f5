"""Who is on call, as conditions, actions and templates ask for it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from msgspec import structs

from starkeeper.errors import PolicyError
from starkeeper.evaluate.steps import match_of
from starkeeper.model.facets import FacetNeeded
from starkeeper.model.facts import Facts
from starkeeper.model.plan import AssignStep, CommentStep
from starkeeper.model.resources import Place, ResourceType
from starkeeper.model.rules import Condition, Rule
from tests.builders import RENDER, make_facts, make_issue, make_policies

ISSUE = make_issue(assignees=("kim",))
EMIL = {"person": "emil", "starts": "2026-12-02T08:00:00Z", "ends": "2026-12-02T16:00:00Z"}
AOI = {"person": "aoi", "starts": "2026-12-03T00:00:00Z", "ends": "2026-12-03T08:00:00Z"}
LEE = {**EMIL, "person": "", "name": "Lee **Okafor**"}
FAILED = {("duties", Place("rotations", "paged")): ("PagerDuty is down", False)}


def _rule(folder: Path, yaml: str, type: ResourceType = "issues") -> Rule:
    return make_policies(folder, f"- name: R\n  {yaml}", type=type).rules[0]


def _condition(folder: Path, value: str) -> Condition:
    return _rule(folder, f"conditions: {{on_call: {value}}}").conditions[0].condition


def _failed() -> Facts:
    return structs.replace(make_facts(ISSUE, duties={"other": []}), unread=FAILED)


def _at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("rotation", "now", "says", "turn"),
    [
        (
            "support_manager",
            "2026-12-02T09:30:00Z",
            "emil is on call in support_manager until 16:00 UTC",
            "2026-12-02T16:00:00Z",
        ),
        (
            "support_manager",
            "2026-12-02T20:00:00Z",
            "amber is on call in support_manager until Thu 00:00 UTC",
            "2026-12-03T00:00:00Z",
        ),
        ("paged", "2026-12-02T09:30:00Z", "emil is on call in paged until 16:00 UTC", "2026-12-02T16:00:00Z"),
        (
            "paged",
            "2026-12-02T18:00:00Z",
            "nobody is on call in paged until Thu 00:00 UTC",
            "2026-12-03T00:00:00Z",
        ),
        ("paged", "2026-12-03T09:00:00Z", "nobody is on call in paged", None),
    ],
)
def test_who_is_on_call_is_told_until_when_and_asked_again_then(
    rotation: str, now: str, says: str, turn: str | None, tmp_path: Path
) -> None:
    condition = _condition(tmp_path, f"{{rotation: {rotation}}}")
    facts = make_facts(ISSUE, duties={"paged": [EMIL, AOI]}, now=_at(now))
    assert condition.explain(ISSUE, facts) == says
    assert condition.next_change(ISSUE, facts) == (_at(turn) if turn else None)


def test_somebody_unknown_is_told_without_the_name_that_they_chose(tmp_path: Path) -> None:
    condition = _condition(tmp_path, "{rotation: paged}")
    said = condition.explain(ISSUE, make_facts(ISSUE, duties={"paged": [LEE]}))
    assert said == "somebody whom people.yml does not know is on call in paged until 16:00 UTC"


@pytest.mark.parametrize(
    ("value", "holds"),
    [
        ("{rotation: paged}", False),
        ("{rotation: paged, known: false}", True),
        ("{rotation: paged, person: [emil]}", False),
        ("{rotation: paged, assigned: true}", False),
        ("{rotation: paged, assigned: false}", True),
    ],
)
def test_failed_look_up_counts_as_nobody_known(value: str, holds: bool, tmp_path: Path) -> None:
    assert _condition(tmp_path, value).holds(ISSUE, _failed()) is holds


@pytest.mark.parametrize(
    ("value", "holds"),
    [
        ("{rotation: paged, person: ['@Emil'], known: true}", True),
        ("{rotation: paged, person: [emil], assigned: true}", False),
        ("{rotation: paged, assigned: false}", True),
        ("{rotation: paged, assigned: false, known: false}", False),
    ],
)
def test_every_line_that_is_given_must_be_true(value: str, holds: bool, tmp_path: Path) -> None:
    facts = make_facts(ISSUE, duties={"paged": [EMIL]})
    assert _condition(tmp_path, value).holds(ISSUE, facts) is holds


@pytest.mark.parametrize(
    ("type", "value", "message"),
    [
        ("issues", "{rotation: support_manger}", "there is no rotation 'support_manger' in desk.yml; did you mean"),
        ("issues", "{rotation: paged, known: false, person: [emil]}", "take out one of 'known' and 'person'"),
        ("branches", "{rotation: paged, assigned: true}", "branches have no assignees; take out 'assigned'"),
    ],
)
def test_use_that_can_never_be_meant_is_refused(type: ResourceType, value: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(PolicyError) as caught:
        _rule(tmp_path, f"conditions: {{on_call: {value}}}", type)
    assert message in str(caught.value)


def test_action_and_template_mean_whom_pagerduty_has_on_call(tmp_path: Path) -> None:
    rule = _rule(tmp_path, """actions: {assign: {on_call: paged}, comment: "{{ mention(on_call('paged')) }}"}""")
    match = match_of(rule, ISSUE, make_facts(ISSUE, duties={"paged": [EMIL]}))
    assign, comment = (step for act in rule.actions for step in act.action.plan(rule.name, match, RENDER))
    assert isinstance(assign, AssignStep) and assign.add == ("emil",)
    assert isinstance(comment, CommentStep) and comment.body == "@emil"


@pytest.mark.parametrize("facts", [_failed(), make_facts(ISSUE, duties={"paged": [LEE]})])
def test_nobody_is_assigned_where_nobody_is_known(facts: Facts, tmp_path: Path) -> None:
    rule = _rule(tmp_path, "actions: {assign: {on_call: paged}}")
    assert rule.actions[0].action.plan(rule.name, match_of(rule, ISSUE, facts), RENDER) == ()


@pytest.mark.parametrize(
    "yaml",
    [
        "conditions: {on_call: {rotation: paged}}",
        "conditions: {assignees: {on_call: paged}}",
        "actions: {assign: {on_call: paged}}",
        "actions: {comment: \"{{ on_call('paged') }}\"}",
    ],
)
def test_whatever_asks_who_is_on_call_has_pagerduty_asked_first(yaml: str, tmp_path: Path) -> None:
    rule = _rule(tmp_path, yaml)
    facts = make_facts(ISSUE, duties={"other": []})
    with pytest.raises(FacetNeeded) as needed:
        for clause in rule.conditions:
            clause.condition.holds(ISSUE, facts)
        for act in rule.actions:
            act.action.plan(rule.name, match_of(rule, ISSUE, facts), RENDER)
    assert (needed.value.facet, needed.value.subject) == ("duties", Place("rotations", "paged"))
