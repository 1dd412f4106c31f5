"""Notes and label events: in bulk where that works, one by one where it does not, each issue on its own."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from starkeeper.connectors.gitlab import GitLab
from starkeeper.model.resources import LabelEvent, Note, ResourceKey, StateEvent
from tests.connectors.conftest import Answer, Asked, Scripted

AT = dt.datetime(2026, 11, 30, 9, 0, tzinfo=dt.UTC)
KEYS = [ResourceKey("desk/star", iid) for iid in (1, 2, 3)]
ANN = {"id": 4, "username": "ann", "name": "Ann"}


def rest_note(number: int, **fields: Any) -> dict[str, Any]:
    at = (AT + dt.timedelta(minutes=number)).isoformat()
    return {"id": number, "body": f"note {number}", "author": ANN, "created_at": at, "system": False} | fields


def note(number: int, *, internal: bool = False, author: str = "ann") -> Note:
    return Note(number, f"note {number}", author, AT + dt.timedelta(minutes=number), internal=internal)


def bulk_note(number: int, **fields: Any) -> dict[str, Any]:
    at = (AT + dt.timedelta(minutes=number)).isoformat()
    same = {"id": f"gid://gitlab/Note/{number}", "body": f"note {number}", "createdAt": at, "system": False}
    return same | {"internal": False, "author": {"username": "ann"}} | fields


def bulk(notes: dict[int, list[dict[str, Any]]], more: tuple[int, ...] = ()) -> dict[str, Any]:
    nodes = [
        {"iid": str(iid), "notes": {"pageInfo": {"hasNextPage": iid in more}, "nodes": rows}}
        for iid, rows in notes.items()
    ]
    return {"data": {"project": {"issues": {"nodes": nodes}}}}


def rest(asked: Asked) -> Answer:
    """Each issue has the note of its own number."""
    return Answer([rest_note(int(asked.path.split("/")[-2]))])


def test_notes_of_many_issues_cost_one_request(gitlab: GitLab, scripted: Scripted) -> None:
    scripted.says(Answer(bulk({1: [bulk_note(2), bulk_note(1)], 2: [], 3: [bulk_note(7, internal=True, author=None)]})))
    reading = gitlab.read_facet("notes", KEYS)
    assert reading.found == {
        KEYS[0]: (note(1), note(2)),
        KEYS[1]: (),
        KEYS[2]: (note(7, internal=True, author=""),),
    }
    assert reading.failed == {}
    assert gitlab.requests == {"notes": 1}
    assert scripted.asked[0].path == "/api/graphql"
    assert scripted.asked[0].body["variables"] == {"project": "desk/star", "iids": ["1", "2", "3"], "first": 3}


def test_a_hundred_issues_of_one_project_are_one_request(gitlab: GitLab, scripted: Scripted) -> None:
    scripted.script = lambda asked: Answer(bulk({int(iid): [] for iid in asked.body["variables"]["iids"]}))
    keys = [ResourceKey(project, iid) for project in ("desk/star", "desk/feedback") for iid in range(1, 151)]
    assert len(gitlab.read_facet("notes", keys).found) == 300
    assert sorted(len(each.body["variables"]["iids"]) for each in scripted.asked) == [50, 50, 100, 100]


def test_two_issues_are_not_worth_a_bulk_request(gitlab: GitLab, scripted: Scripted) -> None:
    scripted.script = rest
    assert gitlab.read_facet("notes", KEYS[:2]).found == {KEYS[0]: (note(1),), KEYS[1]: (note(2),)}
    assert [each.verb for each in scripted.asked] == ["GET", "GET"]


@pytest.mark.parametrize(
    "refused",
    [
        Answer({"error": "404 Not Found"}, 404),
        Answer({"message": "403 Forbidden"}, 403),
        Answer("", 502),
        Answer(drop=True),
        Answer({"errors": [{"message": "Query has complexity of 260, which exceeds max complexity of 250"}]}),
        Answer(bulk({1: [], 2: [], 3: []}) | {"errors": [{"message": "Timeout on Note.author"}]}),
        Answer({"data": {"project": None}}),
        Answer({"data": {"project": {"issues": None}}}),
        Answer({"data": {"project": {"issues": {"nodes": []}}}}),
        Answer({"data": {"project": {"issues": {"nodes": [{"iid": "1", "notes": None}]}}}}),
        Answer(["nonsense"]),
        Answer("<html></html>", content_type="text/html"),
    ],
    ids=lambda answer: str(answer.body)[:40] or str(answer.status),
)
def test_notes_are_read_one_by_one_where_bulk_does_not_answer(
    gitlab: GitLab, scripted: Scripted, refused: Answer
) -> None:
    scripted.script = lambda asked: refused if asked.verb == "POST" else rest(asked)
    reading = gitlab.read_facet("notes", KEYS)
    assert reading.found == {key: (note(key.iid),) for key in KEYS}
    assert reading.failed == {}


def test_only_the_issue_with_more_notes_than_a_page_is_read_again(gitlab: GitLab, scripted: Scripted) -> None:
    many = Answer(bulk({1: [bulk_note(1)], 2: [bulk_note(9)], 3: [bulk_note(3)]}, more=(2,)))
    scripted.script = lambda asked: many if asked.verb == "POST" else rest(asked)
    assert gitlab.read_facet("notes", KEYS).found == {key: (note(key.iid),) for key in KEYS}
    assert [each.path for each in scripted.asked[1:]] == ["/api/v4/projects/desk/star/issues/2/notes"]


def test_a_short_page_of_notes_is_not_the_last(gitlab: GitLab, scripted: Scripted) -> None:
    scripted.says(
        Answer([rest_note(1)], headers={"X-Next-Page": "2"}),
        Answer([], headers={"X-Next-Page": "3"}),
        Answer([rest_note(3)], headers={"X-Next-Page": ""}),
    )
    assert gitlab.read_facet("notes", KEYS[:1]).found == {KEYS[0]: (note(1), note(3))}
    assert [each.query for each in scripted.asked] == [
        {"activity_filter": "only_comments", "order_by": "created_at", "sort": "asc", "per_page": "100"} | page
        for page in ({}, {"page": "2"}, {"page": "3"})
    ]


def test_lines_of_gitlab_itself_are_no_comments(gitlab: GitLab, scripted: Scripted) -> None:
    scripted.says(Answer([rest_note(1, system=True), rest_note(2)]))
    assert gitlab.read_facet("notes", KEYS[:1]).found == {KEYS[0]: (note(2),)}


def test_the_old_name_of_internal_is_known(gitlab: GitLab, scripted: Scripted) -> None:
    scripted.says(Answer([rest_note(1, confidential=True), rest_note(2, internal=True), rest_note(3, internal=None)]))
    found = gitlab.read_facet("notes", KEYS[:1]).found[KEYS[0]]
    assert [each.internal for each in found] == [True, True, False]


def test_pages_that_go_round_in_a_circle_come_to_an_end(gitlab: GitLab, scripted: Scripted) -> None:
    scripted.says(Answer([rest_note(1)], headers={"X-Next-Page": "2"}))
    assert "go round in a circle" in str(gitlab.read_facet("notes", KEYS[:1]).failed[KEYS[0]])


def test_an_issue_that_fails_does_not_stop_the_others(gitlab: GitLab, scripted: Scripted) -> None:
    scripted.script = lambda asked: Answer({"message": "404 Not found"}, 404) if "/2/" in asked.path else rest(asked)
    reading = gitlab.read_facet("notes", KEYS[:2])
    assert reading.found == {KEYS[0]: (note(1),)}
    assert str(reading.failed[KEYS[1]]).startswith("GitLab: reading the notes of desk/star#2: answered 404 (Not found)")


def test_an_issue_named_twice_is_read_once(gitlab: GitLab, scripted: Scripted) -> None:
    scripted.script = rest
    assert gitlab.read_facet("notes", [KEYS[0], KEYS[0]]).found == {KEYS[0]: (note(1),)}
    assert gitlab.requests == {"notes": 1}


def test_nothing_asked_costs_nothing(gitlab: GitLab, scripted: Scripted) -> None:
    assert gitlab.read_facet("notes", []).found == {}
    assert gitlab.read_facet("label_events", []).found == {}
    assert scripted.asked == []


def event(number: int, label: str | None, action: str = "add", user: Any = ANN) -> dict[str, Any]:
    at = (AT + dt.timedelta(minutes=number)).isoformat()
    shown = None if label is None else {"id": 9, "name": label, "color": "#fff"}
    return {"id": number, "action": action, "created_at": at, "user": user, "label": shown, "resource_type": "Issue"}


def test_label_events_are_read_to_the_last_page_oldest_first(gitlab: GitLab, scripted: Scripted) -> None:
    scripted.says(
        Answer([event(3, None), event(1, "star::new")], headers={"X-Next-Page": "2"}),
        Answer([event(2, "star::new", "remove", None)]),
    )
    reading = gitlab.read_facet("label_events", KEYS[:1])
    assert reading.found == {
        KEYS[0]: (
            LabelEvent(1, "add", "star::new", "ann", AT + dt.timedelta(minutes=1)),
            LabelEvent(2, "remove", "star::new", "", AT + dt.timedelta(minutes=2)),
            LabelEvent(3, "add", None, "ann", AT + dt.timedelta(minutes=3)),
        )
    }
    assert gitlab.requests == {"label_events": 2}


def test_state_events_are_read_to_the_last_page_oldest_first(gitlab: GitLab, scripted: Scripted) -> None:
    rows = [
        {"id": number, "state": state, "created_at": (AT + dt.timedelta(minutes=number)).isoformat(), "user": user}
        for number, state, user in ((1, "closed", ANN), (2, "locked", ANN), (3, "reopened", None), (4, "merged", ANN))
    ]
    scripted.says(Answer(rows[:1:-1], headers={"X-Next-Page": "2"}), Answer(rows[:2]))
    assert gitlab.read_facet("state_events", KEYS[:1]).found == {
        KEYS[0]: (
            StateEvent(1, "closed", "ann", AT + dt.timedelta(minutes=1)),
            StateEvent(3, "reopened", "", AT + dt.timedelta(minutes=3)),
            StateEvent(4, "merged", "ann", AT + dt.timedelta(minutes=4)),
        )
    }
    assert [each.path for each in scripted.asked] == ["/api/v4/projects/desk/star/issues/1/resource_state_events"] * 2
    assert gitlab.requests == {"state_events": 2}


def test_label_events_that_fail_are_told_per_issue(gitlab: GitLab, scripted: Scripted) -> None:
    scripted.script = lambda asked: Answer("", 500) if "/3/" in asked.path else Answer([])
    reading = gitlab.read_facet("label_events", KEYS)
    assert (set(reading.found), set(reading.failed)) == ({KEYS[0], KEYS[1]}, {KEYS[2]})
    assert reading.failed[KEYS[2]].status == 500
