"""Notes through the real client: what is kept, what is run, and who may see it."""

from __future__ import annotations

import datetime as dt

import gitlab
import pytest
import requests
from gitlab.v4.objects import ProjectIssue

from starkeeper.sandbox.world import World
from tests.sandbox.conftest import NOON, STAR, as_user


@pytest.fixture
def issue(world: World, client: gitlab.Gitlab) -> ProjectIssue:
    world.open_issue(STAR, author="emil", created_at=NOON - dt.timedelta(hours=1))
    world.add_label(STAR, "urgent")
    return client.projects.get(STAR, lazy=True).issues.get(1)


def test_a_note_is_kept_as_it_was_written(world: World, issue: ProjectIssue) -> None:
    note = issue.notes.create({"body": "  Hello\r\nthere <b>& you</b>"})
    assert issue.notes.get(note.id).body == "  Hello\nthere <b>& you</b>"
    assert (note.author["username"], note.system, note.internal) == ("bot", False, False)
    seen = world.issue(STAR, 1)
    assert seen.updated_at == NOON


def test_a_note_of_quick_actions_only_is_no_note(world: World, issue: ProjectIssue) -> None:
    answer = issue.notes.create({"body": "/label ~urgent\n/close"})
    assert "id" not in answer.attributes
    assert answer.summary == ['Added ~"urgent" label.', "Closed this issue."]
    assert answer.commands_changes["state_event"] == "close"
    assert world.requests[-1].status == 202
    assert (world.issue(STAR, 1).state, world.issue(STAR, 1).labels) == ("closed", ("urgent",))
    assert world.notes(STAR, 1) == ()


def test_a_mixed_note_loses_its_quick_actions(world: World, issue: ProjectIssue) -> None:
    note = issue.notes.create({"body": "Done.\n/close\nThank you"})
    assert note.body == "Done.\nThank you"
    assert world.issue(STAR, 1).state == "closed"


def test_changing_a_note_runs_quick_actions_too(world: World, issue: ProjectIssue) -> None:
    note = issue.notes.create({"body": "First"})
    note.body = "Second\n/close"
    note.save()
    assert [each.body for each in world.notes(STAR, 1)] == ["Second"]
    assert world.issue(STAR, 1).state == "closed"


def test_a_note_can_be_deleted(world: World, issue: ProjectIssue) -> None:
    note = issue.notes.create({"body": "Wrong"})
    note.delete()
    assert world.notes(STAR, 1) == ()
    with pytest.raises(gitlab.GitlabGetError):
        issue.notes.get(note.id)


def test_notes_are_listed_newest_first_and_can_be_narrowed(world: World, issue: ProjectIssue) -> None:
    world.comment(STAR, 1, "amber", "one", at=NOON - dt.timedelta(minutes=9))
    world.close(STAR, 1, by="amber", at=NOON - dt.timedelta(minutes=8))
    world.comment(STAR, 1, "amber", "two", at=NOON - dt.timedelta(minutes=7))
    assert [each.body for each in issue.notes.list(get_all=True)] == ["two", "closed", "one"]
    comments = issue.notes.list(get_all=True, activity_filter="only_comments", sort="asc")
    assert [each.body for each in comments] == ["one", "two"]
    activity = issue.notes.list(get_all=True, activity_filter="only_activity")
    assert [(each.body, each.system) for each in activity] == [("closed", True)]


def test_internal_notes_are_taken_out_after_paging(world: World, issue: ProjectIssue, url: str) -> None:
    for number in range(4):
        world.comment(STAR, 1, "amber", f"note {number}", internal=number % 2 == 0)
    guest = as_user(url, "gus").projects.get(STAR, lazy=True).issues.get(1, lazy=True)
    first = guest.notes.list(page=1, per_page=2, sort="asc")
    assert [each.body for each in first] == ["note 1"]
    assert [each.body for each in guest.notes.list(iterator=True, per_page=2, sort="asc")] == ["note 1", "note 3"]
    assert len(issue.notes.list(get_all=True)) == 4


@pytest.mark.parametrize(
    ("sent", "body"),
    [
        ({}, {"error": "body is missing"}),
        ({"body": " \n"}, {"message": '400 Bad request - Note {:note=>["can\'t be blank"]}'}),
        (
            {"body": "x" * 1_000_001},
            {"message": '400 Bad request - Note {:note=>["is too long (maximum is 1000000 characters)"]}'},
        ),
    ],
)
def test_a_note_without_a_fit_body_is_refused(
    issue: ProjectIssue, http: requests.Session, url: str, sent: dict[str, str], body: object
) -> None:
    answer = http.post(f"{url}/api/v4/projects/1/issues/{issue.iid}/notes", json=sent)
    assert (answer.status_code, answer.json()) == (400, body)


def test_a_token_that_may_only_read_writes_nothing(world: World, issue: ProjectIssue, url: str) -> None:
    reader = as_user(url, "reader").projects.get(STAR, lazy=True).issues.get(issue.iid)
    with pytest.raises(gitlab.GitlabCreateError) as error:
        reader.notes.create({"body": "no"})
    assert (error.value.response_code, b"insufficient_scope" in (error.value.response_body or b"")) == (403, True)
    assert world.notes(STAR, 1) == ()


def test_nobody_but_the_author_or_a_maintainer_changes_a_note(world: World, issue: ProjectIssue, url: str) -> None:
    note = issue.notes.create({"body": "Mine"})
    other = as_user(url, "emil").projects.get(STAR, lazy=True).issues.get(1, lazy=True)
    with pytest.raises(gitlab.GitlabUpdateError):
        other.notes.update(note.id, {"body": "Yours"})
    assert world.notes(STAR, 1)[0].body == "Mine"


def test_too_many_notes_in_a_minute_are_refused_until_time_passes(world: World, issue: ProjectIssue) -> None:
    world.notes_per_minute = 2
    issue.notes.create({"body": "1"})
    issue.notes.create({"body": "2"})
    with pytest.raises(gitlab.GitlabHttpError) as error:
        issue.manager.gitlab.http_post("/projects/1/issues/1/notes", post_data={"body": "3"}, obey_rate_limit=False)
    assert error.value.response_code == 429
    world.at(NOON + dt.timedelta(minutes=1))
    issue.notes.create({"body": "3"})
    assert [each.body for each in world.notes(STAR, 1)] == ["1", "2", "3"]


@pytest.mark.usefixtures("issue")
def test_a_stranger_does_not_find_a_private_issue(url: str) -> None:
    with pytest.raises(gitlab.GitlabCreateError) as error:
        as_user(url, "pat").projects.get(STAR, lazy=True).issues.get(1, lazy=True).notes.create({"body": "hi"})
    assert (error.value.response_code, error.value.error_message) == (404, "404 Project Not Found")
