"""Summaries as plans: which issue is found again, what is said on it, and what people's ticks become."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from msgspec import structs

from starkeeper.actions.summarize import Summarize, with_ticks
from starkeeper.evaluate import evaluate
from starkeeper.evaluate.steps import match_of
from starkeeper.model.decisions import Evaluation
from starkeeper.model.facts import Facts, TrackerFailure
from starkeeper.model.plan import SummarizeStep
from starkeeper.model.resources import Issue
from starkeeper.model.rules import Section
from tests.builders import BOT, NOW, RENDER, make_facts, make_issue, make_policies

LIST = '- {name: List, actions: {summarize: {title: "{{ count }} wait"}, comment_on_summary: "{{ title }}"}}'


def gathered(folder: Path, facts: Facts, rules: str = LIST) -> Evaluation:
    return evaluate(make_policies(folder, rules), facts, RENDER)


def step_of(evaluation: Evaluation) -> SummarizeStep:
    (step,) = evaluation.gathered[0].steps
    assert isinstance(step, SummarizeStep)
    return step


def opened_by(evaluation: Evaluation, number: int, **said: object) -> Issue:
    step = step_of(evaluation)
    return make_issue(iid=number, author=BOT, title=step.title, description=step.description, **said)


def facts_with(*own: Issue) -> Facts:
    return make_facts(make_issue(iid=1, title="One"), own_issues={"projects:support/star": own})


def test_the_newest_of_several_is_brought_up_to_date(tmp_path: Path) -> None:
    """A race of two runs may have let a second one through."""
    first = gathered(tmp_path, facts_with())
    two = (opened_by(first, 7), opened_by(first, 8))
    facts = structs.replace(facts_with(*two), resources=(make_issue(iid=1, title="One"), make_issue(iid=2)))
    facts = structs.replace(facts, read={**facts.read, "notes": {each.key: () for each in two}})
    assert [change.iid for change in gathered(tmp_path, facts).gathered] == [8]


def test_one_note_for_a_resource_that_two_rules_list(tmp_path: Path) -> None:
    policies = make_policies(tmp_path, LIST)
    rule, facts = policies.rules[0], facts_with()
    match = match_of(rule, facts.resources[0], facts)
    other = structs.replace(rule, name="Other")
    action = next(act.action for act in rule.actions if isinstance(act.action, Summarize))
    (change,) = action.gather(rule, "star", (Section(rule, (match,)), Section(other, (match,))), facts, RENDER)
    (step,) = change.steps
    assert isinstance(step, SummarizeStep) and len(step.comments) == 1


def test_summary_of_a_type_whose_list_failed_is_not_asked_for(tmp_path: Path) -> None:
    failed = structs.replace(facts_with(), failures=(TrackerFailure("star", "issues", "it broke off"),))
    assert gathered(tmp_path, failed).gathered == ()
    other = structs.replace(facts_with(), failures=(TrackerFailure("star", "epics", "no Premium"),))
    assert len(gathered(tmp_path, other).gathered) == 1


def test_the_day_changes_nothing(tmp_path: Path) -> None:
    rules = '- {name: List, actions: {summarize: {title: "Until {{ in_days(7) }}"}}}'
    first = gathered(tmp_path, facts_with(), rules)
    later = structs.replace(facts_with(opened_by(first, 7)), now=NOW + dt.timedelta(days=1))
    assert gathered(tmp_path, later, rules).gathered == ()


@pytest.mark.parametrize(
    ("before", "text", "after"),
    [
        ("- [x] a\n- [ ] b", "- [ ] a\n- [ ] b\n- [ ] c", "- [x] a\n- [ ] b\n- [ ] c"),
        ("* [X] a", "* [ ] a", "* [X] a"),
        ("2. [~] a", "2. [ ] a", "2. [~] a"),
        ("- [x] a", "- [ ] a and more", "- [ ] a and more"),
        ("text [x] a", "text [ ] a", "text [ ] a"),
        ("  - [x] a [ ] b", "  - [ ] a [ ] b", "  - [x] a [ ] b"),
    ],
)
def test_ticks_stay_on_the_lines_that_stay(before: str, text: str, after: str) -> None:
    assert with_ticks(text, before) == after
