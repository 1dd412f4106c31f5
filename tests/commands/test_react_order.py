"""What a reaction does, sweeps would have done: rules left to them, and Slack in between, change nothing of it. Nor
does it matter in which shard an issue is."""

from __future__ import annotations

import datetime as dt
import json
import random
from collections.abc import Callable

import pytest

from starkeeper.sandbox.faults import Fault
from tests.commands.random_desks import random_happenings, random_rules
from tests.commands.small_desk import CHANNEL, MINUTE, STAR, SmallDesk

EYES = "slack_reaction: {to: announcement, name: eyes, by: managers}"
WHOLE = """\
- name: Take over a few
  limits: {oldest: 5}
  conditions: {state: opened, forbidden_labels: [taken]}
  actions: {labels: [taken]}
- name: Say what nobody took
  conditions: {state: opened, forbidden_labels: [taken]}
  actions: {comment: "Nobody takes this.", status: close}
"""
CHAIN = """\
- name: Close what was welcomed
  conditions: {state: opened, labels: [welcomed]}
  actions: {status: close}
- name: Welcome
  conditions: {state: opened, forbidden_labels: [welcomed]}
  actions: {labels: [welcomed]}
- name: Announce
  conditions: {state: opened, labels: [welcomed]}
  actions: {slack: {post: star, text: "Came in: {{ title }}"}}
"""
PULLS = f"""\
- name: Add x
  conditions: {{state: opened, forbidden_labels: [x]}}
  actions: {{labels: [x]}}
- name: Take x off
  conditions: {{state: opened, labels: [x], none_of: [{{{EYES}}}]}}
  actions: {{remove_labels: [x]}}
"""


WAITS = """\
- name: Take it over
  conditions: {state: opened}
  actions: {labels: ["s::2"]}
- name: Hand it back
  events: []
  conditions: {state: opened}
  actions: {labels: ["s::1"]}
"""
REPLY = """\
- name: Reply
  conditions: {state: opened}
  actions: {slack: {reply_to: announcement, text: "A reply"}}
- name: Announce
  events: []
  conditions: {state: opened}
  actions: {slack: {post: star, as: announcement, text: "New"}}
"""
ABOVE = """\
- name: Close it
  events: []
  conditions: {state: opened}
  actions: {status: close}
- name: Send it on
  conditions: {state: opened}
  actions: {comment: "Please look at this.", assign: [amber]}
"""


@pytest.mark.parametrize(
    "rules",
    [WHOLE, CHAIN, PULLS, WAITS, REPLY, ABOVE],
    ids=["limits", "a chain around Slack", "a conflict", "a conflict with what waits", "a thread", "closing"],
)
def test_reaction_and_then_sweeps_end_as_sweeps_alone(desks: Callable[[str], SmallDesk], rules: str) -> None:
    ends = []
    for reacts in (False, True):
        desk = desks(rules)
        iid = desk.open()
        if reacts:
            desk.react(iid)
            desk.react(iid, "update")
        for _ in range(3):
            desk.sweep()
        ends.append((desk.state, desk.texts))
    assert ends[0] == ends[1]


# Some at random, and some of those in which a reaction once did what no sweep would have.
SEEDS = (*range(12), 24, 63, 73, 93, 103, 133, 148, 175, 184, 187, 211)


@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_the_rules_and_whatever_happens_reactions_end_as_sweeps(
    desks: Callable[[str], SmallDesk], seed: int
) -> None:
    rules = random_rules(random.Random(seed))
    happenings = random_happenings(random.Random(seed))
    ends = []
    for reacts in (True, False):
        desk = desks(rules)
        for each in happenings:
            desk.happens(each, reacts=reacts)
            desk.sweep()
        desk.sweep()
        said = {iid: (*rest, sorted(notes)) for iid, (*rest, notes) in desk.state.items()}
        ends.append((said, sorted(text.removeprefix("> ") for text in desk.texts)))
    assert ends[0] == ends[1], rules


def test_what_a_rule_for_all_issues_may_do_is_waited_for(desks: Callable[[str], SmallDesk]) -> None:
    desk = desks(WHOLE)
    desk.react(desk.open())
    assert desk.state == {1: ("opened", [], (), [])}


def test_rules_that_pull_both_ways_are_a_conflict_before_either_acts(desks: Callable[[str], SmallDesk]) -> None:
    desk = desks(PULLS)
    status, out, _ = desk.react(desk.open())
    assert status == 1
    assert "rules 'Add x' and 'Take x off' disagree over label 'x'" in out
    assert desk.state == {1: ("opened", [], (), [])}


def test_dry_run_plans_what_the_run_then_does(desks: Callable[[str], SmallDesk]) -> None:
    desk = desks(CHAIN)
    iid = desk.open()
    planned = json.loads(desk.react(iid, "open", "--dry-run", "--output", "json")[1])
    done = json.loads(desk.react(iid, "open", "--output", "json")[1])
    steps = [sorted(step["action"] for each in plan["changes"] for step in each["steps"]) for plan in (planned, done)]
    assert steps == [["labels", "slack"], ["labels", "slack"]]


TURN = f"""\
- name: Announce
  conditions: {{state: opened, labels: [new]}}
  actions: {{slack: {{post: star, as: announcement, text: "{{{{ title }}}}"}}}}
- name: Acknowledge
  events: []
  conditions: {{state: opened, labels: [new], {EYES}}}
  actions: {{labels: [seen], comment: "Somebody looks at it."}}
- name: Begin
  conditions: {{state: opened, labels: [new], assignees: {{includes: [kim]}}}}
  actions: {{labels: [begun], remove_labels: [new]}}
"""


@pytest.mark.parametrize("is_seen", [True, False])
def test_no_rule_that_waits_for_the_sweep_loses_its_turn(desks: Callable[[str], SmallDesk], is_seen: bool) -> None:
    desk = desks(TURN)
    iid = desk.open(labels=["new"])
    desk.sweep()
    if is_seen:
        desk.world.slack.react(CHANNEL, desk.world.slack.messages(CHANNEL)[0].ts, by="amber", emoji="eyes")
    desk.world.edit(STAR, iid, by="amber", at=desk.now, assignees=["kim"])
    desk.now += MINUTE
    desk.react(iid, "update", by="amber")
    assert desk.state[iid][1] == (["new"] if is_seen else ["begun"])
    desk.sweep()
    labels, said = (["begun", "seen"], ["Somebody looks at it."]) if is_seen else (["begun"], [])
    assert desk.state[iid][1::2] == (labels, said)


SECOND = """\
- name: Mark the first of two
  conditions: {state: opened, duplicate_of: {state: opened, was_opened: before}}
  actions: {original: {labels: [has-second], comment: "A second one came."}}
- name: Announce
  conditions: {state: opened}
  actions: {slack: {post: star, as: announcement, text: "{{ title }}"}}
- name: Give the first to amber
  conditions: {state: opened, duplicate_of: {state: opened, was_opened: before}}
  actions: {original: {assign: [amber]}}
"""


def test_what_a_reaction_did_itself_is_not_taken_for_anothers_change(desks: Callable[[str], SmallDesk]) -> None:
    desk = desks(SECOND)
    first = desk.open()
    desk.sweep()
    desk.now += MINUTE
    status, out, _ = desk.react(desk.open())
    assert (status, "meanwhile" in out) == (0, False)
    assert desk.state[first] == ("opened", ["has-second"], ("amber",), ["A second one came."])


AGAIN = f"""\
- name: Acknowledge
  conditions: {{state: opened, {EYES}, forbidden_labels: [ack]}}
  actions: {{labels: [ack]}}
- name: Mark what was seen
  conditions: {{state: opened, label_added: {{label: seen}}, forbidden_labels: [again]}}
  actions: {{labels: [again]}}
- name: Announce the one that has a second
  conditions: {{state: opened, labels: [again], duplicate_of: {{state: opened, was_opened: before}}}}
  actions: {{original: {{slack: {{post: star, as: announcement, text: "{{{{ title }}}}"}}}}}}
- name: Announce
  conditions: {{state: opened, forbidden_labels: [again, seen]}}
  actions: {{slack: {{post: star, as: announcement, text: "{{{{ title }}}}"}}}}
"""


LOOK = """\
- name: Ask for a first look
  conditions: {state: opened, forbidden_labels: [c]}
  actions: {comment: "Please have a first look."}
- name: Mark the first of two
  conditions: {state: opened, duplicate_of: {state: opened, was_opened: before}}
  actions: {original: {labels: [c]}}
"""


def test_what_was_to_be_said_on_the_original_is_said_before_it_is_marked(desks: Callable[[str], SmallDesk]) -> None:
    desk = desks(LOOK)
    first = desk.open()
    desk.now += MINUTE
    desk.react(desk.open())
    desk.sweep()
    assert desk.state[first] == ("opened", ["c"], (), ["Please have a first look."])


def test_old_announcement_is_found_though_the_new_issue_is_younger(desks: Callable[[str], SmallDesk]) -> None:
    desk = desks(AGAIN)
    desk.open()
    desk.sweep()
    desk.now += dt.timedelta(days=3)
    second = desk.open()
    desk.world.set_labels(STAR, second, add=["seen"], by="amber", at=desk.now)
    assert desk.react(second, "update", by="amber")[0] == 0
    assert desk.texts == ["STAR for ZD#1"]


THEN_SLACK = """\
- name: Welcome
  conditions: {state: opened, forbidden_labels: [welcomed]}
  actions: {labels: [welcomed]}
- name: Announce
  conditions: {state: opened}
  actions: {slack: {post: star, text: "Came in."}}
"""


@pytest.mark.parametrize(("fault", "status"), [(404, 0), (500, 3)])
def test_what_was_done_before_the_issue_could_not_be_read_again_is_reported(
    desks: Callable[[str], SmallDesk], fault: int, status: int
) -> None:
    desk = desks(THEN_SLACK)
    iid = desk.open()
    desk.world.faults.append(Fault("GET", r"support%2Fstar/issues/1$", times=99, status=fault, body='{"message":"x"}'))
    plan = desk.folder / "plan.json"
    found, out, complaint = desk.react(iid, "open", "--plan", str(plan))
    assert found == status
    assert "Nothing to do" not in complaint
    assert "to take it back: starkeeper undo" in out
    assert [each["iid"] for each in json.loads(plan.read_text("utf-8"))["changes"]] == [iid]
    desk.world.faults.clear()
    desk.sweep()
    assert (desk.state[iid][1], desk.texts) == (["welcomed"], ["Came in."])


ORIGINAL = """\
- name: Mark the first of two
  conditions: {state: opened, duplicate_of: {state: opened, was_opened: before}}
  actions: {original: {labels: [x]}}
- name: Take the mark off
  conditions: {state: opened, labels: [x]}
  actions: {remove_labels: [x]}
"""


def test_issues_about_the_same_are_in_one_shard_so_that_a_conflict_over_one_is_seen(
    desks: Callable[[str], SmallDesk],
) -> None:
    desk = desks(ORIGINAL)
    for ticket in (*range(8), *range(8)):
        desk.open(f"STAR for ZD#{ticket}")
    told = [desk.sweep("--shard", f"{number}/4")[1].count("disagree over label 'x'") for number in range(1, 5)]
    assert sum(told) == 8
    assert all(labels == [] for _, labels, _, _ in desk.state.values())


def test_change_of_ones_own_starts_nothing_whatever_it_is_called(desks: Callable[[str], SmallDesk]) -> None:
    desk = desks(THEN_SLACK)
    iid = desk.open()
    for action in ("", "approved", "update"):
        assert "the desk did it itself" in desk.react(iid, action, by="smoc-bot")[2]
    assert desk.state[iid][1] == []


def test_left_alone_is_told_to_programs_as_a_plan_without_changes(desks: Callable[[str], SmallDesk]) -> None:
    desk = desks(THEN_SLACK)
    plan = desk.folder / "plan.json"
    plan.write_text('{"changes": ["of another run"]}', "utf-8")
    _, out, _ = desk.react(77, "open", "--output", "json", "--plan", str(plan))
    assert json.loads(out)["changes"] == []
    assert json.loads(plan.read_text("utf-8"))["changes"] == []
