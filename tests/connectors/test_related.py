"""What hangs on merge requests and epics, and what resources have to do with each other."""

from __future__ import annotations

from typing import Any

import pytest

from starkeeper.connectors.gitlab import GitLab
from starkeeper.model.desk import Tracker
from starkeeper.model.facets import Facet
from starkeeper.model.resources import ResourceKey
from tests.connectors.conftest import Answer, Asked, Scripted

AT = "2026-11-30T09:00:00Z"
ISSUES = [ResourceKey("desk/star", iid) for iid in (1, 2, 3)]
MERGE_REQUESTS = [ResourceKey("desk/star", iid, "merge_requests") for iid in (1, 2, 3)]
EPIC = ResourceKey("desk/all", 4, "epics")
BELOW = "/api/v4/projects/desk/star"


def note(number: int, **fields: Any) -> dict[str, Any]:
    return {"id": number, "body": "a", "created_at": AT, "author": {"username": "ann"}} | fields


def bulk(connection: str, nodes: list[dict[str, Any]]) -> Answer:
    return Answer({"data": {"project": {connection: {"nodes": nodes}}}})


def test_notes_of_merge_requests_are_read_in_bulk_too(gitlab: GitLab, scripted: Scripted) -> None:
    rows = [{"id": "gid://gitlab/Note/5", "body": "a", "createdAt": AT, "author": {"username": "ann"}}]
    notes = {"pageInfo": {"hasNextPage": False}, "nodes": rows}
    scripted.says(bulk("mergeRequests", [{"iid": str(iid), "notes": notes} for iid in (1, 2, 3)]))
    found = gitlab.read_facet("notes", MERGE_REQUESTS).found
    assert {key: [each.id for each in found[key]] for key in found} == {key: [5] for key in MERGE_REQUESTS}
    assert "mergeRequests(iids: $iids" in scripted.asked[0].body["query"]
    assert gitlab.requests == {"notes": 1}


@pytest.mark.parametrize("keys", [ISSUES, ISSUES[:1]])
def test_who_edited_an_issue_is_read_from_what_gitlab_notes(
    gitlab: GitLab, scripted: Scripted, keys: list[ResourceKey]
) -> None:
    kim, lee = {"username": "kim"}, {"username": "lee"}
    said = [("changed the description", kim), ("changed title from x to y", lee), ("changed the description", None)]
    rows = [
        {
            "id": f"gid://gitlab/Note/{i}",
            "body": body,
            "system": True,
            "createdAt": AT,
            "author": user,
        }
        for i, (body, user) in enumerate(said)
    ]
    typed = note(9, body="changed the description", author={"username": "dana"})
    old = [note(i, system=True, body=body, author=user) for i, (body, user) in enumerate(said)]
    nodes = [{"iid": str(iid), "notes": {"pageInfo": {"hasNextPage": False}, "nodes": rows}} for iid in (1, 2, 3)]
    scripted.says(bulk("issues", nodes) if len(keys) > 1 else Answer([*old, typed]))
    found = gitlab.read_facet("edits", keys).found
    assert [[edit.by for edit in each] for each in found.values()] == [["kim", "ghost"]] * len(keys)
    assert gitlab.requests == {"edits": 1}


def test_an_issue_and_a_merge_request_of_one_number_are_told_apart(gitlab: GitLab, scripted: Scripted) -> None:
    scripted.script = lambda asked: Answer([note(1 if "/issues/" in asked.path else 2)])
    found = gitlab.read_facet("notes", [ISSUES[0], MERGE_REQUESTS[0]]).found
    assert {key: each.id for key, [each] in found.items()} == {ISSUES[0]: 1, MERGE_REQUESTS[0]: 2}


@pytest.mark.parametrize(
    ("facet", "row"),
    [
        ("notes", note(1)),
        ("label_events", {"id": 1, "action": "add", "created_at": AT, "label": {"name": "x"}}),
        ("state_events", {"id": 1, "state": "closed", "created_at": AT}),
        ("threads", {"id": "a", "notes": [note(1)]}),
    ],
)
def test_an_epic_is_named_by_its_number_in_all_of_gitlab(
    gitlab: GitLab, scripted: Scripted, facet: Facet, row: dict[str, Any]
) -> None:
    epic = {"id": 77, "iid": 4, "created_at": AT}
    scripted.script = lambda asked: Answer(epic if asked.path.endswith("/epics/4") else [row])
    for _ in range(2):
        assert gitlab.read_facet(facet, [EPIC]).found.keys() == {EPIC}
    route = {"threads": "discussions", "notes": "notes"}.get(facet, f"resource_{facet}")
    below = f"/api/v4/groups/desk/all/epics/77/{route}"
    assert [each.path for each in scripted.asked] == ["/api/v4/groups/desk/all/epics/4", below, below]


def test_an_epic_that_was_listed_is_not_looked_up(gitlab: GitLab, scripted: Scripted) -> None:
    epic = {"id": 77, "iid": 4, "created_at": AT, "references": {"full": "desk/all&4"}}
    scripted.script = lambda asked: Answer([epic] if asked.path.endswith("/epics") else [])
    gitlab.list_resources(Tracker(name="all", path="desk/all", source="groups"), "epics", {})
    assert gitlab.read_facet("notes", [EPIC]).found == {EPIC: ()}
    assert gitlab.requests == {"list": 1, "notes": 1}


def test_an_epic_that_is_not_there_is_told_and_stops_no_other(gitlab: GitLab, scripted: Scripted) -> None:
    gone = Answer({"message": "404 Not found"}, 404)
    scripted.script = lambda asked: gone if "/epics/" in asked.path else Answer([])
    reading = gitlab.read_facet("notes", [EPIC, ISSUES[0]])
    assert (reading.found, reading.failed[EPIC].status) == ({ISSUES[0]: ()}, 404)


@pytest.mark.parametrize(("keys", "connection"), [(ISSUES, "issues"), (MERGE_REQUESTS, "mergeRequests")])
def test_threads_are_counted_in_bulk(
    gitlab: GitLab, scripted: Scripted, keys: list[ResourceKey], connection: str
) -> None:
    scripted.says(bulk(connection, [{"iid": str(iid), "userDiscussionsCount": iid * 2} for iid in (1, 2, 3)]))
    assert gitlab.read_facet("threads", keys).found == {key: key.iid * 2 for key in keys}
    assert gitlab.requests == {"threads": 1}


def test_threads_are_those_that_people_began(gitlab: GitLab, scripted: Scripted) -> None:
    pages = [
        Answer([{"id": "a", "notes": [note(1), note(2)]}], headers={"X-Next-Page": "2"}),
        Answer([{"id": "b", "notes": [note(3, system=True)]}, {"id": "c", "notes": [note(4)]}, {"id": "d"}]),
    ]
    scripted.says(*pages)
    assert gitlab.read_facet("threads", ISSUES[:1]).found == {ISSUES[0]: 2}
    assert scripted.asked[0].path == f"{BELOW}/issues/1/discussions"


def test_threads_are_counted_one_by_one_where_bulk_does_not_answer(gitlab: GitLab, scripted: Scripted) -> None:
    old = Answer({"errors": [{"message": "Field 'userDiscussionsCount' doesn't exist on type 'Issue'"}]})
    scripted.script = lambda asked: old if asked.verb == "POST" else Answer([{"id": "a", "notes": [note(1)]}])
    assert gitlab.read_facet("threads", ISSUES).found == dict.fromkeys(ISSUES, 1)


def test_merge_requests_are_the_states_of_all_pages(gitlab: GitLab, scripted: Scripted) -> None:
    scripted.says(
        Answer([{"iid": 1, "state": "merged"}], headers={"X-Next-Page": "2"}), Answer([{"iid": 2, "state": "opened"}])
    )
    assert gitlab.read_facet("merge_requests", ISSUES[:1]).found == {ISSUES[0]: ("merged", "opened")}
    assert scripted.asked[0].path == f"{BELOW}/issues/1/related_merge_requests"
    assert gitlab.requests == {"merge_requests": 2}


def test_the_issues_that_a_merge_request_closes_are_keys(gitlab: GitLab, scripted: Scripted) -> None:
    rows = [
        {"iid": 3, "references": {"full": "desk/tools#3"}},
        {"iid": 2, "web_url": f"{scripted.url}/desk/star/-/issues/2"},
        {"id": "JIRA-1", "title": "Of another tracker"},
    ]
    scripted.says(Answer(rows))
    found = gitlab.read_facet("closes_issues", MERGE_REQUESTS[:1]).found
    assert found == {MERGE_REQUESTS[0]: (ISSUES[1], ResourceKey("desk/tools", 3))}
    assert scripted.asked[0].path == f"{BELOW}/merge_requests/1/closes_issues"
    assert gitlab.requests == {"closes_issues": 1}


@pytest.mark.parametrize(
    "facet", ["merge_requests", "closes_issues", "threads", "links", "label_events", "state_events", "notes"]
)
def test_one_that_fails_does_not_stop_the_others(gitlab: GitLab, scripted: Scripted, facet: Facet) -> None:
    def answer(asked: Asked) -> Answer:
        return Answer({"message": "403 Forbidden"}, 403) if "/2/" in asked.path else Answer([])

    scripted.script = answer
    reading = gitlab.read_facet(facet, MERGE_REQUESTS[:2])
    assert (set(reading.found), set(reading.failed)) == ({MERGE_REQUESTS[0]}, {MERGE_REQUESTS[1]})
    assert reading.failed[MERGE_REQUESTS[1]].status == 403
    assert "desk/star!2" in str(reading.failed[MERGE_REQUESTS[1]])
