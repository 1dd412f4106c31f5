"""What goes another way than a scenario says is found, at its line, with the rules that it concerns."""

from __future__ import annotations

from pathlib import Path

import pytest

from starkeeper.model.scenarios import Waiting
from starkeeper.scenarios import Swept
from tests.scenarios_engine.desk import Bench, at


def test_what_is_as_expected_is_no_difference(bench: Bench) -> None:
    played = bench.play(
        """
        sweep: true
        expect:
          star#1:
            { title: One, labels: ["star::new"], has: ["star::new"], lacks: [done], assignees: [emil], state: opened,
              confidential: false, due_date: none, notes: 1, own: 1, internal: [false], says: [Thank you],
              never_says: [urgent], notified: [], linked: [] }
"""
    )
    assert (played.status, played.differences, played.expectations) == ("ok", (), 15)
    assert (played.swept_at, played.changed_at) == ((at("09:00"),), (at("09:00"),))


@pytest.mark.parametrize(
    ("expected", "message"),
    [
        ("{labels: [done]}", "star#1 labels: expected done; found star::new"),
        ("{has: [done]}", "star#1 has: missing done; found star::new"),
        ('{lacks: ["star::new"]}', "star#1 lacks: it carries star::new"),
        ("{assignees: []}", "star#1 assignees: expected none; found emil"),
        ("{state: closed}", "star#1 state: expected closed; found opened"),
        ("{due_date: 2026-12-01}", "star#1 due_date: expected 2026-12-01; found none"),
        ("{notes: 2}", "star#1 notes: expected 2; found 1, 1 of them the bot's"),
        ("{own: 0}", "star#1 own: expected 0; found 1"),
        ("{internal: [true]}", "star#1 internal: expected true; found false"),
        ("{says: [Good bye]}", "star#1 says: the bot's notes do not say 'Good bye'"),
        ("{never_says: [Thank]}", "star#1 never_says: the bot's notes say 'Thank'"),
        ("{notified: [ivy]}", "star#1 notified: expected ivy; found none"),
        ("{linked: [star#2]}", "star#1 linked: expected star#2; found none"),
        ("{changes: none}", "expected that no sweep changes star#1; found 3 steps"),
        ("{title: Two}", "star#1 title: expected Two; found One"),
    ],
)
def test_a_difference_stands_at_its_line(bench: Bench, expected: str, message: str) -> None:
    said = bench.said(f"        sweep: true\n        expect: {{star#1: {expected}}}\n")
    assert said == [f"tests/star.yml:8:27: {message}"]


def test_labels_are_told_one_by_one_and_by_the_rules_that_could_set_them(bench: Bench) -> None:
    (difference,) = bench.play("        sweep: true\n        expect: {star#1: {labels: [asked]}}\n").differences
    assert difference.details == ("missing: asked", "too much: star::new")
    assert difference.explained is not None
    assert [(each.rule, each.holds) for each in difference.explained.explanations] == [
        ("Take in", True),
        ("Ask again", False),
    ]
    assert (difference.explained.at, difference.explained.resource.labels) == (at("09:00"), ())


def test_an_unwanted_change_is_explained_by_the_sweep_that_made_it(bench: Bench) -> None:
    played = bench.play(
        """
        labels: {issue: star#1, by: ivy, add: [urgent]}
      - sweeps: {every: 10 minutes, until: 2026-11-30 12:00}
      - expect: {star#1: {lacks: [asked]}}
"""
    )
    (difference,) = played.differences
    assert difference.explained is not None
    assert difference.explained.at == at("09:30")
    assert [(each.rule, each.holds) for each in difference.explained.explanations] == [("Ask again", True)]
    assert played.changed_at == (at("09:10"), at("09:30"))


def test_after_a_difference_nothing_more_is_played(bench: Bench) -> None:
    said = bench.said(
        """
        expect: {star#1: {labels: [done], notes: 1}}
      - expect: {star#1: {state: closed}}
"""
    )
    assert said == [
        "tests/star.yml:7:27: star#1 labels: expected done; found none",
        "tests/star.yml:7:43: star#1 notes: expected 1; found 0, 0 of them the bot's",
    ]


def test_nothing_means_that_no_sweep_changed_any_issue_since_the_last_expectation(bench: Bench) -> None:
    rest = """
        sweep: true
      - expect: {star#1: {notes: 1}}
      - after: 10 minutes
        opens: {tracker: star, by: ivy, title: Two}
        labels: {issue: star#1, by: ivy, add: [urgent]}
      - expect: {nothing: true}
"""
    assert bench.said(rest) == []
    (difference,) = bench.play(f"{rest}        sweep: true\n      - expect: {{nothing: true}}\n").differences
    assert difference.message == "expected that no sweep changes any issue; found 3 steps"
    assert difference.details[1] == "Mon 2026-11-30 09:10 support/star#2: label +star::new (rule 'Take in')"


def test_sweeps_run_as_scheduled_but_for_those_that_are_missed_or_late(bench: Bench) -> None:
    played = bench.play(
        """
      - sweeps:
          every: 10 minutes
          until: 2026-11-30 09:47
          missed: [2026-11-30 09:30, 2026-11-30 09:40]
          late: [2026-11-30 09:47]
      - after: 13 minutes
        sweep: true
"""
    )
    assert played.swept_at == tuple(at(each) for each in ("09:10", "09:20", "09:47", "10:00"))


def test_a_note_that_was_deleted_is_said_again_and_one_without_its_marker_too(bench: Bench) -> None:
    said = bench.said(
        """
        sweep: true
      - labels: {issue: star#1, by: emil, remove: ["star::new"]}
        sweep: true
      - expect: {star#1: {own: 1}}
      - labels: {issue: star#1, by: emil, remove: ["star::new"]}
        deletes_note: {issue: star#1, number: 1}
        sweep: true
      - expect: {star#1: {own: 1}}
      - labels: {issue: star#1, by: emil, remove: ["star::new"]}
        edits_note: {issue: star#1, number: 1, body: Mine now.}
        sweep: true
      - expect: {star#1: {own: 2, says: [Thank you]}}
"""
    )
    assert said == []


def test_people_can_do_to_an_issue_what_gitlab_lets_them(bench: Bench) -> None:
    said = bench.said(
        """
        labels: {issue: star#1, by: emil, add: ["star::old", "star::acknowledged"]}
      - assigns: {issue: star#1, by: emil, add: [aoi, amber], remove: [emil]}
      - assigns: {issue: star#1, by: emil, remove: [amber]}
      - comments: {issue: star#1, by: emil, body: "@ivy", internal: true}
      - retitles: {issue: star#1, by: emil, title: Two}
      - corrects: {issue: star#1, by: emil, form: {Ticket: "7"}}
      - closes: {issue: star#1, by: emil}
      - expect: {star#1: {labels: ["star::acknowledged"], assignees: [aoi], title: Two, state: closed}}
      - expect: {star#1: {notes: 1, own: 0, notified: []}}
      - reopens: {issue: star#1, by: emil}
      - expect: {star#1: {state: opened}}
"""
    )
    assert said == []


def test_a_rotation_is_held_all_the_time_and_only_the_named_policies_count(bench: Bench) -> None:
    steps = "        sweep: true\n        expect: {star#1: {assignees: [amber]}}\n"
    assert bench.said(steps, "{on_call: {support_manager: amber}}") == []
    assert bench.said(steps, "{policies: [policy.yml]}") == [
        "tests/star.yml:8:27: star#1 assignees: expected amber; found emil"
    ]


def test_an_issue_or_a_note_that_is_not_there_is_named_at_its_place(bench: Bench) -> None:
    assert bench.said("      - closes: {issue: star#2, by: emil}\n") == [
        "tests/star.yml:7:25: there is no issue star#2 yet"
    ]
    assert bench.said("      - expect: {star#2: {notes: 0}}\n") == ["tests/star.yml:7:27: there is no issue star#2 yet"]
    assert bench.said("      - deletes_note: {issue: star#1, number: 1}\n") == [
        "tests/star.yml:7:23: star#1 has 0 notes of the bot, so there is no number 1"
    ]


def test_what_waits_is_counted_and_not_played_but_its_time_passes(bench: Bench) -> None:
    played = bench.play(
        """
      - at: 2026-11-30 09:04
        pages: {service: emergencies}
        closes: {issue: star#1, by: emil}
        waits_for: [pagerduty, zendesk]
      - after: 6 minutes
        sweep: true
      - expect: {star#1: {state: closed}, pagerduty: []}
        waits_for: pagerduty
"""
    )
    assert (played.status, played.swept_at) == ("waiting", (at("09:10"),))
    assert [(each.where.line, each.systems) for each in played.waiting] == [
        (7, ("pagerduty", "zendesk")),
        (13, ("pagerduty",)),
    ]
    assert bench.stage.see("star#1").state == "opened"
    assert isinstance(played.waiting[0], Waiting)


def test_a_sweep_that_is_not_at_rest_afterwards_is_found(tmp_path: Path) -> None:
    restless = """
- name: Count
  conditions: {state: opened, expr: "notes_count < 5"}
  actions: {comment: One more., labels: ["n{{ notes_count }}"]}
  repeat: {every: 0 minutes}
"""
    (difference,) = Bench(tmp_path, restless).play("        sweep: true\n").differences
    assert difference.message == "a second sweep right after that of Mon 2026-11-30 09:00 is not at rest"
    assert difference.details[0].startswith("support/star#1: ")


def test_a_sweep_in_which_rules_disagree_or_fail_is_found(tmp_path: Path) -> None:
    rules = """
- name: Set
  conditions: {state: opened, forbidden_labels: [a]}
  actions: {labels: [a]}
- name: Take off
  conditions: {state: opened, labels: [a]}
  actions: {remove_labels: [a]}
"""
    (conflict,) = Bench(tmp_path, rules).play("        sweep: true\n").differences
    assert conflict.message == "the sweep of Mon 2026-11-30 09:00 did not go well"
    assert conflict.details == ("support/star#1: the rules 'Set' and 'Take off' disagree over label 'a'",)

    commanding = "\n- name: Close\n  conditions: {state: opened}\n  actions: {comment: '/close'}\n"
    (failure,) = Bench(tmp_path, commanding).play("        sweep: true\n").differences
    assert "it holds a quick action, and this is not played in scenarios" in failure.details[0]


def test_a_dry_run_that_plans_something_else_is_found(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    from starkeeper.scenarios import EngineStage

    whole = EngineStage.sweep

    def forgetful(self: EngineStage, *, dry_run: bool) -> Swept:
        swept = whole(self, dry_run=dry_run)
        return Swept(swept.changes[:0]) if not dry_run else swept

    monkeypatch.setattr(EngineStage, "sweep", forgetful)
    (difference,) = bench.play("        sweep: true\n").differences
    assert difference.message == "the sweep of Mon 2026-11-30 09:00 planned otherwise than its dry run"
