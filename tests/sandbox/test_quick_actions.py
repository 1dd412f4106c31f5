"""Which lines of a text GitLab runs, in both generations of its scanner, and what they do."""

from __future__ import annotations

import datetime as dt

import pytest

from starkeeper.sandbox.quick_actions import Found, scan
from starkeeper.sandbox.state import Generation
from starkeeper.sandbox.world import World
from tests.sandbox.conftest import NOON, STAR

CLOSE = "/close"
BOTH, OLDER, NEWEST, NEITHER = {"older", "newest"}, {"older"}, {"newest"}, set[str]()


@pytest.mark.parametrize(
    ("text", "runs_in"),
    [
        (CLOSE, BOTH),
        ("/CLOSE", BOTH),
        ("text\n/close\nmore", BOTH),
        ("text\r\n/close\r\nmore", BOTH),
        ("/cl\rose", BOTH),
        ("a\r/close", NEITHER),
        (" /close", NEITHER),
        ("text /close", NEITHER),
        ("/closed", NEITHER),
        ("/close now", BOTH),
        ("//close", NEITHER),
        ("a\u2028/close", NEITHER),
        ("```\n/close\n```", NEITHER),
        ("````\n/close\n````", OLDER),
        ("~~~\n/close\n~~~", OLDER),
        ("```\n```\n/close\n```", NEWEST),
        ("```\n/close", OLDER),
        ("```text\n/close\n```", NEITHER),
        ("> /close", NEITHER),
        ("> quoted\n/close", OLDER),
        ("> quoted\n\n/close", BOTH),
        (">>>\n/close\n>>>", NEITHER),
        ("- item\n/close", OLDER),
        ("- item\n\n/close", BOTH),
        ("- item\n\n  text\n/close", OLDER),
        ("<div>\n/close\n</div>", NEITHER),
        ("<!-- a -->\n/close", BOTH),
        ("<!--\n/close\n-->", OLDER),
        ("<div>\n/close", OLDER),
        ("<div>\n\n/close", BOTH),
        ("`\n/close\n`", OLDER),
        ("    code\n\n/close", BOTH),
        ("# heading\n/close", BOTH),
        ("| /close", NEITHER),
        ("```\n| ```\n| /close\n```", NEITHER),
    ],
)
def test_a_line_runs_where_gitlab_runs_it(text: str, runs_in: set[str]) -> None:
    generations: tuple[Generation, ...] = ("older", "newest")
    assert {each for each in generations if Found("close") in [Found(a.name) for a in scan(text, each)[0]]} == runs_in


@pytest.mark.parametrize("generation", ["older", "newest"])
def test_the_lines_of_quick_actions_are_taken_out(generation: Generation) -> None:
    text = 'Hello\n/label ~a ~"b c"\n\nworld\n/cc @amber\n/unknown thing\n/close'
    found, rest = scan(text, generation)
    assert found == [Found("label", '~a ~"b c"'), Found("close")]
    assert rest.split() == ["Hello", "world", "/cc", "@amber", "/unknown", "thing"]


@pytest.fixture
def world(world: World) -> World:
    for name in ("a", "b c", "star::new", "star::seen"):
        world.add_label(STAR, name)
    world.open_issue(STAR, author="emil", labels=["old"], assignees=["emil"])
    world.open_issue(STAR, author="emil")
    return world


def run(world: World, text: str, by: str = "amber") -> None:
    world.comment(STAR, 1, by, text, run_quick_actions=True)


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ('/label ~a ~"b c"', ("a", "b c", "old")),
        ('/label a "b c"', ("a", "b c", "old")),
        ("/label ~missing", ("old",)),
        ("/unlabel ~old", ()),
        ("/unlabel", ()),
        ("/relabel ~a", ("a",)),
        ("/label ~star::new\n/label ~star::seen", ("old", "star::seen")),
        ("/remove_label ~old", ()),
    ],
)
def test_quick_actions_change_labels_that_exist(world: World, text: str, labels: tuple[str, ...]) -> None:
    run(world, text)
    assert world.issue(STAR, 1).labels == labels


def test_quick_actions_change_everything_else(world: World) -> None:
    world.add_milestone("support", "17.0")
    run(world, "/assign @bot me\n/unassign @emil\n/title A new title\n/due in 2 days\n/lock\n/confidential")
    run(world, "/relate #2\n/milestone %17.0")
    seen = world.issue(STAR, 1)
    assert (seen.assignees, seen.title, seen.due_date) == (("bot", "amber"), "A new title", dt.date(2026, 12, 2))
    assert (seen.locked, seen.confidential, seen.related, seen.milestone) == (True, True, (f"{STAR}#2",), "17.0")
    run(world, "/unlock\n/remove_due_date\n/remove_milestone\n/unassign\n/close\n/reopen")
    seen = world.issue(STAR, 1)
    assert (seen.locked, seen.due_date, seen.milestone, seen.assignees, seen.state) == (False, None, None, (), "opened")


def test_a_guest_runs_no_quick_actions_on_the_issue_of_another(world: World) -> None:
    before = world.issue(STAR, 1)
    run(world, "/close\n/label ~a\n/title Mine now", by="gus")
    assert world.issue(STAR, 1) == before


def test_what_a_text_made_gitlab_run_is_told(world: World) -> None:
    run(world, "/todo\n/close")
    told = [(each.iid, each.by, each.name, each.message) for each in world.commands]
    assert told == [
        (1, "amber", "todo", "Could not apply todo command."),
        (1, "amber", "close", "Closed this issue."),
    ]


def test_text_that_is_stored_as_it_is_runs_nothing(world: World) -> None:
    world.comment(STAR, 1, "amber", "/close")
    world.open_issue(STAR, description="/close")
    assert [world.issue(STAR, each).state for each in (1, 3)] == ["opened", "opened"]
    assert world.notes(STAR, 1)[0].created_at == NOON
