"""GraphQL: notes of many issues in one request, filters, pages and errors."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from starkeeper.sandbox.world import World
from tests.sandbox.conftest import STAR

NOTES = """query($project: ID!, $iids: [String!], $first: Int!) { project(fullPath: $project) {
  issues(iids: $iids, first: $first) { nodes { iid notes(filter: ONLY_COMMENTS, first: 100) {
    pageInfo { hasNextPage } nodes { id body system internal createdAt author { username } } } } } } }"""


@pytest.fixture(autouse=True)
def _issues(world: World) -> None:
    for _ in range(3):
        world.open_issue(STAR, author="emil", labels=["a"], assignees=["amber"])
    world.comment(STAR, 2, "amber", "Hello", internal=True)
    world.close(STAR, 2, by="amber")


def ask(session: requests.Session, url: str, query: str, **variables: Any) -> Any:
    answer = session.post(f"{url}/api/graphql", json={"query": query, "variables": variables})
    assert answer.status_code == 200
    return answer.json()


def test_the_comments_of_several_issues_come_in_one_answer(http: requests.Session, url: str) -> None:
    answer = ask(http, url, NOTES, project=STAR, iids=["1", "2"], first=100)
    note = {
        "id": "gid://gitlab/Note/1",
        "body": "Hello",
        "system": False,
        "internal": True,
        "createdAt": "2026-11-30T12:00:00Z",
        "author": {"username": "amber"},
    }
    assert answer["data"]["project"]["issues"]["nodes"] == [
        {"iid": "2", "notes": {"pageInfo": {"hasNextPage": False}, "nodes": [note]}},
        {"iid": "1", "notes": {"pageInfo": {"hasNextPage": False}, "nodes": []}},
    ]


def test_internal_notes_are_not_shown_to_guests(http: requests.Session, url: str) -> None:
    del http.headers["PRIVATE-TOKEN"]
    http.headers["Authorization"] = "Bearer gus-token"
    answer = ask(http, url, NOTES, project=STAR, iids=["2"], first=1)
    assert answer["data"]["project"]["issues"]["nodes"][0]["notes"]["nodes"] == []


def test_pages_go_on_at_their_cursor(http: requests.Session, url: str) -> None:
    query = """query($after: String) { project(fullPath: "support/desk/star") { issues(first: 2, after: $after) {
        count nodes { iid state labels { nodes { title } } assignees { nodes { username } } }
        pageInfo { hasNextPage endCursor } } } }"""
    first = ask(http, url, query)["data"]["project"]["issues"]
    second = ask(http, url, query, after=first["pageInfo"]["endCursor"])["data"]["project"]["issues"]
    assert [each["iid"] for each in first["nodes"] + second["nodes"]] == ["3", "2", "1"]
    assert (first["count"], first["pageInfo"]["hasNextPage"], second["pageInfo"]["hasNextPage"]) == (3, True, False)
    assert first["nodes"][1] == {
        "iid": "2",
        "state": "closed",
        "labels": {"nodes": [{"title": "a"}]},
        "assignees": {"nodes": [{"username": "amber"}]},
    }


def test_issues_of_a_group_are_filtered(http: requests.Session, url: str) -> None:
    query = (
        '{ group(fullPath: "support") { issues(state: opened, labelName: ["a"]) { nodes { reference(full: true) } } } }'
    )
    nodes = ask(http, url, query)["data"]["group"]["issues"]["nodes"]
    assert [each["reference"] for each in nodes] == [f"{STAR}#3", f"{STAR}#1"]


def test_what_one_may_not_see_is_null(http: requests.Session, url: str) -> None:
    http.headers["PRIVATE-TOKEN"] = "pat-token"
    query = 'query { project(fullPath: "support/desk/star") { name } currentUser { username } }'
    assert ask(http, url, query)["data"] == {"project": None, "currentUser": {"username": "pat"}}


def test_errors_come_with_a_good_status(http: requests.Session, url: str) -> None:
    assert "Cannot query field 'nope'" in ask(http, url, "{ nope }")["errors"][0]["message"]
    assert ask(http, url, "{" + " " * 10_000 + "}")["errors"] == [{"message": "Query too large"}]


def test_a_wrong_token_is_refused(url: str) -> None:
    headers = {"Authorization": "Bearer wrong"}
    answer = requests.post(f"{url}/api/graphql", json={"query": "{ a }"}, headers=headers, timeout=10)
    assert (answer.status_code, answer.json()) == (401, {"errors": [{"message": "Invalid token"}]})


def test_a_world_can_do_without_graphql(world: World, http: requests.Session, url: str) -> None:
    world.graphql = False
    assert http.post(f"{url}/api/graphql", json={"query": "{ a }"}).status_code == 404


def test_the_comments_of_several_merge_requests_come_in_one_answer(
    world: World, http: requests.Session, url: str
) -> None:
    for _ in range(2):
        world.open_merge_request(STAR, author="emil", reviewers=["amber"], draft=True)
    world.comment(STAR, 2, "amber", "Hello", kind="merge_requests")
    query = """query($iids: [String!]) { project(fullPath: "support/desk/star") { mergeRequests(iids: $iids) {
        nodes { iid draft state reference(full: true) sourceBranch reviewers { nodes { username } }
        notes(filter: ONLY_COMMENTS) { nodes { body author { username } } } } } } }"""
    first, second = ask(http, url, query, iids=["1", "2"])["data"]["project"]["mergeRequests"]["nodes"]
    assert (first["iid"], first["draft"], first["reference"], second["iid"]) == ("2", True, f"{STAR}!2", "1")
    assert first["notes"]["nodes"] == [{"body": "Hello", "author": {"username": "amber"}}]
    assert first["reviewers"]["nodes"] == [{"username": "amber"}]
    assert second["notes"]["nodes"] == []


def test_discussions_are_threads_and_comments_that_stand_alone(world: World, http: requests.Session, url: str) -> None:
    first = world.comment(STAR, 1, "amber", "A question", thread=True)
    world.comment(STAR, 1, "emil", "An answer", answers=first or 0)
    world.comment(STAR, 1, "emil", "A comment")
    world.close(STAR, 1, by="emil")
    query = """{ project(fullPath: "support/desk/star") { issue(iid: "1") { userNotesCount userDiscussionsCount } } }"""
    counts = ask(http, url, query)["data"]["project"]["issue"]
    assert counts == {"userNotesCount": 3, "userDiscussionsCount": 2}


def test_guests_get_no_merge_requests(world: World, http: requests.Session, url: str) -> None:
    iid = world.open_merge_request(STAR)
    query = (
        'query($iid: String!) { project(fullPath: "support/desk/star") {'
        " mergeRequest(iid: $iid) { title } mergeRequests { count } } }"
    )
    assert ask(http, url, query, iid=str(iid))["data"]["project"]["mergeRequests"] == {"count": 1}
    http.headers["PRIVATE-TOKEN"] = "gus-token"
    assert ask(http, url, query, iid=str(iid))["data"]["project"] == {
        "mergeRequest": None,
        "mergeRequests": {"count": 0},
    }
