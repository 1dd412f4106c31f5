"""Summaries in the world: opened, kept up to date, closed, and left alone where a person said so."""

from __future__ import annotations

import datetime as dt

import pytest

from starkeeper.report import exit_status
from starkeeper.sandbox.faults import Fault
from tests.flow.conftest import BOT, NOW, PROJECT, Place
from tests.flow.sweeps import errors, results, settled, sweep_file, writes

DESK = "group/desk"
DAY = dt.timedelta(days=1)


def listing(*more: str, conditions: str = "{labels: [look]}", rule: str = "") -> str:
    """One rule that lists in the project for it; `more` are keys of `summarize`."""
    inner = "".join(f"            {each}\n" for each in more)
    return f"""  issues:
    rules:
      - name: List
        conditions: {conditions}
        {rule}
        actions:
          summarize:
            title: "{{{{ count }}}} {{{{ type }}}} wait"
            destination: {DESK}
{inner}"""


LIST = listing()
COMMENTED = LIST + '          comment_on_summary: "{{ link(title, web_url) }} by {{ author.name }}"\n'


@pytest.fixture
def desk(place: Place) -> Place:
    place.world.add_project(DESK)
    place.world.add_member(DESK, BOT)
    place.world.add_label(PROJECT, "look")
    return place


def look(place: Place, *titles: str) -> None:
    for title in titles:
        place.world.open_issue(PROJECT, title=title, author="ivy", labels=["look"])


def text_of(place: Place, iid: int = 1) -> str:
    return place.world.issue(DESK, iid).description


def titles(place: Place) -> list[tuple[str, str]]:
    return [(each.title, each.state) for each in place.world.issues(DESK)]


def tick(place: Place, words: str, mark: str = "x") -> None:
    before = text_of(place)
    assert f"- [ ] [{words}]" in before
    place.world.edit(DESK, 1, by="ivy", description=before.replace(f"- [ ] [{words}]", f"- [{mark}] [{words}]"))


def test_summary_is_opened_with_its_title_items_and_count(desk: Place) -> None:
    look(desk, "One", "Two")
    desk.world.open_issue(PROJECT, title="Other", author="ivy")
    settled(desk, LIST)
    assert titles(desk) == [("2 issues wait", "opened")]
    assert "- [ ] [One](" in text_of(desk) and "- [ ] [Two](" in text_of(desk) and "Other" not in text_of(desk)
    assert desk.world.issue(DESK, 1).author == BOT


def test_nothing_matched_opens_nothing(desk: Place) -> None:
    assert settled(desk, LIST).plan.changes == ()
    assert titles(desk) == []


def test_what_enters_and_leaves_is_brought_up_to_date_and_ticks_stay(desk: Place) -> None:
    look(desk, "One", "Two")
    settled(desk, LIST)
    tick(desk, "One")
    look(desk, "Three")
    settled(desk, LIST)
    assert titles(desk) == [("3 issues wait", "opened")]
    assert "- [x] [One](" in text_of(desk) and "- [ ] [Two](" in text_of(desk) and "- [ ] [Three](" in text_of(desk)
    desk.world.set_labels(PROJECT, 2, by="ivy", remove=["look"])
    settled(desk, LIST)
    assert titles(desk) == [("2 issues wait", "opened")]
    assert "- [x] [One](" in text_of(desk) and "Two" not in text_of(desk)


def test_item_that_a_person_crossed_out_stays_so(desk: Place) -> None:
    look(desk, "One")
    settled(desk, LIST)
    tick(desk, "One", "~")
    look(desk, "Two")
    settled(desk, LIST)
    assert "- [~] [One](" in text_of(desk) and "- [ ] [Two](" in text_of(desk)


def test_tick_in_a_numbered_list_stays(desk: Place) -> None:
    look(desk, "One")
    numbered = listing('item: "1. [ ] {{ title }}"')
    settled(desk, numbered)
    desk.world.edit(DESK, 1, by="ivy", description=text_of(desk).replace("1. [ ]", "1. [x]"))
    look(desk, "Two")
    settled(desk, numbered)
    assert "1. [x] One" in text_of(desk) and "1. [ ] Two" in text_of(desk)


def test_once_nothing_is_left_it_is_closed_and_a_new_one_opened_for_the_same_again(desk: Place) -> None:
    look(desk, "One")
    settled(desk, LIST)
    desk.world.set_labels(PROJECT, 1, by="ivy", remove=["look"])
    settled(desk, LIST)
    assert titles(desk) == [("1 issues wait", "closed")]
    desk.world.set_labels(PROJECT, 1, by="ivy", add=["look"])
    settled(desk, LIST)
    assert titles(desk) == [("1 issues wait", "closed"), ("1 issues wait", "opened")]


def test_summary_that_a_person_closed_stays_closed_until_there_is_something_new(desk: Place) -> None:
    look(desk, "One", "Two", "Three")
    settled(desk, LIST)
    tick(desk, "One")
    desk.world.close(DESK, 1, by="ivy")
    assert settled(desk, LIST).plan.changes == ()
    desk.world.set_labels(PROJECT, 3, by="ivy", remove=["look"])
    assert settled(desk, LIST).plan.changes == (), "what left it is nothing new"
    look(desk, "Four")
    settled(desk, LIST)
    assert titles(desk) == [("3 issues wait", "closed"), ("3 issues wait", "opened")]
    assert "[Four](" in text_of(desk, 2) and "[One](" in text_of(desk, 2)


def test_what_comes_back_after_all_had_left_is_something_new(desk: Place) -> None:
    look(desk, "One")
    settled(desk, LIST)
    desk.world.close(DESK, 1, by="ivy")
    desk.world.set_labels(PROJECT, 1, by="ivy", remove=["look"])
    settled(desk, LIST)
    desk.world.set_labels(PROJECT, 1, by="ivy", add=["look"])
    settled(desk, LIST)
    assert titles(desk) == [("1 issues wait", "closed"), ("1 issues wait", "opened")]


def test_another_day_is_nothing_new(desk: Place) -> None:
    look(desk, "One")
    until = listing("summary: 'Please look until {{ in_days(7) }}: {{ items }}'")
    settled(desk, until)
    assert settled(desk, until, now=NOW + DAY).plan.changes == ()
    assert "2026-12-09" in text_of(desk)
    desk.world.close(DESK, 1, by="ivy")
    assert settled(desk, until, now=NOW + 2 * DAY).plan.changes == ()


def test_other_words_in_the_policy_are_written_into_the_summary(desk: Place) -> None:
    look(desk, "One")
    settled(desk, LIST)
    settled(desk, listing('summary: "Please look. {{ items }}"'))
    assert "Please look. - [ ] [One](" in text_of(desk)


def test_new_one_at_each_run_where_the_rule_says_so(desk: Place) -> None:
    look(desk, "One")
    for _ in range(2):
        sweep_file(desk, listing("new_each_run: true"))
    assert titles(desk) == [("1 issues wait", "opened")] * 2
    desk.world.set_labels(PROJECT, 1, by="ivy", remove=["look"])
    assert sweep_file(desk, listing("new_each_run: true")).plan.changes == ()


def test_summary_in_its_own_project_does_not_list_itself(place: Place) -> None:
    for title in ("One", "Two"):
        place.world.open_issue(PROJECT, title=title, author="ivy")
    rules = """  issues:
    rules:
      - name: All
        conditions: {state: opened}
        actions: {summarize: {title: "{{ count }} wait"}}
"""
    settled(place, rules)
    assert place.world.issue(PROJECT, 3).title == "2 wait"
    for iid in (1, 2):
        place.world.close(PROJECT, iid, by="ivy")
    settled(place, rules)
    assert [each.state for each in place.world.issues(PROJECT)] == ["closed"] * 3


def test_summary_of_several_rules_in_its_own_project_does_not_list_itself(place: Place) -> None:
    place.world.open_issue(PROJECT, title="One", author="ivy")
    rules = """  issues:
    summaries:
      - name: All
        actions: {summarize: {title: "{{ count }} wait"}}
        rules: [{name: Open, conditions: {state: opened}}]
"""
    settled(place, rules)
    assert [each.title for each in place.world.issues(PROJECT)] == ["One", "1 wait"]


def test_several_rules_in_one_summary(desk: Place) -> None:
    look(desk, "One", "Two")
    desk.world.open_issue(PROJECT, title="Three", author="ivy", confidential=True)
    rules = f"""  issues:
    summaries:
      - name: Both
        actions:
          summarize:
            title: "{{{{ count }}}} wait"
            destination: {DESK}
            summary: "Please look: {{{{ items }}}}"
        rules:
          - name: Marked
            conditions: {{labels: [look]}}
            actions:
              summarize: {{item: "* {{{{ title }}}}", summary: "**Marked** {{{{ count }}}}\\n\\n{{{{ items }}}}"}}
          - name: Unmarked
            conditions: {{forbidden_labels: [look, done]}}
            limits: {{oldest: 5}}
            actions: {{summarize: {{summary: "**Unmarked**\\n\\n{{{{ items }}}}"}}}}
          - name: Nowhere
            conditions: {{labels: [nowhere]}}
            actions: {{summarize: {{summary: "**Nowhere**\\n\\n{{{{ items }}}}"}}}}
          - name: Without words
            conditions: {{labels: [look]}}
            limits: {{most_recent: 1}}
"""
    settled(desk, rules)
    assert titles(desk) == [("4 wait", "opened")]
    text = text_of(desk)
    assert "Please look: **Marked** 2\n\n* One\n* Two" in text and "**Unmarked**" in text
    assert "Nowhere" not in text and "Three" not in text and "(confidential)" in text
    assert "- [ ] [Two](" in text, "a rule without words of its own lists all the same"
    for iid in (1, 2, 3):
        desk.world.set_labels(PROJECT, iid, by="ivy", remove=["look"], add=["done"])
    settled(desk, rules)
    assert titles(desk) == [("4 wait", "closed")]


def test_confidential_issue_is_listed_without_its_words_unless_the_rule_says_so(desk: Place) -> None:
    desk.world.open_issue(PROJECT, title="Secret plan", author="ivy", labels=["look"], confidential=True)
    settled(desk, COMMENTED)
    said = [text_of(desk), *(note.body for note in desk.world.notes(DESK, 1))]
    assert all("Secret" not in each and "Ivy" not in each and "issues/1" in each for each in said)
    settled(desk, listing("redact_confidential_resources: false"))
    assert "Secret plan" in text_of(desk)


def test_redaction_said_beside_the_summary_counts_as_well(desk: Place) -> None:
    desk.world.open_issue(PROJECT, title="Secret plan", author="ivy", labels=["look"], confidential=True)
    settled(desk, COMMENTED + "          redact_confidential_resources: false\n")
    assert "Secret plan" in text_of(desk)
    assert "Secret plan" in desk.world.notes(DESK, 1)[0].body


def test_note_for_each_resource_once_and_for_a_new_one_later(desk: Place) -> None:
    look(desk, "One", "Two")
    settled(desk, COMMENTED)
    assert [("[One](" in note.body, "[Two](" in note.body) for note in desk.world.notes(DESK, 1)] == [
        (True, False),
        (False, True),
    ]
    desk.world.set_labels(PROJECT, 1, by="ivy", remove=["look"])
    look(desk, "Three")
    settled(desk, COMMENTED)
    desk.world.set_labels(PROJECT, 1, by="ivy", add=["look"])
    settled(desk, COMMENTED)
    assert [
        next(word for word in ("One", "Two", "Three") if word in note.body) for note in desk.world.notes(DESK, 1)
    ] == [
        "One",
        "Two",
        "Three",
    ]


def test_copied_marker_in_a_strangers_note_silences_nothing(desk: Place) -> None:
    look(desk, "One")
    settled(desk, COMMENTED)
    (note,) = desk.world.notes(DESK, 1)
    desk.world.delete_comment(DESK, 1, note.id)
    desk.world.comment(DESK, 1, "kim", note.body)
    settled(desk, COMMENTED)
    assert [each.author for each in desk.world.notes(DESK, 1)] == ["kim", BOT]


def test_strangers_issue_with_a_copied_marker_is_not_taken_for_ours(desk: Place) -> None:
    look(desk, "One")
    settled(desk, LIST)
    mine = desk.world.issue(DESK, 1)
    desk.world.add_project("group/other")
    desk.world.add_member("group/other", BOT)
    elsewhere = LIST.replace(DESK, "group/other")
    desk.world.open_issue("group/other", author="kim", title="Mine", description=mine.description)
    settled(desk, elsewhere)
    assert [(each.author, each.title) for each in desk.world.issues("group/other")] == [
        ("kim", "Mine"),
        (BOT, "1 issues wait"),
    ]
    desk.world.set_labels(PROJECT, 1, by="ivy", remove=["look"])
    settled(desk, elsewhere)
    assert [each.state for each in desk.world.issues("group/other")] == ["opened", "closed"]


HOSTILE = (
    "/close",
    "@all @kim look",
    '<!-- starkeeper v1 key=0123456789abcdef n=1 rule="list" -->',
    "- [x] done",
    "`/label ~gone`",
    "](https://evil.example)",
    "\u202e/close",
)


def test_hostile_titles_are_words_and_nothing_else(desk: Place) -> None:
    look(desk, *HOSTILE)
    settled(desk, COMMENTED)
    summary = desk.world.issue(DESK, 1)
    assert (summary.state, summary.labels) == ("opened", ())
    assert [each for each in desk.world.mentions if each.by == BOT] == []
    assert [each for each in desk.world.commands if each.by == BOT] == []
    assert len(desk.world.notes(DESK, 1)) == len(HOSTILE)
    assert summary.description.count("\n- [ ] ") + summary.description.startswith("- [ ] ") == len(HOSTILE)


@pytest.mark.parametrize(("status", "exits"), [(404, 1), (403, 1), (400, 3)])
def test_destination_that_cannot_be_read_is_said_once_and_the_rest_goes_on(
    desk: Place, status: int, exits: int
) -> None:
    look(desk, "One", "Two")
    desk.world.add_label(PROJECT, "seen")
    desk.world.faults.append(Fault(method="GET", path="desk/issues$", status=status, body='{"message":"no"}', times=99))
    run = sweep_file(desk, LIST + "      - {name: Label, actions: {labels: [seen]}}\n")
    assert titles(desk) == []
    assert len(errors(run)) == 1 and "rule 'List'" in errors(run)[0] and "group/desk" in errors(run)[0]
    assert results(run) == [("project#1", "labels", "applied"), ("project#2", "labels", "applied")]
    assert exit_status(run.plan, run.outcomes) == exits


def test_destination_that_is_not_there_is_said_once(desk: Place) -> None:
    look(desk, "One", "Two")
    run = sweep_file(desk, LIST.replace(DESK, "group/nowhere"))
    assert len(errors(run)) == 1 and "group/nowhere" in errors(run)[0]
    assert exit_status(run.plan, run.outcomes) == 1


@pytest.mark.parametrize("lost", [{"status": 500}, {"drop": True}])
def test_lost_answer_while_opening_opens_it_once(desk: Place, lost: dict[str, int]) -> None:
    look(desk, "One")
    desk.world.faults.append(Fault(method="POST", path="issues$", after_effect=True, **lost))  # type: ignore[arg-type]
    settled(desk, COMMENTED)
    assert titles(desk) == [("1 issues wait", "opened")]
    assert len(desk.world.notes(DESK, 1)) == 1


def test_run_that_died_between_opening_and_notes_says_the_rest_next_time(desk: Place) -> None:
    look(desk, "One", "Two")
    desk.world.faults.append(Fault(method="POST", path="notes$", status=400, skip=1, body='{"message":"no"}'))
    failed = sweep_file(desk, COMMENTED)
    assert [each[1:] for each in results(failed)] == [("summarize", "failed")]
    assert exit_status(failed.plan, failed.outcomes) == 3
    settled(desk, COMMENTED)
    assert titles(desk) == [("2 issues wait", "opened")]
    assert ["[One](" in note.body for note in desk.world.notes(DESK, 1)] == [True, False]


def test_list_that_cannot_be_read_closes_no_summary(desk: Place) -> None:
    look(desk, "One")
    settled(desk, LIST)
    desk.world.faults.append(Fault(method="GET", path="project/issues$", status=403, times=99))
    run = sweep_file(desk, LIST)
    assert titles(desk) == [("1 issues wait", "opened")]
    assert exit_status(run.plan, run.outcomes) == 3
    assert len(writes(desk)) == 1


def test_other_types_go_on_where_one_list_cannot_be_read(desk: Place) -> None:
    look(desk, "One")
    desk.world.faults.append(Fault(method="GET", path="project/merge_requests$", status=403, times=99))
    sweep_file(desk, LIST + "  merge_requests:\n    rules:\n      - {name: MR, actions: {status: close}}\n")
    assert titles(desk) == [("1 issues wait", "opened")]


@pytest.mark.parametrize(
    "asked",
    [
        "{labels: [look], author_member: {source: group, condition: member_of, source_id: nowhere}}",
        "{labels: [look], expr: '1 / 0 > 0'}",
    ],
)
def test_what_cannot_be_told_leaves_the_summary_as_it_is(desk: Place, asked: str) -> None:
    look(desk, "One")
    settled(desk, LIST)
    run = sweep_file(desk, listing(conditions=asked))
    assert run.plan.changes == ()
    assert exit_status(run.plan, run.outcomes) == 1


def test_issue_whose_notes_cannot_be_read_is_not_taken_out_of_the_summary(desk: Place) -> None:
    look(desk, "One", "Two")
    quiet = listing(conditions="{labels: [look], none_of: [{commented: {by: people}}]}")
    settled(desk, quiet)
    desk.world.faults += [
        Fault(method="GET", path="issues/1/notes", status=403, times=99),
        Fault(method="POST", path="graphql", status=404, times=99),
    ]
    run = sweep_file(desk, quiet)
    assert titles(desk) == [("2 issues wait", "opened")]
    assert exit_status(run.plan, run.outcomes) == 3


def test_notes_of_a_summary_that_cannot_be_read_are_said_once(desk: Place) -> None:
    look(desk, "One")
    settled(desk, COMMENTED)
    desk.world.faults += [
        Fault(method="GET", path="desk/issues/1/notes", status=403, times=99),
        Fault(method="POST", path="graphql", status=404, times=99),
    ]
    run = sweep_file(desk, COMMENTED)
    assert len(errors(run)) == 1
    assert exit_status(run.plan, run.outcomes) == 3


def test_quick_actions_that_the_policy_writes_are_carried_out(desk: Place) -> None:
    look(desk, "One")
    desk.world.add_label(DESK, "report")
    rules = listing('summary: "{{ items }}\\n\\n/label ~report"')
    settled(desk, rules)
    assert desk.world.issue(DESK, 1).labels == ("report",)
    look(desk, "Two")
    settled(desk, rules)
    assert titles(desk) == [("2 issues wait", "opened")]


def test_more_than_anybody_reads_is_counted_and_not_listed(desk: Place) -> None:
    look(desk, "One", "Two", "Three")
    long = listing('item: "{{ title }} ' + "x" * 60_000 + '"')
    settled(desk, long)
    assert titles(desk) == [("3 issues wait", "opened")]
    assert text_of(desk).count("xxx\n") == 2 and "… and 1 more" in text_of(desk)
    desk.world.close(DESK, 1, by="ivy")
    look(desk, "Four")
    assert settled(desk, long).plan.changes == ()


def test_blown_fuse_leaves_the_summary_as_it_is(desk: Place) -> None:
    look(desk, "One")
    desk.world.add_label(PROJECT, "seen")
    fused = listing(rule="max_changes: 1").replace("actions:\n", "actions:\n          labels: [seen]\n")
    settled(desk, fused)
    look(desk, "Two", "Three")
    before = text_of(desk)
    run = sweep_file(desk, fused)
    assert (run.plan.changes, text_of(desk)) == ((), before)
    assert exit_status(run.plan, run.outcomes) == 1


def test_what_is_listed_is_shown_as_all_rules_of_the_run_leave_it(desk: Place) -> None:
    look(desk, "One", "Two")
    desk.world.add_label(PROJECT, "later")
    later = LIST + '      - {name: Later, conditions: {title: "One"}, actions: {labels: [later]}}\n'
    settled(desk, later)
    assert "later" in text_of(desk)


def test_what_a_later_rule_deletes_is_listed_as_it_was(desk: Place) -> None:
    desk.world.add_branch(PROJECT, "main", default=True)
    desk.world.add_branch(PROJECT, "old", merged=True)
    rules = f"""  branches:
    rules:
      - name: Away
        conditions: {{merged: true, name: old}}
        actions:
          delete: true
          summarize: {{title: "{{{{ count }}}} deleted", destination: {DESK}}}
"""
    sweep_file(desk, rules)
    assert titles(desk) == [("1 deleted", "opened")] and "[old](" in text_of(desk)
    assert [each.name for each in desk.world.branches(PROJECT)] == ["main"]
