"""A sweep that dies after any of its writes, or whose write is refused there: the next ones bring the same world."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from starkeeper.connectors.gitlab import GitLab
from starkeeper.errors import ConnectorError
from starkeeper.sandbox.server import serve
from starkeeper.settings import Secret
from tests.flow.conftest import BOT, NOW, PROJECT, Place, make_world
from tests.flow.sweeps import ON_GROUP, sweep_file

DESK = "group/desk"
ARCHIVE = "group/archive"
LONG_AGO = NOW - dt.timedelta(days=90)
WRITES = ("update_resource", "post_note", "relate", "move_issue", "delete_branch", "open_issue")
# Each rule turns itself off by what it does, so that a part left undone would never be made good by holding again.
POLICY = f"""  issues:
    summaries:
      - name: Overview
        actions: {{summarize: {{title: "{{{{ count }}}} in all", destination: {DESK}}}}}
        rules:
          - {{name: Marked, conditions: {{labels: [look]}}, actions: {{summarize: {{}}}}}}
    rules:
      - name: List open
        conditions: {{labels: [look], state: opened}}
        actions:
          summarize: {{title: "{{{{ count }}}} wait", destination: {DESK}}}
          comment_on_summary: "{{{{ title }}}} of {{{{ author.name }}}}"
      - name: Review
        conditions: {{labels: [review], forbidden_labels: [reviewed]}}
        actions:
          issue: {{title: "Review of {{{{ title }}}}", destination: {DESK}}}
          comment: A review was opened.
          labels: [reviewed]
      - name: Thank and close
        conditions: {{labels: [done], state: opened}}
        actions: {{comment: Thank you., labels: [thanked], remove_labels: [done], assign: [ivy], status: close}}
      - name: Archive
        conditions: {{labels: [old], state: opened}}
        actions: {{comment: This goes to the archive., move: {ARCHIVE}}}
  merge_requests:
    rules:
      - name: Ask
        conditions: {{state: opened, forbidden_labels: [asked]}}
        actions: {{comment: "Is this still on, {{{{ author }}}}?", labels: [asked], lock: true}}
  branches:
    rules:
      - name: Stale
        conditions: {{merged: true}}
        actions: {{delete: true, issue: {{title: "{{{{ name }}}} went", destination: {DESK}}}}}
"""

LIST_AND_MARK = f"""  issues:
    rules:
      - name: List and mark
        conditions: {{labels: [look], forbidden_labels: [listed]}}
        actions:
          summarize: {{title: "{{{{ count }}}} to look at", destination: {DESK}, new_each_run: true}}
          labels: [listed]
          comment: It is listed.
"""


class Killed(Exception):
    """The process is gone."""


class Frail(GitLab):
    """Lets so many writes through; the next one is never sent."""

    def __init__(self, url: str, left: int, trouble: Callable[[], Exception]) -> None:
        super().__init__(url, Secret("token"), notes_per_second=10_000, sleep=lambda _: None)
        self.left = left
        for name in WRITES:
            setattr(self, name, self._counted(getattr(self, name), trouble))

    def _counted(self, write: Callable[..., Any], trouble: Callable[[], Exception]) -> Callable[..., Any]:
        def counted(*args: Any, **named: Any) -> Any:
            self.left -= 1
            if self.left == -1:
                raise trouble()
            return write(*args, **named)

        return counted


@contextmanager
def full_place(folder: Path) -> Iterator[Place]:
    world = make_world()
    for project in (DESK, ARCHIVE):
        world.add_project(project)
    world.add_member("group", BOT, "maintainer")
    for label in ("look", "listed", "review", "reviewed", "done", "thanked", "old", "asked"):
        world.add_label("group", label)
    for title, label in (("One", "look"), ("Two", "look"), ("Three", "review"), ("Four", "done"), ("Five", "old")):
        world.open_issue(PROJECT, title=title, author="ivy", labels=[label])
    world.open_merge_request(PROJECT, title="Change", author="ivy")
    world.add_branch(PROJECT, "main", default=True)
    for name in ("stale", "staler"):
        world.add_branch(PROJECT, name, merged=True, committed_at=LONG_AGO)
    with serve(world) as sandbox:
        yield Place(world, sandbox.url, folder)


def settle(place: Place, gitlab: GitLab | None = None) -> None:
    """Sweeps until nothing is left to do."""
    sweep_file(place, POLICY, tracker=ON_GROUP, gitlab=gitlab)
    for _ in range(5):
        if not sweep_file(place, POLICY, tracker=ON_GROUP).plan.changes:
            return
    raise AssertionError("the sweeps never come to rest")


def seen(place: Place) -> dict[str, list[Any]]:
    """All that people can see there, but for its address and the numbers of issues, whose titles stand for them."""
    world = place.world
    named = {f"{each}#{issue.iid}": issue.title for each in (PROJECT, DESK, ARCHIVE) for issue in world.issues(each)}
    found: dict[str, list[Any]] = {}
    for project in (PROJECT, DESK, ARCHIVE):
        found[project] = sorted(
            (
                each.title,
                each.state,
                without_address(place, each.description),
                each.labels,
                each.assignees,
                sorted(named[other] for other in each.related),
                sorted(without_address(place, note.body) for note in world.notes(project, each.iid)),
            )
            for each in world.issues(project)
        )
    changes = world.merge_requests(PROJECT)
    found["merge requests"] = [
        (each.labels, [note.body for note in world.notes(PROJECT, each.iid, kind="merge_requests")]) for each in changes
    ]
    found["branches"] = [each.name for each in world.branches(PROJECT)]
    return found


def without_address(place: Place, text: str) -> str:
    """A digest of the text has it in, too."""
    return re.sub(r"content=[0-9a-f]{16}", "content", text.replace(place.url, ""))


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, list[Any]], int]:
    """The world after sweeps in which nothing went wrong, and how many writes the first of them sent."""
    with full_place(tmp_path_factory.mktemp("clean")) as place:
        gitlab = Frail(place.url, 1_000, Killed)
        settle(place, gitlab)
        return seen(place), 1_000 - gitlab.left


def refused() -> Exception:
    return ConnectorError("GitLab", "writing", "answered 403", status=403)


MOST = 30


@pytest.mark.parametrize("number", range(MOST))
def test_sweep_killed_after_any_write_and_run_again_brings_the_same_world(
    clean: tuple[dict[str, list[Any]], int], number: int, tmp_path: Path
) -> None:
    world, writes = clean
    assert 15 < writes < MOST, "the numbers reach from the first write to behind the last"
    with full_place(tmp_path) as place:
        with suppress(Killed):
            sweep_file(place, POLICY, tracker=ON_GROUP, gitlab=Frail(place.url, number, Killed))
        settle(place)
        assert seen(place) == world


@pytest.mark.parametrize("number", range(MOST))
def test_sweep_with_any_write_refused_and_run_again_brings_the_same_world(
    clean: tuple[dict[str, list[Any]], int], number: int, tmp_path: Path
) -> None:
    with full_place(tmp_path) as place:
        settle(place, Frail(place.url, number, refused))
        assert seen(place) == clean[0]


@pytest.mark.parametrize("trouble", [Killed, refused])
@pytest.mark.parametrize("number", range(6))
def test_rule_that_lists_and_marks_loses_none_that_it_did_not_list(
    trouble: Callable[[], Exception], number: int, tmp_path: Path
) -> None:
    with full_place(tmp_path) as place:
        with suppress(Killed):
            frail = Frail(place.url, number, trouble)
            sweep_file(place, LIST_AND_MARK, tracker=ON_GROUP, gitlab=frail)
        sweep_file(place, LIST_AND_MARK, tracker=ON_GROUP)
        listed = "\n".join(each.description for each in place.world.issues(DESK))
        assert "[One](" in listed and "[Two](" in listed
        assert [place.world.issue(PROJECT, iid).labels for iid in (1, 2)] == [("listed", "look")] * 2
        assert [len(place.world.notes(PROJECT, iid)) for iid in (1, 2)] == [1, 1]
