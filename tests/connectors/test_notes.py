"""Notes and threads: written once, at a pace, whatever becomes of the answers."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from starkeeper.connectors.gitlab import GitLab
from starkeeper.errors import ConnectorError
from starkeeper.model.resources import ResourceKey
from tests.connectors.conftest import Answer, Asked, Clock, Scripted
from tests.connectors.desk import KEY, LOST, Desk, written

MARKER = "<!-- starkeeper key=1 -->"
BODY = f"A secret text\n{MARKER}"


@pytest.fixture
def desk(scripted: Scripted) -> Desk:
    scripted.script = found = Desk()
    return found


def post(gitlab: GitLab, body: str = BODY) -> None:
    gitlab.post_note(KEY, body, internal=True, marker=MARKER)


def test_a_note_is_one_request(gitlab: GitLab, desk: Desk) -> None:
    post(gitlab)
    assert desk.sent == [{"body": BODY, "internal": True}]
    assert gitlab.requests == {"note": 1}


def test_a_note_of_commands_only_is_success(gitlab: GitLab, desk: Desk) -> None:
    desk.misses, desk.trouble = True, [Answer({"commands_changes": {}, "summary": ["Closed this issue."]}, 202)]
    post(gitlab)
    assert len(desk.sent) == 1


@pytest.mark.parametrize("lost", LOST)
def test_a_note_whose_answer_was_lost_is_found_and_not_written_twice(
    gitlab: GitLab, desk: Desk, scripted: Scripted, lost: Answer
) -> None:
    desk.trouble = [lost]
    post(gitlab)
    assert [each["body"] for each in desk.notes] == [BODY]
    assert len(desk.sent) == 1
    assert scripted.asked[-1].query["activity_filter"] == "only_comments"


@pytest.mark.parametrize("lost", LOST)
def test_a_note_that_did_not_arrive_is_written_again(gitlab: GitLab, desk: Desk, lost: Answer) -> None:
    desk.misses, desk.trouble = True, [lost]
    post(gitlab)
    assert [each["body"] for each in desk.notes] == [BODY]
    assert len(desk.sent) == 2


def test_the_marker_in_a_note_of_somebody_else_is_not_ours(gitlab: GitLab, desk: Desk) -> None:
    desk.notes = [written(f"> {MARKER}", "ann", 1)]
    desk.misses, desk.trouble = True, [Answer("", 500)]
    post(gitlab)
    assert [each["author"]["username"] for each in desk.notes] == ["ann", "star-bot"]


def test_a_note_that_always_fails_comes_to_an_end(gitlab: GitLab, desk: Desk) -> None:
    desk.misses, desk.trouble = True, [Answer("", 500)] * 9
    with pytest.raises(ConnectorError, match="writing a note on desk/star#7: answered 500") as caught:
        post(gitlab)
    assert (caught.value.lost, len(desk.sent), desk.notes) == (True, 3, [])
    assert "secret" not in str(caught.value)


def test_a_note_that_cannot_be_looked_for_is_not_sent_again(gitlab: GitLab, desk: Desk, scripted: Scripted) -> None:
    desk.trouble = [Answer("", 500)]
    refused = Answer({"message": "403 Forbidden"}, 403)
    scripted.script = lambda asked: refused if asked.verb == "GET" and "/notes" in asked.path else desk(asked)
    with pytest.raises(ConnectorError, match="whether it took effect could not be seen: answered 403") as caught:
        post(gitlab)
    assert (caught.value.lost, len(desk.sent)) == (True, 1)


@pytest.mark.parametrize("body", ["Retry later\n", {"message": {"error": "Try again."}}, {"message": "Try again."}])
def test_a_throttled_note_is_written_after_the_wait(
    gitlab: GitLab, desk: Desk, scripted: Scripted, clock: Clock, body: Any
) -> None:
    desk.trouble = [Answer(body, 429, {"Retry-After": "60"})]
    post(gitlab)
    assert len(desk.notes) == 1
    assert 60 <= clock.waits[0] <= 61
    assert [each.verb for each in scripted.asked] == ["POST", "POST"]


@pytest.mark.parametrize("status", [400, 401, 403, 404])
def test_a_refused_note_is_sent_once(gitlab: GitLab, desk: Desk, status: int) -> None:
    desk.misses, desk.trouble = True, [Answer({"message": 'Note {:note=>["A secret text"]}'}, status)]
    with pytest.raises(ConnectorError) as caught:
        post(gitlab)
    assert (caught.value.status, caught.value.lost, len(desk.sent)) == (status, False, 1)
    assert "secret" not in str(caught.value)


def test_a_note_that_ran_out_of_time_is_given_as_long_again(
    connect: Callable[..., GitLab], scripted: Scripted, desk: Desk, clock: Clock
) -> None:
    """Its request can still be at work in GitLab when our patience ends; a look at once would miss its note."""

    def slow(asked: Asked) -> Answer:
        if asked.verb == "POST":
            clock.now += 30
        return desk(asked)

    desk.trouble = [Answer("", 504)]
    scripted.script = slow
    post(connect(scripted.url))
    assert max(clock.waits) == 30


def test_notes_are_written_at_a_pace(gitlab: GitLab, desk: Desk, clock: Clock) -> None:
    for _ in range(4):
        post(gitlab)
    assert clock.waits == [1, 1, 1]
    assert len(desk.notes) == 4


def test_notes_from_many_threads_keep_the_pace(connect: Callable[..., GitLab], scripted: Scripted, desk: Desk) -> None:
    clock = Clock()
    gitlab = connect(scripted.url, notes_per_second=2.0, monotonic=lambda: 0.0, sleep=clock.sleep)
    threads = [threading.Thread(target=post, args=[gitlab]) for _ in range(5)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(clock.waits) == [0.5, 1, 1.5, 2]
    assert len(desk.notes) == 5


@pytest.mark.parametrize("marker", ["", "<!-- another -->"])
def test_a_note_without_its_marker_is_a_mistake_of_the_caller(gitlab: GitLab, desk: Desk, marker: str) -> None:
    with pytest.raises(ValueError, match="must hold its marker"):
        gitlab.post_note(KEY, BODY, internal=False, marker=marker)
    assert desk.sent == []


def test_a_thread_is_begun_by_the_discussions_route(gitlab: GitLab, desk: Desk, scripted: Scripted) -> None:
    gitlab.post_note(KEY, BODY, internal=False, marker=MARKER, thread=True)
    assert desk.sent == [{"body": BODY}]
    assert scripted.asked[-1].path == "/api/v4/projects/desk/star/issues/7/discussions"
    assert gitlab.requests == {"note": 1}


def test_an_internal_thread_stays_internal(gitlab: GitLab, desk: Desk, scripted: Scripted) -> None:
    """The discussions route has no word for it, and would show it to everybody."""
    gitlab.post_note(KEY, BODY, internal=True, marker=MARKER, thread=True)
    assert desk.sent == [{"body": BODY, "internal": True}]
    assert scripted.asked[-1].path == "/api/v4/projects/desk/star/issues/7/notes"


@pytest.mark.parametrize("lost", LOST)
def test_a_thread_whose_answer_was_lost_is_not_begun_twice(gitlab: GitLab, desk: Desk, lost: Answer) -> None:
    desk.trouble = [lost]
    gitlab.post_note(KEY, BODY, internal=False, marker=MARKER, thread=True)
    assert [each["body"] for each in desk.notes] == [BODY]


@pytest.mark.usefixtures("desk")
def test_a_note_on_an_epic_goes_by_the_number_of_the_epic(gitlab: GitLab, scripted: Scripted) -> None:
    gitlab.post_note(ResourceKey("desk", 7, "epics"), BODY, internal=False, marker=MARKER)
    gitlab.post_note(ResourceKey("desk", 7, "epics"), BODY, internal=False, marker=MARKER)
    notes = ("POST", "/api/v4/groups/desk/epics/70/notes")
    assert [(each.verb, each.path) for each in scripted.asked] == [("GET", "/api/v4/groups/desk/epics/7"), notes, notes]
