"""Who is notified by a text, and which issues it leaves a trace in."""

from __future__ import annotations

import pytest

from starkeeper.sandbox.world import World
from starkeeper.sandbox.writing import rewrite_note, write_note
from tests.sandbox.conftest import STAR


def notified(world: World, text: str) -> list[str]:
    world.open_issue(STAR)
    world.comment(STAR, 1, "bot", text, run_quick_actions=True)
    return [each.who for each in world.mentions]


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("@emil please look", ["emil"]),
        ("(@Emil), @amber.", ["emil", "amber"]),
        ("@all", ["all"]),
        ("@support and @support/desk", ["support", "support/desk"]),
        ("\\@emil", ["emil"]),
        ("<b>@emil</b>", ["emil"]),
        ("- @emil", ["emil"]),
        ("@nobody, mail@emil.example, @pat", []),
        ("`@emil`", []),
        ("``a ` @emil``", []),
        ("```\n@emil\n```", []),
        ("~~~\n@emil\n~~~", []),
        ("> @emil", []),
        (">>>\n@emil\n>>>", []),
        ("<!-- @emil -->", []),
        ("```\n@emil\n```\n@amber", ["amber"]),
        ("```\n| @emil\n| ``` @all\n```", []),
    ],
)
def test_a_mention_notifies_where_gitlab_reads_it(world: World, text: str, who: list[str]) -> None:
    assert notified(world, text) == who


def test_changing_a_note_notifies_only_who_was_not_notified_before(world: World) -> None:
    world.open_issue(STAR)
    issue, bot, at = world.issue_at(STAR, 1), world.add_user("bot"), world.clock()
    note = write_note(world, issue, bot, "@emil", at).note
    assert note is not None
    rewrite_note(world, note, bot, "@emil @amber", at)
    assert [each.who for each in world.mentions] == ["emil", "amber"]


def test_a_reference_leaves_a_system_note_in_the_other_issue(world: World) -> None:
    world.open_issue(STAR)
    world.open_issue(STAR)
    world.comment(STAR, 1, "bot", "Like #2 and `#1`, not #77", run_quick_actions=True)
    world.comment(STAR, 1, "bot", "Again #2", run_quick_actions=True)
    assert [each.body for each in world.notes(STAR, 2, system=True)] == ["mentioned in issue #1"]


def test_internal_notes_leave_no_trace_elsewhere(world: World) -> None:
    world.open_issue(STAR)
    world.open_issue(STAR)
    world.comment(STAR, 1, "bot", "Like #2", internal=True, run_quick_actions=True)
    assert world.notes(STAR, 2, system=True) == ()
