"""Threads, internal notes and who is quiet: what a rule says on issues and merge requests, and when it minds people."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.flow.conftest import BOT, NOW, PROJECT, Place
from tests.flow.sweeps import settled, sweep_file

DAY = dt.timedelta(days=1)
WARN_AND_CLOSE = """  issues:
    rules:
      - name: Warn
        conditions:
          state: opened
          forbidden_labels: [stale]
          human_activity: {none_within: 7 days}
        actions: {labels: [stale], comment: "{{ author }}, nobody has written here for a week."}
      - name: Clear
        conditions:
          state: opened
          labels: [stale]
          human_activity: {within: 7 days}
        actions: {remove_labels: [stale]}
      - name: Close
        conditions:
          state: opened
          labels: [stale]
          human_activity: {none_within: 14 days}
        actions: {status: close}
"""


@pytest.mark.parametrize("type", ["issues", "merge_requests"])
@pytest.mark.parametrize(
    ("more", "thread", "internal"),
    [
        ("", False, False),
        ("comment_type: thread", True, False),
        ("comment_type: comment", False, False),
        ("comment_internal: true", False, True),
        ("comment_type: thread\n          comment_internal: true", False, True),
    ],
)
def test_note_is_a_thread_or_internal_as_the_rule_says(
    place: Place, type: str, more: str, thread: bool, internal: bool
) -> None:
    opens = place.world.open_issue if type == "issues" else place.world.open_merge_request
    opens(PROJECT, author="ivy")
    settled(
        place,
        f"""  {type}:
    rules:
      - name: Say
        actions:
          comment: Good morning.
          {more}
""",
    )
    (note,) = place.world.notes(PROJECT, 1, kind=type)  # type: ignore[arg-type]
    assert (bool(note.thread), note.internal) == (thread, internal)
    assert note.body.startswith("Good morning.")


def test_thread_on_an_epic(place: Place) -> None:
    from tests.flow.sweeps import ON_GROUP

    place.world.add_member("group", BOT)
    place.world.open_epic("group", author="ivy")
    rules = "  epics:\n    rules: [{name: Say, actions: {comment: Hello., comment_type: thread}}]\n"
    settled(place, rules, tracker=ON_GROUP)
    (note,) = place.world.notes("group", 1, kind="epics")
    assert note.thread and note.author == BOT


def week_by_week(place: Place, days: range) -> list[tuple[int, str, tuple[str, ...]]]:
    """What each day made of the issue, as often as it changed."""
    seen: list[tuple[int, str, tuple[str, ...]]] = []
    for day in days:
        sweep_file(place, WARN_AND_CLOSE, now=NOW + day * DAY)
        issue = place.world.issue(PROJECT, 1)
        if not seen or seen[-1][1:] != (issue.state, issue.labels):
            seen.append((day, issue.state, issue.labels))
    return seen


def test_warning_then_closing_of_what_stays_quiet(place: Place) -> None:
    place.world.add_label(PROJECT, "stale")
    place.world.open_issue(PROJECT, author="ivy", created_at=NOW)
    assert week_by_week(place, range(1, 30)) == [
        (1, "opened", ()),
        (8, "opened", ("stale",)),
        (15, "closed", ("stale",)),
    ]
    assert len(place.world.notes(PROJECT, 1)) == 1


def test_answer_of_a_person_clears_the_warning_and_the_bots_own_doings_do_not(place: Place) -> None:
    place.world.add_label(PROJECT, "stale")
    place.world.open_issue(PROJECT, author="ivy", created_at=NOW)
    week_by_week(place, range(1, 12))
    place.world.comment(PROJECT, 1, "ivy", "I still need it.", at=NOW + 11 * DAY + dt.timedelta(hours=1))
    assert week_by_week(place, range(12, 40)) == [
        (12, "opened", ()),
        (19, "opened", ("stale",)),
        (26, "closed", ("stale",)),
    ]


def test_issue_that_the_bot_opened_itself_is_nobodys_activity(place: Place) -> None:
    """Also where nothing else makes the run ask who it is."""
    place.world.add_label(PROJECT, "stale")
    place.world.open_issue(PROJECT, author=BOT, created_at=NOW)
    rules = """  issues:
    rules:
      - name: Label
        conditions: {human_activity: {none_within: 7 days}}
        actions: {labels: [stale]}
"""
    settled(place, rules)
    assert place.world.issue(PROJECT, 1).labels == ("stale",)
