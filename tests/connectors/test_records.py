"""Rows of GitLab's lists, of many ages and of both its APIs, become resources."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from starkeeper.connectors.gitlab import wire
from starkeeper.connectors.gitlab.records import Records
from starkeeper.connectors.gitlab.wire_resources import WireEpic, WireIssue, WireMergeRequest
from starkeeper.model.resources import Issue, Milestone, Resource, User

AT = dt.datetime(2026, 11, 30, 9, 0, tzinfo=dt.UTC)
LEAST = {"iid": 7, "created_at": "2026-11-30T09:00:00.000Z"}
ANN = {"id": 4, "username": "ann", "name": "Ann Lee", "state": "active", "locked": False}
SHAPES: dict[str, Any] = {"issues": WireIssue, "merge_requests": WireMergeRequest, "epics": WireEpic}


def made(type: str, url: str, fields: dict[str, Any], project: str = "desk/star") -> Resource:
    row = wire.decode(json.dumps(LEAST | fields).encode(), SHAPES[type], "a test")
    return Records("star", url).resource(row, project, "a test")


def issue(**fields: Any) -> Issue:
    found = made("issues", "https://gitlab.com", fields)
    assert isinstance(found, Issue)
    return found


def project(url: str = "https://gitlab.example.com", type: str = "issues", **fields: Any) -> str:
    return made(type, url, fields, "nowhere").project


def test_an_issue_of_the_fewest_fields_is_understood() -> None:
    assert issue() == Issue(tracker="star", project="desk/star", iid=7, created_at=AT, updated_at=AT)


def test_every_field_that_can_be_null_may_be_null() -> None:
    names = (
        "title description state labels author assignee assignees milestone closed_at closed_by due_date confidential "
        "discussion_locked issue_type upvotes downvotes web_url references updated_at type weight iteration "
        "health_status merge_requests_count user_notes_count task_completion_status time_stats work_item_type "
        "reference features moved_to_id"
    )
    assert issue(**dict.fromkeys(names.split())) == issue()


def test_an_issue_of_today_is_understood_to_its_last_field() -> None:
    found = issue(
        id=70,
        title="A title",
        description="A text",
        state="closed",
        labels=["star::new", "x"],
        author=ANN,
        assignees=[ANN],
        assignee=ANN,
        milestone={"id": 1, "iid": 2, "title": "18.7", "state": "closed", "due_date": "2026-12-01", "start_date": None},
        updated_at="2026-11-30T11:00:00.5+02:00",
        closed_at="2026-11-30T09:00:00Z",
        closed_by=ANN,
        due_date="2026-12-24",
        confidential=True,
        discussion_locked=True,
        issue_type="incident",
        upvotes=2,
        downvotes=1,
        user_notes_count=3,
        task_completion_status={"count": 5, "completed_count": 2},
        time_stats={"time_estimate": 3600, "total_time_spent": 60, "human_time_estimate": "1h"},
        weight=8,
        iteration={"id": 1, "title": "Sprint 4", "start_date": "2026-11-30", "due_date": "2026-12-13"},
        health_status="on_track",
        merge_requests_count=1,
        web_url="https://gitlab.example.com/desk/star/-/issues/7",
        something_new={"a": [1]},
    )
    person = User("ann", 4, "Ann Lee")
    assert found == Issue(
        tracker="star",
        project="desk/star",
        iid=7,
        id=70,
        title="A title",
        description="A text",
        state="closed",
        labels=("star::new", "x"),
        author=person,
        assignees=(person,),
        milestone=Milestone("18.7", 1, 2, "closed", None, dt.date(2026, 12, 1)),
        created_at=AT,
        updated_at=AT + dt.timedelta(milliseconds=500),
        closed_at=AT,
        closed_by=person,
        due_date=dt.date(2026, 12, 24),
        confidential=True,
        locked=True,
        issue_type="incident",
        upvotes=2,
        downvotes=1,
        notes_count=3,
        tasks=5,
        tasks_done=2,
        time_estimate=3600,
        time_spent=60,
        weight=8,
        iteration="Sprint 4",
        health_status="on_track",
        merge_requests_count=1,
        web_url="https://gitlab.example.com/desk/star/-/issues/7",
    )
    assert found.updated_at.tzinfo is dt.UTC


def test_labels_with_details_are_their_names() -> None:
    assert issue(labels=[{"id": 1, "name": "star::new", "color": "#fff"}, "plain"]).labels == ("star::new", "plain")


def test_the_one_assignee_of_an_old_gitlab_is_the_list() -> None:
    assert issue(assignee={"id": 4, "username": "ann"}).assignees == (User("ann", 4),)


def test_a_kind_of_issue_that_we_do_not_know_stays_what_it_is() -> None:
    assert issue(issue_type="moon_landing").issue_type == "moon_landing"


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"references": {"full": "desk/sub/star#7"}}, "desk/sub/star"),
        ({"references": {"full": None}, "web_url": "https://gitlab.example.com/desk/star/-/issues/7"}, "desk/star"),
        ({"web_url": "https://gitlab.example.com/desk/star/issues/7"}, "desk/star"),
        ({"web_url": "https://gitlab.example.com/desk/star/-/issues/incident/7"}, "desk/star"),
        ({"web_url": "https://gitlab.example.com/desk/star/-/work_items/7"}, "desk/star"),
        ({"web_url": "https://gitlab.example.com/desk/issues/-/issues/7"}, "desk/issues"),
        ({"web_url": "https://gitlab.example.com/desk/issues/issues/7"}, "desk/issues"),
        ({"web_url": "https://gitlab.example.com/about"}, "nowhere"),
        ({}, "nowhere"),
    ],
)
def test_the_project_is_read_from_reference_or_address(fields: dict[str, Any], path: str) -> None:
    assert project(**fields) == path


def test_a_gitlab_below_a_path_is_not_part_of_the_project() -> None:
    address = "https://example.com/gitlab/desk/star/-/issues/7"
    assert project("https://example.com/gitlab", web_url=address) == "desk/star"


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"type": "merge_requests", "references": {"full": "desk/sub/star!7"}}, "desk/sub/star"),
        ({"type": "merge_requests", "web_url": "https://gitlab.example.com/desk/star/-/merge_requests/7"}, "desk/star"),
        ({"type": "epics", "references": {"full": "desk/sub&7"}}, "desk/sub"),
        ({"type": "epics", "web_url": "https://gitlab.example.com/groups/desk/sub/-/epics/7"}, "desk/sub"),
        ({"type": "epics", "web_url": "https://gitlab.example.com/groups/desk/sub/-/work_items/7"}, "desk/sub"),
        ({"reference": "desk/sub/star#7"}, "desk/sub/star"),
    ],
)
def test_other_types_say_where_they_are_too(fields: dict[str, Any], path: str) -> None:
    assert project(**fields) == path


def test_an_iteration_of_a_cadence_goes_by_its_dates() -> None:
    dates = {"id": 1, "title": None, "start_date": "2026-11-30", "due_date": "2026-12-13"}
    assert issue(iteration=dates).iteration == "2026-11-30 - 2026-12-13"


@pytest.mark.parametrize("said", ["needs_attention", "needsAttention"])
def test_a_health_status_is_written_in_one_way(said: str) -> None:
    assert issue(health_status=said).health_status == "needs_attention"


@pytest.mark.parametrize(
    "fields",
    [
        {"issue_type": "test_case", "type": "TEST_CASE"},
        {"type": "TEST_CASE"},
        {"work_item_type": {"id": 3, "name": "Test Case", "icon_name": "issue-type-test-case"}},
        {"work_item_type": "Test Case"},
    ],
)
def test_the_type_of_an_issue_is_known_by_each_of_its_names(fields: dict[str, Any]) -> None:
    assert issue(**fields).issue_type == "test_case"


def test_a_row_of_the_work_items_api_is_the_same_issue() -> None:
    tasks = {"count": 2, "completed_count": 1}
    features = {
        "description": {"description": "A text", "edited": False, "task_completion_status": tasks},
        "assignees": [ANN],
        "labels": {"allows_scoped_labels": True, "labels": [{"id": 1, "title": "star::new", "color": "#fff"}]},
        "milestone": {"id": 1, "iid": 2, "title": "18.7", "state": "closed"},
        "start_and_due_date": {"start_date": None, "due_date": "2026-12-24", "roll_up": False},
        "time_tracking": {"time_estimate": 60, "total_time_spent": 30, "timelogs": []},
        "weight": {"weight": 3, "rolled_up_weight": 8},
        "health_status": {"health_status": "needs_attention"},
        "iteration": {"iteration": {"id": 1, "title": "Sprint 4"}},
    }
    ours = issue(
        id="gid://gitlab/WorkItem/12",
        global_id="gid://gitlab/WorkItem/12",
        title="A title",
        state="opened",
        confidential=True,
        author=ANN,
        work_item_type={"id": 5, "name": "Task", "icon_name": "issue-type-task"},
        reference="desk/star#7",
        features=features,
    )
    assert ours == issue(
        id=12,
        title="A title",
        state="opened",
        confidential=True,
        author=ANN,
        issue_type="task",
        references={"full": "desk/star#7"},
        description="A text",
        task_completion_status=tasks,
        assignees=[ANN],
        labels=["star::new"],
        milestone=features["milestone"],
        due_date="2026-12-24",
        time_stats={"time_estimate": 60, "total_time_spent": 30},
        weight=3,
        health_status="needs_attention",
        iteration={"title": "Sprint 4"},
    )


@pytest.mark.parametrize(
    "features",
    [
        {},
        dict.fromkeys(("description", "assignees", "labels", "milestone", "start_and_due_date", "time_tracking")),
        dict.fromkeys(("weight", "health_status", "iteration")),
    ],
)
def test_a_work_item_without_its_features_is_understood(features: dict[str, Any]) -> None:
    assert issue(features=features, labels=["x"]) == issue(labels=["x"])


def test_what_is_the_same_in_many_is_kept_once() -> None:
    row = LEAST | {"author": ANN, "assignees": [ANN], "labels": ["star::" + "new"], "milestone": {"title": "18.7"}}
    rows = wire.decode(json.dumps([row, row]).encode(), list[WireIssue], "a test")
    records = Records("star", "https://gitlab.com")
    one, other = (records.resource(each, "desk/star", "a test") for each in rows)
    assert one.author is other.author is other.assignees[0]
    assert one.milestone is other.milestone
    assert one.labels[0] is other.labels[0]
    assert one.fields is other.fields


@pytest.mark.parametrize("address", ["http://[::1/desk/star/-/issues/7", "javascript:x", "\x1b[2J", "http://"])
def test_an_address_that_is_none_names_no_project(address: str) -> None:
    assert project(web_url=address) == "nowhere"


def test_a_number_that_is_none_is_none() -> None:
    assert issue(id="gid://gitlab/WorkItem/" + "9" * 5_000).id == 0


@pytest.mark.parametrize(
    ("said", "at"),
    [
        ("0001-01-01T00:00:00+14:00", dt.datetime(1, 1, 1, tzinfo=dt.UTC)),
        ("9999-12-31T23:00:00-14:00", dt.datetime(9999, 12, 31, 23, tzinfo=dt.UTC)),
    ],
)
def test_a_time_at_an_end_of_the_calendar_is_understood(said: str, at: dt.datetime) -> None:
    assert issue(updated_at=said).updated_at == at
