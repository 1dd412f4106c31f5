"""Moving an issue to another project, and who may."""

from __future__ import annotations

import datetime as dt

import gitlab
import pytest
import requests
from gitlab.v4.objects import ProjectIssue

from starkeeper.sandbox.world import World
from tests.sandbox.conftest import NOON, STAR, as_user

ELSEWHERE = "support/elsewhere"
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def issue(world: World, client: gitlab.Gitlab) -> ProjectIssue:
    world.add_label("support", "known")
    world.add_project(ELSEWHERE)
    world.open_issue(ELSEWHERE)
    world.open_issue(
        STAR,
        title="Sign in",
        description="Text",
        author="emil",
        labels=["known", "own"],
        assignees=["amber"],
        weight=3,
        due_date=dt.date(2026, 12, 24),
        upvotes=2,
        created_at=NOON - HOUR,
    )
    first = world.comment(STAR, 1, "amber", "A question", thread=True)
    world.comment(STAR, 1, "emil", "An answer", answers=first or 0)
    return client.projects.get(STAR).issues.get(1)


def test_a_moved_issue_takes_all_along_and_closes_the_old_one(world: World, issue: ProjectIssue) -> None:
    issue.move(world.projects[ELSEWHERE].id)
    old, new = world.issue(STAR, 1), world.issue(ELSEWHERE, 2)
    assert (old.state, old.moved_to, old.closed_at) == ("closed", f"{ELSEWHERE}#2", NOON)
    assert (new.title, new.description, new.author, new.assignees) == ("Sign in", "Text", "emil", ("amber",))
    assert (new.labels, new.weight, new.due_date, new.upvotes) == (("known",), 3, dt.date(2026, 12, 24), 2)
    assert (new.created_at, new.state, new.id != old.id) == (NOON - HOUR, "opened", True)
    notes = world.notes(ELSEWHERE, 2, system=True)
    assert [each.body for each in notes] == ["A question", "An answer", f"moved from {STAR}#1"]
    assert notes[0].thread == notes[1].thread == notes[0].id
    assert world.notes(STAR, 1, system=True)[-1].body == f"moved to {ELSEWHERE}#2"
    assert [each[:2] for each in world.label_events(ELSEWHERE, 2)] == [("add", "known"), ("add", "own")]


def test_the_answer_is_the_new_issue(world: World, issue: ProjectIssue, http: requests.Session, url: str) -> None:
    target = world.projects[ELSEWHERE].id
    answer = http.post(f"{url}/api/v4/projects/1/issues/{issue.iid}/move", json={"to_project_id": target})
    assert (answer.status_code, answer.json()["iid"], answer.json()["project_id"]) == (201, 2, target)
    assert http.get(f"{url}/api/v4/projects/1/issues/1").json()["moved_to_id"] == answer.json()["id"]
    again = http.post(f"{url}/api/v4/projects/1/issues/1/move", json={"to_project_id": target})
    assert again.status_code == 400


@pytest.mark.usefixtures("issue")
@pytest.mark.parametrize(
    ("sent", "status", "body"),
    [
        ({}, 400, {"error": "to_project_id is missing"}),
        ({"to_project_id": "there"}, 400, {"error": "to_project_id is invalid"}),
        ({"to_project_id": 99}, 404, {"message": "404 Project Not Found"}),
        ({"to_project_id": 1}, 400, {"message": "Cannot move issue to project it originates from!"}),
    ],
)
def test_a_wrong_target_is_refused(
    world: World, http: requests.Session, url: str, sent: dict[str, object], status: int, body: object
) -> None:
    answer = http.post(f"{url}/api/v4/projects/1/issues/1/move", json=sent)
    assert (answer.status_code, answer.json()) == (status, body)
    assert world.issue(STAR, 1).state == "opened"


@pytest.mark.usefixtures("issue")
def test_moving_needs_rights_in_both_projects(world: World, url: str) -> None:
    world.add_member(STAR, "pat", "developer")
    world.add_member(ELSEWHERE, "pat", "guest")
    theirs = as_user(url, "pat").projects.get(STAR, lazy=True).issues.get(1, lazy=True)
    with pytest.raises(gitlab.GitlabUpdateError) as error:
        theirs.move(world.projects[ELSEWHERE].id)
    said = "Cannot move issue due to insufficient permissions!"
    assert (error.value.response_code, error.value.error_message) == (400, said)
    assert len(world.issues(ELSEWHERE)) == 1
