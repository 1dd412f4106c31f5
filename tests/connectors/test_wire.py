"""The JSON of GitLab is read or refused; the recorded answers of real servers are understood."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path

import pytest

from starkeeper.connectors.gitlab import wire
from starkeeper.connectors.gitlab.records import Records
from starkeeper.connectors.gitlab.wire_resources import WireIssue
from starkeeper.errors import ConnectorError
from starkeeper.model.resources import Issue, LabelEvent, Resource, StateEvent

RECORDED = Path(__file__).resolve().parents[2].parent / "shared" / "specs" / "gitlab-recorded"
needs_recordings = pytest.mark.skipif(not RECORDED.is_dir(), reason="the recorded answers are not beside this checkout")
AT = dt.datetime(2026, 11, 30, 9, 0, tzinfo=dt.UTC)
LEAST = {"iid": 7, "created_at": "2026-11-30T09:00:00.000Z"}


def made(content: bytes, project: str = "", url: str = "https://gitlab.com") -> Issue:
    found = Records("star", url).resource(wire.decode(content, WireIssue, "a test"), project, "a test")
    assert isinstance(found, Issue)
    return found


@pytest.mark.parametrize("content", [b"", b"[", b"<html>", b'[{"iid": 7', b"\xff"])
def test_what_is_no_json_is_an_error(content: bytes) -> None:
    with pytest.raises(ConnectorError, match="not whole, or not JSON"):
        wire.decode(content, list[WireIssue], "a test")


def test_an_error_of_shape_names_the_place_and_not_the_text() -> None:
    content = json.dumps([LEAST, LEAST | {"due_date": "a customer's words"}]).encode()
    with pytest.raises(ConnectorError) as caught:
        wire.decode(content, list[WireIssue], "a test")
    assert caught.value.found == "the answer is not what GitLab documents, at $[1].due_date"


def recorded(name: str) -> bytes:
    return (RECORDED / name).read_bytes()


def made_all(content: bytes) -> list[Resource]:
    records = Records("star", "https://gitlab.com")
    return [records.resource(row, "", "a test") for row in wire.decode(content, list[WireIssue], "a test")]


def exchanges(name: str, pattern: str) -> list[bytes]:
    found = [each for each in json.loads(recorded(f"ogr/{name}.json")) if re.search(pattern, each["url"])]
    return [json.dumps(each["body"]).encode() for each in found if each["status"] in (200, 201)]


@needs_recordings
@pytest.mark.parametrize("name", ["perceval/issue_page_1", "perceval/issue_page_2", "narkoz/group_issues"])
def test_recorded_lists_are_understood(name: str) -> None:
    issues = made_all(recorded(f"{name}.json"))
    assert all(each.project and each.id and each.title for each in issues)
    assert [each.created_at.tzinfo for each in issues] == [dt.UTC, dt.UTC]


@needs_recordings
@pytest.mark.parametrize("name", ["perceval/issue_1", "perceval/issue_3", "gitlab4j/issue", "go-gitlab/issue_move"])
def test_recorded_issues_are_understood(name: str) -> None:
    raw = json.loads(recorded(f"{name}.json"))
    found = made(recorded(f"{name}.json"), "x")
    assert (found.iid, found.id, found.title, found.state) == (raw["iid"], raw["id"], raw["title"], raw["state"])
    assert (found.author.username if found.author else None) == (raw["author"] or {}).get("username")
    assert found.labels == tuple(raw["labels"])


@needs_recordings
def test_recorded_pages_of_gitlab_com_are_understood() -> None:
    pages = [made_all(each) for each in exchanges("test_get_issue_list", r"/projects/\d+/issues\?")]
    assert sum(map(len, pages)) > 40
    assert {each.project for page in pages for each in page} == {"packit-service/ogr-tests"}


@needs_recordings
@pytest.mark.parametrize(
    "name", ["test_close_issue", "test_issue_labels", "test_issue_assignees", "test_create_private_issue"]
)
def test_recorded_changes_of_gitlab_com_are_understood(name: str) -> None:
    bodies = exchanges(name, r"/issues(/\d+)?(\?conf.*)?$")
    issues = [made(each, "x") for each in bodies]
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
def test_recorded_state_events_are_understood() -> None:
    rows = wire.decode(recorded("narkoz/issue_resource_state_events.json"), list[wire.WireStateEvent], "events")
    at = dt.datetime(2018, 8, 20, 13, 38, 20, 77000, dt.UTC)
    assert [wire.state_event(row) for row in rows] == [
        StateEvent(142, "opened", "root", at),
        StateEvent(143, "closed", "root", at + dt.timedelta(days=1, hours=1)),
    ]


@needs_recordings
def test_an_issue_without_a_number_is_refused() -> None:
    """As the third version of the API had them; nothing could be written to one."""
    with pytest.raises(ConnectorError, match=r"not what GitLab documents, at \$"):
        wire.decode(recorded("narkoz/issue.json"), WireIssue, "an old issue")
