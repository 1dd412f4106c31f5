"""What rules say in Slack is said once, where it belongs, and goes on being true."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from starkeeper.errors import PolicyError
from starkeeper.evaluate import evaluate, within_reach
from starkeeper.model.decisions import Evaluation
from starkeeper.model.facts import Facts
from starkeeper.model.plan import Plan, SlackStep
from starkeeper.model.policies import Policies
from starkeeper.model.resources import Mark, Place, SlackMessage
from starkeeper.plan import make_plan
from tests.builders import DESK, NOW, RENDER, SLACK_BOT, make_facts, make_issue, make_policies, make_resource

ISSUE = make_issue(title="STAR for ZD#7", labels=("star::new",), assignees=("emil",))
STAR = Place("channels", "star")
HOUR = dt.timedelta(hours=1)


def _plan(policies: Policies, facts: Facts) -> Plan:
    evaluation: Evaluation = evaluate(policies, facts, RENDER)
    assert not evaluation.needs
    return make_plan(evaluation, facts, policies)


def _steps(folder: Path, rules: str, facts: Facts, **more: Any) -> list[SlackStep]:
    plan = _plan(make_policies(folder, rules, **more), facts)
    return [step for change in plan.changes for step in change.steps if isinstance(step, SlackStep)]


def _with_messages(facts: Facts, *messages: SlackMessage) -> Facts:
    return structs.replace(facts, read={**facts.read, "messages": {**facts.read["messages"], STAR: messages}})


def _standing(step: SlackStep, *, said: dict[str, dt.datetime] | None = None, at: dt.datetime = NOW) -> SlackMessage:
    """The message that a step made, as a later run reads it."""
    mark = Mark(key=step.key, about=step.about, role=step.role, content=step.content, said=said or {})
    made: SlackMessage = make_resource(
        type="slack_messages", user=SLACK_BOT, is_own=True, created_at=at, name="1796203800.000100"
    )
    return structs.replace(made, mark=mark)


ANNOUNCE = "- {name: Announce, actions: {slack: {post: star, as: announcement, text: 'ZD#7: {{ labels }}'}}}"
REMIND = "- {name: Remind, actions: {slack: {reply_to: announcement, text: Please look.}}}"
AGAIN = f"{REMIND[:-1]}, repeat: {{every: 1 hour, at_most: 2}}}}"


def test_an_announcement_is_posted_once_and_edited_when_its_words_change(tmp_path: Path) -> None:
    [posted] = _steps(tmp_path, ANNOUNCE, make_facts(ISSUE))
    assert (posted.does, posted.channel, posted.about) == ("post", "star", "support/star#12")
    same = _with_messages(make_facts(ISSUE), _standing(posted))
    assert _steps(tmp_path, ANNOUNCE, same) == []
    moved = structs.replace(ISSUE, labels=("star::acknowledged",))
    [edited] = _steps(tmp_path, ANNOUNCE, _with_messages(make_facts(moved), _standing(posted)))
    assert (edited.does, edited.to, edited.key) == ("update", "1796203800.000100", posted.key)


def test_an_announcement_is_one_for_each_issue_whatever_its_rule_is_called(tmp_path: Path) -> None:
    [posted] = _steps(tmp_path, ANNOUNCE, make_facts(ISSUE))
    renamed = ANNOUNCE.replace("Announce", "Tell everybody")
    assert _steps(tmp_path, renamed, _with_messages(make_facts(ISSUE), _standing(posted))) == []


def test_a_rule_that_only_updates_posts_nothing(tmp_path: Path) -> None:
    rule = "- {name: Keep true, actions: {slack: {update: announcement, text: Closed.}}}"
    assert _steps(tmp_path, rule, make_facts(ISSUE)) == []


def test_a_reply_is_said_once_as_the_first_message_remembers(tmp_path: Path) -> None:
    announced = _standing(SlackStep(rule="", channel="star", key="a", about="support/star#12", role="announcement"))
    facts = _with_messages(make_facts(ISSUE), announced)
    [reply] = _steps(tmp_path, REMIND, facts)
    assert (reply.to, reply.reply_to) == (announced.name, "announcement")
    mark = announced.mark
    assert mark is not None
    told = structs.replace(announced, mark=structs.replace(mark, said={reply.key: NOW}))
    assert _steps(tmp_path, REMIND, _with_messages(make_facts(ISSUE), told)) == []


def test_what_the_journal_knows_is_not_said_again_though_somebody_deleted_it(tmp_path: Path) -> None:
    announced = _standing(SlackStep(rule="", channel="star", key="a", about="support/star#12", role="announcement"))
    facts = _with_messages(make_facts(ISSUE), announced)
    [reply] = _steps(tmp_path, REMIND, facts)
    known = structs.replace(facts, said={ISSUE.key: {reply.key: NOW}})
    assert _steps(tmp_path, REMIND, known) == []


def test_a_repeated_reminder_comes_again_and_then_no_more(tmp_path: Path) -> None:
    announced = _standing(SlackStep(rule="", channel="star", key="a", about="support/star#12", role="announcement"))
    issue = structs.replace(ISSUE, created_at=NOW - 5 * HOUR)
    keys: dict[str, dt.datetime] = {}
    counts = []
    for hours in range(4):
        now = NOW + hours * HOUR
        mark = announced.mark
        assert mark is not None
        told = structs.replace(announced, mark=structs.replace(mark, said=dict(keys)))
        steps = _steps(tmp_path, AGAIN, _with_messages(make_facts(issue, now=now), told))
        keys |= {step.key: now for step in steps}
        counts.append(len(steps))
    assert counts == [1, 1, 0, 0]


def test_a_reply_without_an_announcement_is_said_in_the_channel(tmp_path: Path) -> None:
    [reply] = _steps(tmp_path, REMIND, make_facts(ISSUE))
    assert (reply.reply_to, reply.channel) == (None, "star")


def test_a_reply_waits_for_the_announcement_of_the_same_run(tmp_path: Path) -> None:
    steps = _steps(tmp_path, f"{REMIND}\n{ANNOUNCE}", make_facts(ISSUE))
    assert [(step.role, step.reply_to) for step in steps] == [("announcement", None), ("", "announcement")]


def test_the_bots_own_emoji_is_set_once(tmp_path: Path) -> None:
    rule = "- {name: Done, actions: {slack: {react: announcement, emoji: eyes}}}"
    announced = _standing(SlackStep(rule="", channel="star", key="a", about="support/star#12", role="announcement"))
    [step] = _steps(tmp_path, rule, _with_messages(make_facts(ISSUE), announced))
    assert (step.does, step.text, step.to) == ("react", "eyes", announced.name)
    reacted = make_resource(type="slack_messages", reactions={"eyes": [SLACK_BOT]}).reactions
    assert (
        _steps(tmp_path, rule, _with_messages(make_facts(ISSUE), structs.replace(announced, reactions=reacted))) == []
    )


def test_of_a_confidential_issue_a_channel_learns_only_where_it_is(tmp_path: Path) -> None:
    secret = structs.replace(ISSUE, title="Acme is down", confidential=True)
    rule = "- {name: Tell, actions: {slack: {post: leadership, text: '{{ title }} {{ full_reference }}'}}}"
    assert [step.text for step in _steps(tmp_path, rule, make_facts(secret))] == ["(confidential) support/star#12"]


def test_a_message_is_answered_once_though_its_thread_must_be_read_for_it(tmp_path: Path) -> None:
    rule = """
- name: Show the form
  conditions: {channel: star, reaction: escalate}
  actions: {slack: {reply_to: message, text: Please use the form.}}
"""
    plea = make_resource(type="slack_messages", reactions={"escalate": ["U0LEE"]}, created_at=NOW - HOUR)
    [reply] = _steps(tmp_path, rule, make_facts(plea), type="slack_messages")
    assert (reply.to, reply.reply_to, reply.channel) == (plea.name, "message", "star")
    answered = structs.replace(plea, may_be_answered=True)
    mark = Mark(key=reply.key, about=reply.about)
    facts = make_facts(answered, replies=[{"user": SLACK_BOT, "is_own": True, "mark": structs.asdict(mark)}])
    assert _steps(tmp_path, rule, facts, type="slack_messages") == []


@pytest.mark.parametrize(
    ("action", "message"),
    [
        ("{post: starr, text: A}", "there is no channel 'starr' in desk.yml; did you mean 'star'?"),
        ("{post: leadership, as: announcement, text: A}", "'star' is announced in its own channel; write post: star"),
        ("{post: star, reply_to: announcement, text: A}", "'slack' does one thing at a time"),
        ("{post: star}", "'slack' needs a template or a text"),
        ("{reply_to: message, text: A}", "'reply_to: message' is for slack_messages"),
        ("{react: announcement}", "'react' needs an emoji"),
        ("{post: star, text: A, mention: {on_call: managers}}", "there is no rotation 'managers'"),
        ("{post: star, text: '{{ titel }}'}", "unknown name 'titel'"),
    ],
)
def test_a_slip_is_told_at_its_line(action: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(PolicyError) as caught:
        make_policies(tmp_path, f"- name: Tell\n  actions:\n    slack: {action}")
    assert message in str(caught.value)
    assert "policy.yml:" in str(caught.value)


LATE = "- {name: Told, conditions: {state: closed}, actions: {slack: {post: star, text: It is over.}}}"


def _closed(days_ago: int, opened_days_ago: int) -> Any:
    closed_at = NOW - dt.timedelta(days=days_ago)
    return make_issue(state="closed", closed_at=closed_at, created_at=NOW - dt.timedelta(days=opened_days_ago))


def test_slack_is_read_back_to_the_beginning_of_what_was_closed_lately() -> None:
    facts = make_facts(_closed(days_ago=2, opened_days_ago=20))
    assert facts.slack_since == NOW - dt.timedelta(days=21)


def test_of_what_was_closed_long_ago_nothing_is_said_since_nobody_knows_what_was(tmp_path: Path) -> None:
    assert _steps(tmp_path, LATE, make_facts(_closed(days_ago=2, opened_days_ago=20)))
    assert _steps(tmp_path, LATE, make_facts(_closed(days_ago=8, opened_days_ago=20))) == []


def test_an_announcement_does_not_tell_the_group_instead_while_nobody_can_say_who_is_on_call(tmp_path: Path) -> None:
    words = "{{ mention_on_call('paged') }}, look"
    asking = f'- {{name: Announce, actions: {{slack: {{post: star, as: announcement, text: "{words}"}}}}}}'
    known = make_facts(ISSUE, duties={"paged": [{"person": "emil", "starts": NOW - HOUR, "ends": NOW + HOUR}]})
    [posted] = _steps(tmp_path, asking, known)
    assert posted.text == "<@U0EMIL>, look"
    unread = {("duties", Place("rotations", "paged")): ("no answer", False)}
    silent = structs.replace(known, read={**known.read, "duties": {}}, unread=unread)
    assert _steps(tmp_path, asking, _with_messages(silent, _standing(posted))) == []
    assert _steps(tmp_path, asking, silent)[0].text == "whoever is on call, look"


def test_what_answers_a_command_is_written_when_all_else_is_done(tmp_path: Path) -> None:
    rule = """
- name: Take it
  conditions: {command: {is: mine}}
  actions: {comment: It is yours., labels: [taken], slack: {post: star, text: Taken.}}
"""
    asked = [{"author": "emil", "body": "@desk-bot mine"}]
    plan = _plan(make_policies(tmp_path, rule), make_facts(ISSUE, notes={12: asked}))
    assert [type(step).__name__ for step in plan.changes[0].steps] == ["SlackStep", "LabelsStep", "CommentStep"]


def test_two_hundred_strangers_make_one_note(tmp_path: Path) -> None:
    rule = """
- name: Not theirs
  conditions: {slack_reaction: {to: announcement, name: eyes, by: strangers}}
  actions: {comment: "{{ reaction }} counts only by a manager."}
"""
    reactions = {"eyes": [f"U{number:05}" for number in range(200)]}
    plan = _plan(make_policies(tmp_path, rule), make_facts(ISSUE, announcement={"reactions": reactions}))
    assert [len(change.steps) for change in plan.changes] == [1]


ACKNOWLEDGE = """
- name: Seen
  conditions: {slack_reaction: {to: announcement, name: eyes, by: managers}}
  actions: {labels: [seen]}
"""


def test_managers_known_by_address_are_looked_up_all_at_once(tmp_path: Path) -> None:
    people = {name: structs.replace(each, slack="", email=f"{name}@x.org") for name, each in DESK.people.items()}
    facts = make_facts(
        ISSUE, announcement={"reactions": {"eyes": ["U0EMIL"]}}, desk=structs.replace(DESK, people=people)
    )
    facts = structs.replace(facts, read={**facts.read, "slack_account": {}})
    needs = evaluate(make_policies(tmp_path, ACKNOWLEDGE), facts, RENDER).needs
    assert needs == {("slack_account", Place("people", name)) for name in ("amber", "emil", "aoi")}


def test_a_manager_who_cannot_be_looked_up_is_taken_for_nobody(tmp_path: Path) -> None:
    people = {name: structs.replace(each, slack="", email=f"{name}@x.org") for name, each in DESK.people.items()}
    facts = make_facts(
        ISSUE, announcement={"reactions": {"eyes": ["U0EMIL"]}}, desk=structs.replace(DESK, people=people)
    )
    unread = {("slack_account", Place("people", name)): ("no answer", False) for name in ("amber", "emil", "aoi")}
    silent = structs.replace(facts, read={**facts.read, "slack_account": {}}, unread=unread)
    for by, present in (("managers", "true"), ("managers", "false"), ("strangers", "true")):
        rule = ACKNOWLEDGE.replace("by: managers", f"by: {by}, present: {present}")
        plan = _plan(make_policies(tmp_path, rule), silent)
        assert plan.changes == ()
        assert plan.errors


def test_a_label_need_not_wait_for_slack(tmp_path: Path) -> None:
    rule = """
- name: Late
  conditions: {none_of: [{slack_reaction: {to: announcement, name: eyes, may_be_unknown: true}}]}
  actions: {labels: [late]}
"""
    facts = make_facts(ISSUE)
    silent = structs.replace(
        facts, read={**facts.read, "messages": {}}, unread={("messages", STAR): ("no answer", False)}
    )
    assert _plan(make_policies(tmp_path, rule), silent).changes
    assert not _plan(make_policies(tmp_path, rule.replace(", may_be_unknown: true", "")), silent).changes


def test_a_thread_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    rule = """
- name: Show the form
  conditions: {channel: star, reply_is: ":escalate:"}
  actions: {slack: {reply_to: message, text: Please use the form.}}
"""
    plea = make_resource(type="slack_messages", replied_at=NOW, created_at=NOW - HOUR)
    facts = make_facts(plea)
    silent = structs.replace(
        facts, read={**facts.read, "replies": {}}, unread={("replies", plea.key): ("no answer", False)}
    )
    plan = _plan(make_policies(tmp_path, rule, type="slack_messages"), silent)
    assert [(each.where, each.what) for each in plan.errors] == [("channel star", "no answer")]


def test_without_slack_the_rest_of_a_rule_is_done_also_after_its_last_repetition(tmp_path: Path) -> None:
    rule = """
- name: Remind
  actions: {comment: Please look., slack: {post: star, text: Please look.}}
  repeat: {every: 1 hour, at_most: 1, then: {labels: [needs-human], slack: {post: leadership, text: Nobody looks.}}}
"""
    policies = within_reach(make_policies(tmp_path, rule), frozenset({"gitlab"}))
    [kept] = policies.rules
    assert [act.key for act in kept.actions] == ["comment"]
    assert kept.repeat is not None
    assert [act.key for act in kept.repeat.then] == ["labels"]
    assert [each.why for each in policies.skipped] == [
        "Slack is not connected: SLACK_BOT_TOKEN is not set; the rest of the rule is done"
    ]
