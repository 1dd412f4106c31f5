"""What rules remember of what they said: by occasion, after edits and deletions, and how often they may repeat it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from starkeeper.evaluate import evaluate
from starkeeper.model.facts import Facts
from starkeeper.model.plan import CommentStep, LabelsStep, Step
from starkeeper.model.resources import Issue
from tests.builders import BOT, NOW, RENDER, make_facts, make_issue, make_policies

HOUR = dt.timedelta(hours=1)
Notes = Sequence[Mapping[str, Any]]


class Story:
    """One issue under some rules: what they do is done, people act, time passes."""

    def __init__(self, folder: Path, rules: str, **issue: Any) -> None:
        self.policies = make_policies(folder, rules)
        self.issue = make_issue(**issue)
        self.others: list[Issue] = []
        self.notes: dict[int, list[dict[str, Any]]] = {}
        self.events: list[dict[str, Any]] = []
        self.said: dict[str, dt.datetime] = {}
        self.now = NOW

    def facts(self) -> Facts:
        issues = (self.issue, *self.others)
        facts = make_facts(*issues, notes=self.notes, label_events={12: self.events}, now=self.now)
        return structs.replace(facts, said={self.issue.key: self.said})

    def sweep(self) -> list[Step]:
        """What was planned; its notes are written."""
        steps: list[Step] = []
        for decision in evaluate(self.policies, self.facts(), RENDER).decisions:
            for step in decision.steps:
                steps.append(step)
                if isinstance(step, CommentStep):
                    self.writes(BOT, step.body, decision.resource.iid)
        return steps

    def writes(self, author: str, body: str, iid: int = 12) -> None:
        self.notes.setdefault(iid, []).append({"author": author, "body": body, "created_at": self.now})

    def asks(self) -> None:
        self.events.append({"action": "add", "label": "ask", "user": "ivy", "created_at": self.now})

    def words(self) -> list[str]:
        """The first line of each note that a sweep writes."""
        return [step.body.splitlines()[0] for step in self.sweep() if isinstance(step, CommentStep)]


def test_command_is_answered_once_and_each_by_itself(tmp_path: Path) -> None:
    story = Story(
        tmp_path,
        "- {name: Explain, conditions: {command: {is: explain}}, actions: {comment: '{{ mention(command.by) }}: yes'}}",
    )
    story.writes("emil", "@desk-bot explain")
    story.writes("ivy", "@desk-bot explain")
    story.now += HOUR
    story.writes("amber", "@desk-bot explain please")
    assert story.words() == ["@emil: yes", "@amber: yes"]
    assert story.sweep() == []
    story.now += HOUR
    story.writes("emil", "@desk-bot explain")
    assert story.words() == ["@emil: yes"]
    assert story.sweep() == []


def test_command_that_is_answered_acts_no_more(tmp_path: Path) -> None:
    rules = "- {name: Take, conditions: {command: {is: take}}, actions: {labels: [taken], comment: Yours.}}"
    story = Story(tmp_path, rules)
    story.writes("emil", "@desk-bot take")
    assert [type(step) for step in story.sweep()] == [CommentStep, LabelsStep]
    assert story.sweep() == []


def test_strangers_are_told_once_each(tmp_path: Path) -> None:
    story = Story(
        tmp_path,
        """
- name: Strangers
  conditions: {command: {by: strangers}}
  actions: {comment: "{{ mention(command.by) }}: no"}
- name: Marks
  conditions: {label_added: {label: "mark:*", by: strangers}}
  actions: {comment: "{{ mark }} by {{ marked_by }}"}
""",
        labels=("mark:page", "mark:declare"),
    )
    for author, body in (("ivy", "@desk-bot close"), ("sam", "@desk-bot close"), ("ivy", "@desk-bot do it")):
        story.writes(author, body)
        story.now += HOUR
    story.events += [
        {"action": "add", "label": "mark:page", "user": "ivy"},
        {"action": "add", "label": "mark:declare", "user": "sam"},
    ]
    assert story.words() == ["@ivy: no", "@sam: no", '~"mark:page" by ivy', '~"mark:declare" by sam']
    story.now += HOUR
    story.writes("sam", "@desk-bot please")
    story.events += [
        {"action": "remove", "label": "mark:page", "user": "ivy"},
        {"action": "add", "label": "mark:page", "user": "ivy"},
    ]
    assert story.sweep() == []
    story.events.append({"action": "add", "label": "mark:page", "user": "sam"})
    assert story.words() == ['~"mark:page" by sam']


def test_note_that_a_person_deleted_is_known_from_a_later_one(tmp_path: Path) -> None:
    story = Story(
        tmp_path,
        """
- {name: First, actions: {comment: one}}
- {name: Second, conditions: {title: ready}, actions: {comment: two}}
""",
    )
    assert story.words() == ["one"]
    story.now += HOUR
    story.issue = structs.replace(story.issue, title="ready")
    assert story.words() == ["two"]
    del story.notes[12][0]
    assert story.sweep() == []


def test_only_note_that_was_deleted_is_known_from_the_journal(tmp_path: Path) -> None:
    story = Story(tmp_path, "- {name: First, actions: {comment: one}}")
    [step] = story.sweep()
    assert isinstance(step, CommentStep)
    story.notes.clear()
    story.said = {step.key: story.now}
    assert story.sweep() == []
    story.said = {}
    assert len(story.sweep()) == 1


def test_deleted_reminder_is_said_again_only_when_the_next_is_due(tmp_path: Path) -> None:
    story = Story(tmp_path, "- {name: Remind, actions: {comment: again}, repeat: {every: 5 hours}}")
    for _ in range(2):
        assert story.words() == ["again"]
        story.now += 5 * HOUR
    assert story.words() == ["again"]
    del story.notes[12][1]
    story.now += 4 * HOUR
    assert story.sweep() == []
    story.now += HOUR
    [step] = story.sweep()
    assert isinstance(step, CommentStep)
    assert " n=4 " in step.body


def test_what_is_not_known_any_more_was_said_before_the_next(tmp_path: Path) -> None:
    story = Story(tmp_path, "- {name: Remind, actions: {comment: again}, repeat: {every: 5 hours, at_most: 3}}")
    for _ in range(3):
        assert story.words() == ["again"]
        story.now += 5 * HOUR
    last = story.notes[12][-1]
    body = "\n".join(line for line in last["body"].splitlines() if " said=" not in line)
    story.notes[12] = [{**last, "body": body}]
    assert story.sweep() == []


def test_repeat_ends_and_then_does_something_else_once(tmp_path: Path) -> None:
    story = Story(
        tmp_path,
        """
- name: Remind
  actions: {comment: again}
  repeat: {every: 2 hours, at_most: 2, then: {labels: [needs-human], comment: I give up}}
""",
    )
    assert story.words() == ["again"]
    story.now += 2 * HOUR
    assert story.words() == ["again"]
    story.now += HOUR
    assert story.sweep() == []
    story.now += HOUR
    comment, labels = story.sweep()
    assert isinstance(comment, CommentStep)
    assert comment.body.startswith("I give up")
    assert labels == LabelsStep(rule="Remind", add=("needs-human",))
    story.issue = structs.replace(story.issue, labels=("needs-human",))
    story.now += 9 * HOUR
    assert story.sweep() == []


def test_original_is_told_of_each_duplicate_once(tmp_path: Path) -> None:
    story = Story(
        tmp_path,
        """
- name: Duplicates
  conditions: {duplicate_of: {}}
  actions:
    original: {comment: "also {{ duplicate.full_reference }}", labels: [twice]}
""",
        fields={"ticket": "1"},
    )
    story.others = [make_issue(iid=number, fields={"ticket": "1"}, created_at=NOW - number * HOUR) for number in (3, 9)]
    planned = evaluate(story.policies, story.facts(), RENDER).decisions
    assert {each.resource.iid for each in planned if each.steps} == {9}
    assert sorted(story.words()) == ["also support/star#12", "also support/star#3"]
    story.others[1] = structs.replace(story.others[1], labels=("twice",))
    assert story.sweep() == []
    story.others.append(make_issue(iid=20, fields={"ticket": "1"}, created_at=NOW + HOUR))
    assert story.words() == ["also support/star#20"]
    assert story.sweep() == []


@pytest.mark.parametrize(
    ("opened", "late"), [(2 * HOUR, ""), (25 * HOUR, "_Late by 24 h: this was due Tue 2026-12-01 09:30 UTC._")]
)
def test_reminder_that_comes_long_after_its_time_says_so(opened: dt.timedelta, late: str, tmp_path: Path) -> None:
    rules = "- {name: R, conditions: {clock: {name: answer, at_least: 50%}}, actions: {comment: answer please}}"
    story = Story(tmp_path, rules, created_at=NOW - opened)
    [step] = story.sweep()
    assert isinstance(step, CommentStep)
    assert step.body.splitlines()[2] == late or (not late and "Late" not in step.body)


def test_clock_that_starts_anew_reminds_anew(tmp_path: Path) -> None:
    rules = "- {name: R, conditions: {clock: {name: wait, at_least: 30 minutes}}, actions: {comment: answer please}}"
    story = Story(tmp_path, rules, labels=("ask",))
    story.asks()
    assert story.sweep() == []
    story.now += HOUR
    assert len(story.words()) == 1
    assert story.sweep() == []
    story.writes("emil", "Here you are.")
    story.now += HOUR
    story.asks()
    story.now += HOUR
    assert len(story.words()) == 1
    assert story.sweep() == []


@pytest.mark.parametrize(
    "group", ["any_of: [{command: {is: take}}, {command: {is: grab}}]", "all_of: [{command: {is: take}}]"]
)
def test_command_within_a_group_is_answered_once_each_time(group: str, tmp_path: Path) -> None:
    rules = f"- name: Take\n  conditions:\n    {group}\n  actions: {{labels: [taken], comment: Yours.}}"
    story = Story(tmp_path, rules)
    for _ in range(2):
        story.writes("emil", "@desk-bot take")
        assert [type(step) for step in story.sweep()] == [CommentStep, LabelsStep]
        assert story.sweep() == []
        story.now += HOUR


def test_strangers_within_a_group_are_told_once_each(tmp_path: Path) -> None:
    rules = """
- name: Marks
  conditions: {any_of: [{label_added: {label: "mark:*", by: strangers}}]}
  actions: {comment: "{{ marked_by }}"}
"""
    story = Story(tmp_path, rules, labels=("mark:a", "mark:b"))
    story.events += [{"action": "add", "label": f"mark:{each}", "user": f"user{each}"} for each in "ab"]
    assert story.words() == ["usera", "userb"]
    assert story.sweep() == []


@pytest.mark.parametrize("name", ["emil", "project_4711_bot_0123456789abcdef0123456789abcdef"])
def test_second_command_is_answered_however_long_the_name(name: str, tmp_path: Path) -> None:
    story = Story(
        tmp_path, f"- {{name: E, conditions: {{command: {{is: explain, by: [{name}]}}}}, actions: {{comment: ok}}}}"
    )
    for _ in range(2):
        story.writes(name, "@desk-bot explain")
        assert story.words() == ["ok"]
        assert story.sweep() == []
        story.now += HOUR


def test_people_of_alike_names_are_told_each(tmp_path: Path) -> None:
    story = Story(
        tmp_path, "- {name: S, conditions: {command: {by: strangers}}, actions: {comment: '{{ command.by }}'}}"
    )
    for name in ("ann.lee", "ann_lee", "ann-lee"):
        story.writes(name, "@desk-bot please")
    assert len(story.words()) == 3
    assert story.sweep() == []


def test_command_beside_a_clock_in_its_second_run_is_answered_once(tmp_path: Path) -> None:
    rules = (
        "- {name: T, conditions: {command: {is: take}, clock: {name: wait}}, actions: {labels: [taken], comment: ok}}"
    )
    story = Story(tmp_path, rules)
    for _ in range(2):
        story.asks()
        story.now += HOUR
        story.writes("emil", "Here.")
        story.now += HOUR
    story.asks()
    story.writes("emil", "@desk-bot take")
    assert [type(step) for step in story.sweep()] == [CommentStep, LabelsStep]
    assert story.sweep() == []


def test_answer_that_was_deleted_opens_nothing_again(tmp_path: Path) -> None:
    rules = """
- {name: Take, conditions: {command: {is: take}}, actions: {labels: [taken], comment: Yours.}}
- {name: Other, conditions: {title: ready}, actions: {comment: two}}
"""
    story = Story(tmp_path, rules)
    story.writes("emil", "@desk-bot take")
    assert len(story.sweep()) == 2
    story.issue = structs.replace(story.issue, title="ready")
    story.now += HOUR
    assert story.words() == ["two"]
    story.notes[12] = [note for note in story.notes[12] if not note["body"].startswith("Yours.")]
    assert story.sweep() == []


def test_label_of_a_command_that_the_next_rule_passes_on_is_a_chain(tmp_path: Path) -> None:
    rules = """
- {name: Take, conditions: {command: {is: take}}, actions: {labels: [taken], comment: Yours.}}
- {name: Pass, conditions: {labels: [taken]}, actions: {remove_labels: [taken], labels: [working]}}
"""
    story = Story(tmp_path, rules)
    story.writes("emil", "@desk-bot take")
    evaluation = evaluate(story.policies, story.facts(), RENDER)
    assert evaluation.conflicts == ()
    assert [each.rule.name for each in evaluation.decisions if each.steps] == ["Take", "Pass"]


def test_words_that_are_left_out_count_in_any_case(tmp_path: Path) -> None:
    rules = (
        "- {name: W, conditions: {command: {is_none_of: [Explain, 'suggest  engineers']}}, actions: {comment: what?}}"
    )
    story = Story(tmp_path, rules)
    for body in ("@desk-bot explain", "@desk-bot suggest engineers for Geo"):
        story.writes("emil", body)
    assert story.sweep() == []


def test_reminder_after_a_snooze_is_not_late(tmp_path: Path) -> None:
    rules = (
        "- {name: R, conditions: {snoozed: false, clock: {name: answer, at_least: 50%}}, actions: {comment: answer}}"
    )
    story = Story(tmp_path, rules, created_at=NOW, author="emil")
    story.writes("emil", "@desk-bot snooze 1 day")
    story.now += 24 * HOUR
    [step] = story.sweep()
    assert isinstance(step, CommentStep)
    assert "Late" not in step.body
