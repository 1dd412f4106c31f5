"""A scenario is played on Slack: people write and react there, and all that the bot says is compared."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenarios_engine.desk import Bench

RULES = """
- name: Announce
  conditions: {state: opened}
  actions:
    slack:
      post: star
      as: announcement
      mention: {on_call: support_manager}
      text: "{{ title }}{% if 'urgent' in labels %}, urgent{% endif %}"
- name: Remind
  conditions:
    state: opened
    date: {attribute: created_at, condition: older_than, interval: 10, interval_type: minutes}
    slack_reaction: {to: announcement, name: eyes, by: managers, present: false}
  actions: {slack: {reply_to: announcement, text: Nobody looks.}}
- name: Seen
  conditions: {state: opened, slack_reaction: {to: announcement, name: eyes, by: managers}}
  actions: {labels: [seen], slack: {react: announcement, emoji: thumbsup}}
"""
BESIDE = """
resource_rules:
  slack_messages:
    rules:
      - name: Answer
        conditions: {channel: star, reaction: [sos]}
        actions: {slack: {reply_to: message, text: Please open a STAR.}}
  shifts:
    rules:
      - name: Greet
        conditions: {rotation: support_manager, shift: {begins_within: 30 minutes}}
        actions: {slack: {post: leadership, as: hand-over, text: "{{ title }}"}}
"""
SWEEP = "        sweep: true\n"
ANNOUNCED = "{to: star, issue: star#1, as: announcement, at: '09:00', mentions: [emil], says: [One]}"
REMINDER = "{reply_to: announcement, issue: star#1, at: 'Mon 09:10', mentions: [], says: Nobody, edited: false}"


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    (tmp_path / "beside.yml").write_text(BESIDE, "utf-8")
    return Bench(tmp_path, RULES)


def expect(*messages: str) -> str:
    return f"      - expect: {{slack: [{', '.join(messages)}]}}\n"


def test_what_was_said_is_held_against_all_that_must_have_been_said(bench: Bench) -> None:
    assert bench.said(SWEEP + expect(ANNOUNCED)) == []
    assert bench.said(SWEEP + "      - after: 10 minutes\n" + SWEEP + expect(ANNOUNCED, REMINDER)) == []


@pytest.mark.parametrize(
    ("expected", "message"),
    [
        ("{to: leadership}", "to: expected leadership; found star"),
        ("{reply_to: announcement}", "reply_to: expected announcement; found no reply, but in star"),
        ("{issue: star#2}", "issue: expected star#2; found star#1"),
        ("{shift: support_manager 2026-11-30 16:00}", "shift: expected support_manager 2026-11-30 16:00; found star#1"),
        ("{as: hand-over}", "as: expected hand-over; found announcement"),
        ("{mentions: [aoi]}", "mentions: expected aoi; found emil"),
        ("{mentions: []}", "mentions: expected nobody; found emil"),
        ("{says: [One, Two]}", "it does not say 'Two'"),
        ("{never_says: One}", "it says 'One'"),
        ("{at: '09:10'}", "at: expected 09:10; found Mon 2026-11-30 09:00"),
        ("{at: 2026-11-29 09:00}", "at: expected 2026-11-29 09:00; found Mon 2026-11-30 09:00"),
        ("{edited: true}", "it was not edited"),
        ("{reactions: {eyes: [bot]}}", "reactions: expected eyes by bot; found none"),
    ],
)
def test_a_message_that_is_another_is_named_at_its_entry_with_all_that_was_said(
    bench: Bench, expected: str, message: str
) -> None:
    (difference,) = bench.play(SWEEP + expect(expected)).differences
    assert (difference.where.line, difference.where.column) == (8, 26)
    assert difference.message == f"slack, message 1: {message}"
    said = "1. Mon 09:00 in star, announcement, about star#1, tells emil: <@U0EMIL> One"
    assert difference.details == ("said:", said)


def test_a_message_that_is_missing_or_too_much_is_found(bench: Bench) -> None:
    assert bench.said(SWEEP + expect(ANNOUNCED, "{to: star}")) == [
        "tests/star.yml:8:115: slack, message 2: the bot has said no more than 1 message"
    ]
    assert bench.said(SWEEP + expect()) == ["tests/star.yml:8:18: slack: expected 0 messages; found 1"]
    assert bench.said(expect("{to: star}")) == [
        "tests/star.yml:7:26: slack, message 1: the bot has said no more than 0 messages"
    ]


def test_a_difference_in_slack_is_explained_by_the_rules_that_speak_there(bench: Bench) -> None:
    (difference,) = bench.play(SWEEP + expect("{issue: star#1, says: Two}")).differences
    assert difference.explained is not None
    assert "Announce" in [each.rule for each in difference.explained.explanations]


def test_an_edit_is_no_message_of_its_own_and_changes_the_words_that_are_compared(bench: Bench) -> None:
    steps = """
        sweep: true
      - after: 5 minutes
        labels: {issue: star#1, by: emil, add: [urgent]}
        sweep: true
      - expect: {slack: [{as: announcement, at: "09:00", says: urgent, edited: true}]}
"""
    assert bench.said(steps) == []


def test_people_react_and_take_it_back_and_strangers_are_told_from_managers(bench: Bench) -> None:
    steps = """
        sweep: true
      - after: 5 minutes
        reacts: {issue: star#1, to: announcement, by: ivy, emoji: eyes}
        sweep: true
      - expect: {star#1: {labels: []}}
      - reacts: {issue: star#1, to: announcement, by: emil, emoji: eyes}
        sweep: true
      - expect:
          star#1: {labels: [seen]}
          slack: [{as: announcement, reactions: {eyes: [ivy, emil], thumbsup: [bot]}}]
      - after: 5 minutes
        unreacts: {issue: star#1, to: announcement, by: emil, emoji: eyes}
        sweep: true
      - expect: {slack: [{reactions: {eyes: [ivy], thumbsup: [bot]}}, {reply_to: announcement}]}
"""
    assert bench.said(steps) == []


def test_people_write_and_are_answered_once_in_the_thread_of_what_they_wrote(bench: Bench) -> None:
    steps = """
        closes: {issue: star#1, by: emil}
        writes: {channel: star, by: dana, text: Help, called: plea}
      - replies: {message: plea, by: lee, text: With what?}
      - reacts: {message: plea, by: lee, emoji: sos}
        sweep: true
      - after: 10 minutes
        sweep: true
      - expect: {slack: [{reply_to: plea, mentions: [], says: Please, at: "09:00"}]}
"""
    assert bench.said(steps) == []


def test_messages_about_a_shift_are_named_by_rotation_and_beginning(bench: Bench) -> None:
    steps = """
      - at: 2026-11-30 15:40
        closes: {issue: star#1, by: emil}
        sweep: true
      - reacts: {shift: support_manager 2026-11-30 16:00, to: hand-over, by: amber, emoji: eyes}
      - expect:
          slack: [{to: leadership, shift: support_manager 2026-11-30 16:00, as: hand-over, reactions: {eyes: [amber]}}]
"""
    assert bench.said(steps) == []


def test_what_is_said_in_slack_is_no_change_of_the_issue(bench: Bench) -> None:
    assert bench.said(SWEEP + "      - expect: {nothing: true, star#1: {changes: none}}\n") == []


def test_while_slack_fails_nothing_is_said_and_it_is_said_once_afterwards(bench: Bench) -> None:
    steps = """
      - fails: [slack]
        sweep: true
      - expect: {slack: []}
      - after: 5 minutes
        works: [slack]
        sweep: true
      - expect: {slack: [{as: announcement, at: "09:05"}]}
"""
    assert bench.said(steps) == []


def test_without_slack_nothing_is_said_and_nothing_fails(bench: Bench) -> None:
    assert bench.said(SWEEP + expect(), "{without: [slack]}") == []


def test_a_message_that_is_not_there_is_named_at_its_place(bench: Bench) -> None:
    assert bench.said("      - reacts: {issue: star#1, to: announcement, by: emil, emoji: eyes}\n") == [
        "tests/star.yml:7:17: there is no announcement about star#1 in Slack yet"
    ]


def test_a_role_that_no_rule_gives_is_a_mistake_with_the_nearest_one(bench: Bench) -> None:
    steps = "{at: 2026-11-30 09:00, expect: {slack: [{as: anouncement}]}}"
    assert bench.problems(f"scenarios: [{{name: A, steps: [{steps}]}}]") == [
        "tests/star.yml:1:76: there is no role 'anouncement'; did you mean 'announcement'?"
    ]


DIGEST = """
digests:
  - name: hand-over
    rotation: support_manager
    lists: [{name: stars, tracker: star, clocks: [], conditions: {state: opened}}]
    slack: {post: leadership, template: hand_over.md}
"""


def test_a_digest_is_run_as_a_sweep_is_and_its_message_is_about_the_shift(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "hand_over.md").write_text("{{ lists.stars | count }} STAR", "utf-8")
    (tmp_path / "digests.yml").write_text(DIGEST, "utf-8")
    bench = Bench(tmp_path, RULES)
    said = "{to: leadership, shift: support_manager 2026-11-30 08:00, as: hand-over, says: 1 STAR}"
    assert bench.said("        digest: hand-over\n" + expect(said)) == []
