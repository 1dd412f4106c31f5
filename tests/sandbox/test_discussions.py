"""Threads of issues through the real client: opened, answered, and told apart from comments that stand alone."""

from __future__ import annotations

import gitlab
import pytest
from gitlab.v4.objects import ProjectIssue

from starkeeper.sandbox.world import World
from tests.sandbox.conftest import STAR, as_user


@pytest.fixture
def issue(world: World, client: gitlab.Gitlab) -> ProjectIssue:
    world.open_issue(STAR, author="emil")
    return client.projects.get(STAR, lazy=True).issues.get(1)


def test_a_thread_is_opened_and_answered(world: World, issue: ProjectIssue) -> None:
    thread = issue.discussions.create({"body": "A question"})
    thread.notes.create({"body": "An answer"})
    first, second = world.notes(STAR, 1)
    assert (first.thread, second.thread, second.body) == (first.id, first.id, "An answer")
    shown = issue.discussions.get(thread.id).attributes
    assert (shown["individual_note"], [each["type"] for each in shown["notes"]]) == (False, ["DiscussionNote"] * 2)
    assert [each["resolvable"] for each in shown["notes"]] == [False, False]


def test_an_answer_to_a_comment_makes_a_thread_of_the_two(world: World, issue: ProjectIssue) -> None:
    issue.notes.create({"body": "A comment"})
    (alone,) = issue.discussions.list(get_all=True)
    assert alone.attributes["individual_note"]
    alone.notes.create({"body": "An answer"})
    (thread,) = issue.discussions.list(get_all=True)
    assert (thread.id, thread.attributes["individual_note"]) == (alone.id, False)
    assert {each.thread for each in world.notes(STAR, 1)} == {1}


def test_a_thread_of_quick_actions_only_is_no_thread(world: World, issue: ProjectIssue) -> None:
    answer = issue.discussions.create({"body": "/close"})
    assert answer.attributes["summary"] == ["Closed this issue."]
    assert (world.requests[-1].status, world.issue(STAR, 1).state) == (202, "closed")
    assert world.notes(STAR, 1) == ()


def test_internal_threads_are_hidden_from_guests(world: World, issue: ProjectIssue, url: str) -> None:
    thread = issue.discussions.create({"body": "Between us", "internal": True})
    thread.notes.create({"body": "Yes"})
    assert [each.internal for each in world.notes(STAR, 1)] == [True, True]
    guest = as_user(url, "gus").projects.get(STAR, lazy=True).issues.get(1, lazy=True)
    assert guest.discussions.list(get_all=True) == []
    with pytest.raises(gitlab.GitlabGetError) as error:
        guest.discussions.get(thread.id)
    assert error.value.response_code == 404
