"""Merge requests through the real client: lists and their filters, changes, notes, and what they close."""

from __future__ import annotations

import datetime as dt
from typing import Any

import gitlab
import pytest
import requests
from gitlab.v4.objects import Project, ProjectMergeRequest

from starkeeper.sandbox.world import World
from tests.sandbox.conftest import NOON, STAR, as_user

DAY = dt.timedelta(days=1)


@pytest.fixture
def project(world: World, client: gitlab.Gitlab) -> Project:
    """1: merged, a; 2: a and b, emil's, gus reviews; 3: a draft into `stable`, amber's; 4: closed, in a milestone."""
    made: list[dict[str, Any]] = [
        {"labels": ["a"], "title": "Sign in", "merged_at": NOON - 2 * DAY},
        {"labels": ["a", "b"], "assignees": ["emil"], "reviewers": ["gus"], "description": "since the upgrade"},
        {"draft": True, "author": "amber", "target_branch": "stable"},
        {"state": "closed", "milestone": "17.0", "title": "Zoo"},
    ]
    for number, values in enumerate(made, start=1):
        values = {"author": "emil", "source_branch": f"change-{number}", **values}
        world.open_merge_request(STAR, created_at=NOON - (10 - number) * DAY, **values)
    return client.projects.get(STAR, lazy=True)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, [4, 3, 2, 1]),
        ({"state": "opened"}, [3, 2]),
        ({"state": "merged"}, [1]),
        ({"state": "closed"}, [4]),
        ({"state": "locked"}, []),
        ({"state": "all"}, [4, 3, 2, 1]),
        ({"labels": "a,b"}, [2]),
        ({"labels": "None"}, [4, 3]),
        ({"labels": "Any"}, [2, 1]),
        ({"not[labels]": "b"}, [4, 3, 1]),
        ({"milestone": "17.0"}, [4]),
        ({"milestone": "None"}, [3, 2, 1]),
        ({"author_username": "amber"}, [3]),
        ({"not[author_username]": "amber"}, [4, 2, 1]),
        ({"assignee_id": "Any"}, [2]),
        ({"reviewer_id": "Any"}, [2]),
        ({"reviewer_id": "None"}, [4, 3, 1]),
        ({"reviewer_username": "Gus"}, [2]),
        ({"wip": "yes"}, [3]),
        ({"wip": "no"}, [4, 2, 1]),
        ({"draft": True}, [3]),
        ({"source_branch": "change-4"}, [4]),
        ({"target_branch": "stable"}, [3]),
        ({"not[target_branch]": "stable"}, [4, 2, 1]),
        ({"iids": [1, 3]}, [3, 1]),
        ({"created_after": "2026-11-23T12:00:00Z"}, [4, 3]),
        ({"updated_before": "2026-11-22T12:00:00Z"}, [2]),
        ({"search": "UPGRADE"}, [2]),
        ({"order_by": "merged_at"}, [1, 4, 3, 2]),
        ({"order_by": "title", "sort": "asc"}, [2, 3, 1, 4]),
        ({"order_by": "updated_at", "sort": "asc"}, [2, 3, 4, 1]),
    ],
    ids=lambda value: "&".join(f"{key}={each}" for key, each in value.items()) if isinstance(value, dict) else None,
)
def test_a_filter_finds_what_gitlab_would_find(project: Project, query: dict[str, Any], found: list[int]) -> None:
    assert [each.iid for each in project.mergerequests.list(get_all=True, **query)] == found


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("query", ["state=shut", "wip=maybe", "order_by=colour", "draft=perhaps"])
def test_a_wrong_filter_is_refused(http: requests.Session, url: str, query: str) -> None:
    answer = http.get(f"{url}/api/v4/projects/1/merge_requests?{query}")
    assert (answer.status_code, list(answer.json())) == (400, ["error"])


@pytest.mark.usefixtures("project")
def test_a_group_lists_those_of_its_projects(client: gitlab.Gitlab, http: requests.Session, url: str) -> None:
    found = client.groups.get("support").mergerequests.list(get_all=True, state="opened", with_labels_details=True)
    assert [each.references["full"] for each in found] == [f"{STAR}!3", f"{STAR}!2"]
    assert found[1].labels[0]["color"] == "#428BCA"
    page = http.get(f"{url}/api/v4/groups/support/merge_requests?per_page=3")
    assert (len(page.json()), page.headers["X-Total"], page.headers["X-Next-Page"]) == (3, "4", "2")


def test_one_tells_all_that_clients_read(project: Project, url: str) -> None:
    merged, draft = project.mergerequests.get(1), project.mergerequests.get(3)
    assert (merged.merged_by["username"], merged.merge_user["username"]) == ("emil", "emil")
    assert merged.merged_at == "2026-11-28T12:00:00.000Z"
    assert (draft.title, draft.draft, draft.work_in_progress) == ("Draft: A merge request", True, True)
    assert (draft.detailed_merge_status, merged.detailed_merge_status) == ("draft_status", "not_open")
    assert draft.web_url == f"{url}/{STAR}/-/merge_requests/3"
    assert (draft.references["short"], draft.source_branch, draft.target_branch) == ("!3", "change-3", "stable")


def test_every_field_can_be_changed_in_one_request(world: World, project: Project) -> None:
    gus, milestone = world.add_user("gus"), world.add_milestone("support", "18.0")
    people = {"assignee_ids": [gus.id], "reviewer_ids": [gus.id], "milestone_id": milestone.id}
    texts = {"title": "New", "description": "Text", "target_branch": "stable", "discussion_locked": True}
    project.mergerequests.update(2, {**people, **texts, "add_labels": "c", "remove_labels": "a"})
    seen = world.merge_request(STAR, 2)
    assert (seen.assignees, seen.reviewers, seen.milestone) == (("gus",), ("gus",), "18.0")
    assert (seen.title, seen.description, seen.target_branch, seen.locked) == ("New", "Text", "stable", True)
    assert seen.labels == ("b", "c")
    assert [each[:2] for each in world.label_events(STAR, 2, kind="merge_requests")][2:] == [
        ("add", "c"),
        ("remove", "a"),
    ]


def test_an_update_needs_something_to_update(project: Project) -> None:
    with pytest.raises(gitlab.GitlabUpdateError) as error:
        project.mergerequests.update(2, {})
    assert error.value.response_code == 400


def test_what_is_merged_cannot_be_closed(world: World, project: Project) -> None:
    project.mergerequests.update(1, {"state_event": "close"})
    project.mergerequests.update(2, {"state_event": "close"})
    assert [each.state for each in world.merge_requests(STAR)] == ["merged", "closed", "opened", "closed"]
    events = project.mergerequests.get(2).resourcestateevents.list(get_all=True)
    assert [(each.state, each.resource_type) for each in events] == [("closed", "MergeRequest")]


def test_notes_threads_and_reactions_hang_on_a_merge_request(world: World, project: Project) -> None:
    item = project.mergerequests.get(2)
    note = item.notes.create({"body": "Hello @amber"})
    thread = item.discussions.create({"body": "A question"})
    thread.notes.create({"body": "An answer"})
    note.awardemojis.create({"name": "thumbsup"})
    item.awardemojis.create({"name": "thumbsup"})
    assert [each.body for each in world.notes(STAR, 2, kind="merge_requests")] == [
        "Hello @amber",
        "A question",
        "An answer",
    ]
    threads = [(each.attributes["individual_note"], len(each.attributes["notes"])) for each in item.discussions.list()]
    assert threads == [(True, 1), (False, 2)]
    assert {each["type"] for each in item.discussions.list()[1].attributes["notes"]} == {"DiscussionNote"}
    assert (project.mergerequests.get(2).user_notes_count, project.mergerequests.get(2).upvotes) == (3, 1)
    assert [(each.kind, each.who) for each in world.mentions] == [("merge_requests", "amber")]


def test_issues_and_merge_requests_of_one_number_are_two_things(world: World, project: Project) -> None:
    world.open_issue(STAR)
    project.mergerequests.get(1).notes.create({"body": "Here\n/label ~a\n/close"})
    assert world.issue(STAR, 1).state == "opened"
    assert world.notes(STAR, 1) == ()
    assert [(each.kind, each.name) for each in world.commands] == [
        ("merge_requests", "label"),
        ("merge_requests", "close"),
    ]


def test_quick_actions_run_in_notes_of_merge_requests(world: World, project: Project) -> None:
    item = project.mergerequests.get(2)
    answer: Any = item.notes.create({"body": "/draft\n/rebase\n/assign @gus\n/lock"})
    assert answer.summary[:2] == ["Set the Draft status.", "Scheduled a rebase of the branch."]
    seen = world.merge_request(STAR, 2)
    assert (seen.draft, seen.assignees, seen.locked) == (True, ("emil", "gus"), True)
    item.notes.create({"body": "/ready\n/copy_metadata #1"})
    assert world.merge_request(STAR, 2).title == "A merge request"
    assert [each.name for each in world.commands] == ["draft", "rebase", "assign", "lock", "ready", "copy_metadata"]
    assert world.notes(STAR, 2, kind="merge_requests") == ()


def test_a_merge_request_closes_what_its_description_says(world: World, project: Project) -> None:
    for _ in range(4):
        world.open_issue(STAR)
    iid = world.open_merge_request(STAR, description=f"Closes #1, {STAR}#2 and #3.\n\nSee #4.", closes=[4])
    closes = project.mergerequests.get(iid).closes_issues(get_all=True)
    assert [each.iid for each in closes] == [4, 1, 2, 3]
    assert [each.merge_requests_count for each in project.issues.list(get_all=True)] == [1, 1, 1, 1]
    assert [each["iid"] for each in project.issues.get(1).closed_by(get_all=True)] == [iid]
    world.merge(STAR, iid, by="amber")
    assert {each.state for each in world.issues(STAR)} == {"closed"}
    assert world.merge_request(STAR, iid).merged_by == "amber"


def test_a_changed_description_changes_what_is_closed(world: World, project: Project) -> None:
    world.open_issue(STAR)
    project.mergerequests.update(2, {"description": "Fixes: #1"})
    assert world.issue(STAR, 1).merge_requests == (f"{STAR}!2",)
    project.mergerequests.update(2, {"description": "Something else"})
    assert (world.issue(STAR, 1).merge_requests, world.merge_request(STAR, 2).closes) == ((), ())


def test_related_merge_requests_are_those_that_close_or_mention(world: World, project: Project) -> None:
    world.open_issue(STAR, description="Like !3")
    world.edit(STAR, 4, by="emil", description="Closes #1", kind="merge_requests")
    project.mergerequests.get(1).notes.create({"body": "About #1"})
    issue = project.issues.get(1)
    assert [each["iid"] for each in issue.related_merge_requests(get_all=True)] == [1, 3, 4]
    assert issue.attributes["merge_requests_count"] == 1
    assert [each.body for each in world.notes(STAR, 1, system=True)] == ["mentioned in merge request !1"]


@pytest.mark.usefixtures("project")
def test_guests_of_a_private_project_see_no_merge_requests(url: str) -> None:
    guest = as_user(url, "gus")
    with pytest.raises(gitlab.GitlabListError) as listing:
        guest.projects.get(STAR, lazy=True).mergerequests.list(get_all=True)
    with pytest.raises(gitlab.GitlabGetError) as reading:
        guest.projects.get(STAR, lazy=True).mergerequests.get(1)
    assert (listing.value.response_code, reading.value.response_code) == (403, 404)
    assert guest.groups.get("support").mergerequests.list(get_all=True) == []


def test_a_reporter_changes_only_ones_own(world: World, project: Project, url: str) -> None:
    world.add_member("support", "pat", "reporter")
    own = world.open_merge_request(STAR, author="pat")
    theirs = as_user(url, "pat").projects.get(project.id, lazy=True).mergerequests
    theirs.update(own, {"add_labels": "mine"})
    with pytest.raises(gitlab.GitlabUpdateError) as error:
        theirs.update(2, {"add_labels": "mine"})
    assert (world.merge_request(STAR, own).labels, error.value.response_code) == (("mine",), 403)


def test_what_is_not_there_is_not_found(project: Project, http: requests.Session, url: str) -> None:
    assert isinstance(project.mergerequests.get(1), ProjectMergeRequest)
    answers = [http.get(f"{url}/api/v4/projects/1/merge_requests/99{end}") for end in ("", "/notes", "/closes_issues")]
    assert [each.status_code for each in answers] == [404] * 3
    assert answers[0].json() == {"message": "404 Not found"}
