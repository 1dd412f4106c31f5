"""Reading, opening and changing issues through the real client, as GitLab would do it."""

from __future__ import annotations

import datetime as dt

import gitlab
import pytest
import requests
from gitlab.v4.objects import Project

from starkeeper.sandbox.world import World
from tests.sandbox.conftest import NOON, STAR, as_user


@pytest.fixture
def project(world: World, client: gitlab.Gitlab) -> Project:
    for number in range(1, 4):
        world.open_issue(
            STAR, title=f"Issue {number}", author="amber", created_at=NOON - dt.timedelta(hours=4 - number)
        )
    return client.projects.get(STAR)


def test_a_project_is_found_by_its_path_and_by_its_number(client: gitlab.Gitlab, project: Project) -> None:
    assert client.projects.get(project.id).path_with_namespace == STAR


def test_a_list_shows_the_newest_first(project: Project) -> None:
    assert [each.iid for each in project.issues.list(get_all=True)] == [3, 2, 1]


@pytest.mark.usefixtures("project")
def test_a_group_lists_the_issues_of_its_subgroups(client: gitlab.Gitlab, world: World) -> None:
    world.add_project("support/archive", archived=True)
    world.open_issue("support/archive", title="Put away")
    found = client.groups.get("support").issues.list(get_all=True)
    assert [each.references["full"] for each in found] == [f"{STAR}#3", f"{STAR}#2", f"{STAR}#1"]


def test_the_list_of_everything_shows_only_ones_own_unless_told(client: gitlab.Gitlab, project: Project) -> None:
    project.issues.create({"title": "The bot's own"})
    assert [each.title for each in client.issues.list(get_all=True)] == ["The bot's own"]
    assert len(client.issues.list(get_all=True, scope="all")) == 4


def test_labels_change_by_what_is_added_and_removed(world: World, project: Project) -> None:
    world.set_labels(STAR, 1, by="amber", add=["old", "kept"])
    answer = project.issues.update(1, {"add_labels": "new one,other", "remove_labels": "old"})
    assert answer["labels"] == ["kept", "new one", "other"]
    assert "new one" in [each.name for each in project.labels.list(get_all=True)]


def test_a_full_list_of_labels_replaces_what_a_person_set_meanwhile(world: World, project: Project) -> None:
    issue = project.issues.get(1)
    world.set_labels(STAR, 1, by="amber", add=["unstarred"])
    issue.labels.append("mine")
    issue.save()
    assert world.issue(STAR, 1).labels == ("mine",)


def test_scoped_labels_push_each_other_out_in_the_premium_edition(world: World, project: Project) -> None:
    project.issues.update(1, {"add_labels": "a::b::one,star::new"})
    project.issues.update(1, {"add_labels": "a::b::two,a::three,star::seen"})
    assert world.issue(STAR, 1).labels == ("a::b::two", "a::three", "star::seen")


def test_scoped_labels_stand_together_in_the_free_edition(world: World, project: Project) -> None:
    world.edition = "free"
    project.issues.update(1, {"add_labels": "star::new"})
    project.issues.update(1, {"add_labels": "star::seen"})
    assert world.issue(STAR, 1).labels == ("star::new", "star::seen")


def test_label_events_name_who_did_it_and_when(world: World, project: Project) -> None:
    world.set_labels(STAR, 1, by="amber", add=["star::new"], at=NOON - dt.timedelta(hours=1))
    project.issues.update(1, {"add_labels": "star::seen"})
    events = project.issues.get(1).resourcelabelevents.list(get_all=True)
    told = [(each.user["username"], each.action, each.label["name"], each.created_at) for each in events]
    assert told == [
        ("amber", "add", "star::new", "2026-11-30T11:00:00.000Z"),
        ("bot", "add", "star::seen", "2026-11-30T12:00:00.000Z"),
        ("bot", "remove", "star::new", "2026-11-30T12:00:00.000Z"),
    ]


def test_the_event_of_a_deleted_label_has_no_label(world: World, project: Project) -> None:
    world.set_labels(STAR, 1, by="amber", add=["gone"])
    world.delete_label(STAR, "gone")
    (event,) = project.issues.get(1).resourcelabelevents.list(get_all=True)
    assert (event.action, event.label) == ("add", None)
    assert project.issues.get(1).labels == []


def test_a_change_that_changes_nothing_leaves_no_trace(world: World, project: Project) -> None:
    before = world.issue(STAR, 1)
    project.issues.update(1, {"remove_labels": "never there", "state_event": "reopen", "title": "Issue 1"})
    assert world.issue(STAR, 1) == before
    assert world.notes(STAR, 1, system=True) == ()


def test_closing_and_reopening_leave_state_events(project: Project) -> None:
    closed = project.issues.update(1, {"state_event": "close"})
    assert (closed["state"], closed["closed_by"]["username"]) == ("closed", "bot")
    opened = project.issues.update(1, {"state_event": "reopen"})
    assert (opened["state"], opened["closed_at"]) == ("opened", None)
    events = project.issues.get(1).resourcestateevents.list(get_all=True)
    assert [(each.state, each.user["username"]) for each in events] == [("closed", "bot"), ("reopened", "bot")]


def test_every_field_can_be_changed_in_one_request(world: World, project: Project) -> None:
    emil = world.add_user("emil")
    changed = {"assignee_ids": [emil.id], "confidential": True, "due_date": "2026-12-01", "discussion_locked": True}
    answer = project.issues.update(1, {**changed, "title": "New", "description": "Text", "add_labels": "x"})
    seen = world.issue(STAR, 1)
    assert (seen.assignees, seen.confidential, seen.due_date) == (("emil",), True, dt.date(2026, 12, 1))
    assert (seen.locked, seen.title, seen.description, seen.labels) == (True, "New", "Text", ("x",))
    assert answer["assignee"]["username"] == "emil"
    assert [each.method for each in world.requests].count("PUT") == 1


def test_the_free_edition_keeps_one_assignee(world: World, project: Project) -> None:
    people = [world.add_user("emil").id, world.add_user("amber").id]
    assert len(project.issues.update(1, {"assignee_ids": people})["assignees"]) == 2
    world.edition = "free"
    assert len(project.issues.update(1, {"assignee_ids": people[::-1]})["assignees"]) == 1
    project.issues.update(1, {"assignee_ids": [0]})
    assert world.issue(STAR, 1).assignees == ()


def test_gitlab_writes_a_system_note_of_what_it_changes_but_not_of_labels(world: World, project: Project) -> None:
    project.issues.update(1, {"assignee_ids": [world.add_user("emil").id], "add_labels": "x", "state_event": "close"})
    assert [each.body for each in world.notes(STAR, 1, system=True)] == ["assigned to @emil", "closed"]
    assert world.notes(STAR, 1) == ()


def test_a_milestone_is_set_and_taken_away(world: World, project: Project) -> None:
    milestone = world.add_milestone("support", "17.0", due_date=dt.date(2026, 12, 24))
    assert project.issues.update(1, {"milestone_id": milestone.id})["milestone"]["title"] == "17.0"
    assert project.issues.update(1, {"milestone_id": 0})["milestone"] is None


def test_an_update_needs_something_to_update(project: Project) -> None:
    with pytest.raises(gitlab.GitlabUpdateError) as error:
        project.issues.update(1, {})
    assert error.value.response_code == 400


@pytest.mark.parametrize(
    ("values", "body"),
    [
        ({"title": ""}, {"message": {"title": ["can't be blank"]}}),
        ({"title": "x" * 256}, {"message": {"title": ["is too long (maximum is 255 characters)"]}}),
        ({"state_event": "shut"}, {"error": "state_event does not have a valid value"}),
        ({"due_date": "soon"}, {"error": "due_date is invalid"}),
        ({"confidential": "maybe"}, {"error": "confidential is invalid"}),
    ],
)
def test_a_wrong_value_is_refused_and_nothing_changes(
    world: World, project: Project, http: requests.Session, url: str, values: dict[str, str], body: object
) -> None:
    before = world.issue(STAR, 1)
    answer = http.put(f"{url}/api/v4/projects/{project.id}/issues/1", json={**values, "add_labels": "x"})
    assert (answer.status_code, answer.json()) == (400, body)
    assert world.issue(STAR, 1) == before


def test_an_issue_can_be_opened_with_everything(world: World, project: Project) -> None:
    amber = world.add_user("amber")
    made = project.issues.create(
        {"title": "New", "description": "Text", "labels": "a,b", "assignee_ids": [amber.id], "confidential": True}
    )
    seen = world.issue(STAR, made.iid)
    assert (made.iid, seen.labels, seen.assignees, seen.author) == (4, ("a", "b"), ("amber",), "bot")
    assert seen.confidential


def test_opening_an_issue_runs_the_quick_actions_of_its_description(world: World, project: Project) -> None:
    world.add_label(STAR, "urgent")
    made = project.issues.create({"title": "New", "description": "Help\n/label ~urgent\n/close\n/cc @amber"})
    seen = world.issue(STAR, made.iid)
    assert (seen.description, seen.labels, seen.state) == ("Help\n/cc @amber", ("urgent",), "closed")
    assert [each.who for each in world.mentions] == ["amber"]


def test_changing_a_description_runs_its_quick_actions(world: World, project: Project) -> None:
    project.issues.update(1, {"description": "Better\n/close"})
    assert (world.issue(STAR, 1).description, world.issue(STAR, 1).state) == ("Better", "closed")


def test_no_issue_can_be_opened_where_issues_are_off(world: World, client: gitlab.Gitlab) -> None:
    world.add_project("support/code", issues_enabled=False)
    with pytest.raises(gitlab.GitlabCreateError) as error:
        client.projects.get("support/code").issues.create({"title": "x"})
    assert (error.value.response_code, error.value.error_message) == (403, "403 Forbidden")


def test_a_guest_changes_ones_own_text_but_labels_are_left_alone_without_a_word(world: World, url: str) -> None:
    iid = world.open_issue(STAR, title="Mine", author="gus")
    issues = as_user(url, "gus").projects.get(STAR, lazy=True).issues
    answer = issues.update(iid, {"title": "Still mine", "add_labels": "x", "assignee_ids": [1], "state_event": "close"})
    assert (answer["title"], answer["labels"], answer["assignees"], answer["state"]) == (
        "Still mine",
        [],
        [],
        "closed",
    )


def test_a_guest_gives_a_new_issue_labels_that_exist(world: World, url: str) -> None:
    world.add_label("support", "known")
    made = as_user(url, "gus").projects.get(STAR, lazy=True).issues.create({"title": "x", "labels": "known,unknown"})
    assert made.labels == ["known"]


@pytest.mark.usefixtures("project")
def test_a_guest_cannot_change_the_issue_of_another(url: str) -> None:
    with pytest.raises(gitlab.GitlabUpdateError) as error:
        as_user(url, "gus").projects.get(STAR, lazy=True).issues.update(1, {"add_labels": "x"})
    assert error.value.response_code == 403


def test_a_confidential_issue_is_hidden_from_guests(project: Project, url: str) -> None:
    project.issues.update(2, {"confidential": True})
    issues = as_user(url, "gus").projects.get(STAR, lazy=True).issues
    assert [each.iid for each in issues.list(get_all=True)] == [3, 1]
    with pytest.raises(gitlab.GitlabGetError) as error:
        issues.get(2)
    assert error.value.response_code == 404
    assert [each.iid for each in project.issues.list(get_all=True)] == [3, 2, 1]


def test_two_issues_are_related_once(world: World, project: Project) -> None:
    issue = project.issues.get(1)
    issue.links.create({"target_project_id": project.id, "target_issue_iid": 2})
    assert (world.issue(STAR, 1).related, world.issue(STAR, 2).related) == ((f"{STAR}#2",), (f"{STAR}#1",))
    assert [(each.iid, each.link_type) for each in project.issues.get(2).links.list()] == [(1, "relates_to")]
    with pytest.raises(gitlab.GitlabCreateError) as error:
        project.issues.get(2).links.create({"target_project_id": project.id, "target_issue_iid": 1})
    assert error.value.response_code == 409


def test_a_reaction_is_given_once(project: Project) -> None:
    issue = project.issues.get(1)
    issue.awardemojis.create({"name": "thumbsup"})
    assert project.issues.get(1).upvotes == 1
    with pytest.raises(gitlab.GitlabCreateError) as error:
        issue.awardemojis.create({"name": "thumbsup"})
    assert (error.value.response_code, error.value.error_message) == (
        404,
        "404 Award Emoji Name has already been taken Not Found",
    )
    issue.awardemojis.list(get_all=True)[0].delete()
    assert project.issues.get(1).upvotes == 0
