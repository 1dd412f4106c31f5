"""GitLab's JSON of many ages becomes our records; the recorded answers of real servers among it."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path
from typing import Any

import pytest

from starkeeper.connectors.gitlab import wire
from starkeeper.errors import ConnectorError
from starkeeper.model.resources import Issue, LabelEvent, Milestone, User

RECORDED = Path(__file__).resolve().parents[2].parent / "shared" / "specs" / "gitlab-recorded"
needs_recordings = pytest.mark.skipif(not RECORDED.is_dir(), reason="the recorded answers are not beside this checkout")
AT = dt.datetime(2026, 11, 30, 9, 0, tzinfo=dt.UTC)
LEAST = {"iid": 7, "created_at": "2026-11-30T09:00:00.000Z"}


def issue(**fields: Any) -> Issue:
    row = wire.decode(json.dumps(LEAST | fields).encode(), wire.WireIssue, "a test")
    return wire.issue(row, "star", "desk/star")


def project(url: str = "https://gitlab.example.com", **fields: Any) -> str:
    return wire.project_of(wire.decode(json.dumps(LEAST | fields).encode(), wire.WireIssue, "a test"), url)


def test_an_issue_of_the_fewest_fields_is_understood() -> None:
    assert issue() == Issue(tracker="star", project="desk/star", iid=7, created_at=AT, updated_at=AT)


def test_every_field_that_can_be_null_may_be_null() -> None:
    names = (
        "title description state labels author assignee assignees milestone closed_at closed_by due_date confidential "
        "discussion_locked issue_type upvotes downvotes web_url references updated_at"
    )
    assert issue(**dict.fromkeys(names.split())) == issue()


def test_an_issue_of_today_is_understood_to_its_last_field() -> None:
    ann = {"id": 4, "username": "ann", "name": "Ann Lee", "state": "active", "locked": False}
    found = issue(
        id=70,
        title="A title",
        description="A text",
        state="closed",
        labels=["star::new", "x"],
        author=ann,
        assignees=[ann],
        assignee=ann,
        milestone={"id": 1, "iid": 2, "title": "18.7", "state": "closed", "due_date": "2026-12-01", "start_date": None},
        updated_at="2026-11-30T11:00:00.5+02:00",
        closed_at="2026-11-30T09:00:00Z",
        closed_by=ann,
        due_date="2026-12-24",
        confidential=True,
        discussion_locked=True,
        issue_type="incident",
        upvotes=2,
        downvotes=1,
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
        ({"web_url": "https://gitlab.example.com/about"}, ""),
        ({}, ""),
    ],
)
def test_the_project_is_read_from_reference_or_address(fields: dict[str, Any], path: str) -> None:
    assert project(**fields) == path


def test_a_gitlab_below_a_path_is_not_part_of_the_project() -> None:
    address = "https://example.com/gitlab/desk/star/-/issues/7"
    assert project("https://example.com/gitlab", web_url=address) == "desk/star"


@pytest.mark.parametrize("content", [b"", b"[", b"<html>", b'[{"iid": 7', b"\xff"])
def test_what_is_no_json_is_an_error(content: bytes) -> None:
    with pytest.raises(ConnectorError, match="not whole, or not JSON"):
        wire.decode(content, list[wire.WireIssue], "a test")


def test_an_error_of_shape_names_the_place_and_not_the_text() -> None:
    content = json.dumps([LEAST, LEAST | {"due_date": "a customer's words"}]).encode()
    with pytest.raises(ConnectorError) as caught:
        wire.decode(content, list[wire.WireIssue], "a test")
    assert caught.value.found == "the answer is not what GitLab documents, at $[1].due_date"


def recorded(name: str) -> bytes:
    return (RECORDED / name).read_bytes()


def exchanges(name: str, pattern: str) -> list[bytes]:
    found = [each for each in json.loads(recorded(f"ogr/{name}.json")) if re.search(pattern, each["url"])]
    return [json.dumps(each["body"]).encode() for each in found if each["status"] in (200, 201)]


@needs_recordings
@pytest.mark.parametrize("name", ["perceval/issue_page_1", "perceval/issue_page_2", "narkoz/group_issues"])
def test_recorded_lists_are_understood(name: str) -> None:
    rows = wire.decode(recorded(f"{name}.json"), list[wire.WireIssue], name)
    assert len(rows) == 2
    assert all(wire.project_of(row, "https://gitlab.com") and row.id and row.title for row in rows)
    assert [wire.issue(row, "star", "x").created_at.tzinfo for row in rows] == [dt.UTC, dt.UTC]


@needs_recordings
@pytest.mark.parametrize("name", ["perceval/issue_1", "perceval/issue_3", "gitlab4j/issue", "go-gitlab/issue_move"])
def test_recorded_issues_are_understood(name: str) -> None:
    raw = json.loads(recorded(f"{name}.json"))
    row = wire.decode(recorded(f"{name}.json"), wire.WireIssue, name)
    found = wire.issue(row, "star", "x")
    assert (found.iid, found.id, found.title, found.state) == (raw["iid"], raw["id"], raw["title"], raw["state"])
    assert (found.author.username if found.author else None) == (raw["author"] or {}).get("username")
    assert found.labels == tuple(raw["labels"])


@needs_recordings
def test_recorded_pages_of_gitlab_com_are_understood() -> None:
    pages = [
        wire.decode(each, list[wire.WireIssue], "ogr")
        for each in exchanges("test_get_issue_list", r"/projects/\d+/issues\?")
    ]
    assert sum(map(len, pages)) > 40
    assert {wire.project_of(row, "https://gitlab.com") for page in pages for row in page} == {
        "packit-service/ogr-tests"
    }


@needs_recordings
@pytest.mark.parametrize(
    "name", ["test_close_issue", "test_issue_labels", "test_issue_assignees", "test_create_private_issue"]
)
def test_recorded_changes_of_gitlab_com_are_understood(name: str) -> None:
    bodies = exchanges(name, r"/issues(/\d+)?(\?conf.*)?$")
    issues = [wire.issue(wire.decode(each, wire.WireIssue, name), "star", "x") for each in bodies]
    assert issues
    assert all(each.iid and each.author for each in issues)


@needs_recordings
def test_recorded_notes_are_understood() -> None:
    pages = [recorded(f"perceval/notes_{number}.json") for number in (1, 2, 3, 4)]
    pages += [recorded("narkoz/notes.json"), *exchanges("test_get_issue_comments", r"/notes\?")]
    pages += exchanges("test_issue_updates", r"/notes\?")
    notes = [wire.note(row) for page in pages for row in wire.decode(page, list[wire.WireNote], "notes")]
    assert len(notes) > 60
    assert {each.system for each in notes} == {True, False}
    assert all(each.id and each.body and each.created_at.tzinfo is dt.UTC for each in notes)


@needs_recordings
def test_recorded_label_events_are_understood() -> None:
    rows = wire.decode(recorded("narkoz/resource_label_events.json"), list[wire.WireLabelEvent], "events")
    at = dt.datetime(2018, 8, 20, 13, 38, 20, 77000, dt.UTC)
    assert [wire.label_event(row) for row in rows] == [
        LabelEvent(142, "add", "a1", "root", at),
        LabelEvent(143, "remove", "p1", "root", at),
    ]


@needs_recordings
def test_an_issue_without_a_number_is_refused() -> None:
    """As the third version of the API had them; nothing could be written to one."""
    with pytest.raises(ConnectorError, match=r"not what GitLab documents, at \$"):
        wire.decode(recorded("narkoz/issue.json"), wire.WireIssue, "an old issue")
