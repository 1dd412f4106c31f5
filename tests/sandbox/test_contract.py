"""The sandbox's answers held against recorded answers of real GitLabs: keys, types, statuses, headers, errors."""

from __future__ import annotations

import json
from typing import Any

import pytest
import requests

from starkeeper.sandbox.load import load_issues
from starkeeper.sandbox.world import World
from tests.sandbox.conftest import NOON, STAR
from tests.sandbox.recorded import GONE, RECORDED, Api, assert_like, exchanges, has_header, recorded

pytestmark = pytest.mark.skipif(not RECORDED.is_dir(), reason="the recorded answers are not beside this checkout")


LISTS = [
    "narkoz/issues.json",
    "narkoz/project_issues.json",
    "narkoz/group_issues.json",
    "narkoz/search_issues_results.json",
    "perceval/issue_page_1.json",
    "perceval/issue_page_2.json",
]


@pytest.mark.parametrize("name", LISTS)
def test_a_recorded_list_can_be_loaded_and_is_shown_alike(world: World, api: Api, name: str) -> None:
    # A fixture shows one issue twice; the first counts.
    real = {each["id"]: each for each in reversed(recorded(name))}
    references = load_issues(world, recorded(name))
    shown = {each["id"]: each for each in api.get("issues", scope="all", per_page=100).json()}
    assert len(references) == len(real)
    for number, issue in real.items():
        assert_like(shown[number], issue, GONE["issues"])
        names = [each if isinstance(each, str) else each["name"] for each in issue["labels"]]
        assert shown[number]["labels"] == sorted(names, key=str.lower)
        for key in ("title", "description"):
            assert shown[number][key] == issue[key]
        if "Z" in issue["created_at"]:
            assert shown[number]["created_at"][:19] == issue["created_at"][:19]


def test_pages_of_issues_are_like_those_of_gitlab(world: World, api: Api) -> None:
    found = 0
    for real in exchanges("GET", "issues", 200):
        fresh = [each for each in real["body"] if each["iid"] not in taken(world, real["body"])]
        load_issues(world, fresh)
        path = real["body"][0]["references"]["full"].partition("#")[0] if real["body"] else STAR
        path = f"projects/{path.replace('/', '%2F')}/issues"
        answer = api.get(path)
        for name in ("X-Page", "X-Per-Page", "X-Next-Page", "X-Prev-Page", "X-Total", "X-Total-Pages", "Link"):
            assert (name in answer.headers) is has_header(real, name)
        shown = {each["iid"]: each for each in api.get(path, per_page=100).json()}
        for issue in real["body"]:
            assert_like(shown[issue["iid"]], issue, GONE["issues"])
            found += 1
    assert found > 50


def taken(world: World, body: list[Any]) -> set[int]:
    path = body[0]["references"]["full"].partition("#")[0] if body else ""
    project = world.projects.get(path.lower())
    return set(project.issues) if project else set()


@pytest.mark.parametrize(
    ("method", "end", "status"), [("GET", "issues/N", 200), ("POST", "issues", 201), ("PUT", "issues/N", 200)]
)
def test_one_issue_is_shown_as_gitlab_shows_it(world: World, api: Api, method: str, end: str, status: int) -> None:
    world.open_issue(STAR, labels=["x"], assignees=["emil"], author="amber")
    if method == "POST":
        answer = api.send("POST", "projects/1/issues", title="New", description="Text")
    elif method == "PUT":
        answer = api.send("PUT", "projects/1/issues/1", state_event="close", add_labels="y")
    else:
        answer = api.get("projects/1/issues/1")
    reals = list(exchanges(method, end, status))
    assert reals
    assert answer.status_code == status
    for real in reals:
        assert_like(answer.json(), real["body"], GONE["issues"])


def test_notes_are_shown_as_gitlab_shows_them(world: World, api: Api) -> None:
    world.open_issue(STAR)
    made = api.send("POST", "projects/1/issues/1/notes", body="Hello")
    changed = api.send("PUT", f"projects/1/issues/1/notes/{made.json()['id']}", body="Hello again")
    listed = api.get("projects/1/issues/1/notes")
    read = api.get(f"projects/1/issues/1/notes/{made.json()['id']}")
    pairs = [
        (made, exchanges("POST", "issues/N/notes", 201)),
        (changed, exchanges("PUT", "issues/N/notes/N", 200)),
        (read, exchanges("GET", "issues/N/notes/N", 200)),
    ]
    for answer, reals in pairs:
        for real in list(reals):
            assert answer.status_code == real["status"]
            assert_like(answer.json(), real["body"], GONE["notes"])
    for name in ("perceval/notes_1.json", "narkoz/notes.json"):
        for real in recorded(name):
            assert_like(listed.json()[0], real, GONE["notes"])
    assert_like(read.json(), recorded("gitlab4j/note.json"), GONE["notes"])


def test_system_notes_read_as_gitlab_writes_them(world: World, api: Api) -> None:
    world.open_issue(STAR, title="one")
    api.send("PUT", "projects/1/issues/1", title="two", description="new", state_event="close")
    api.send("PUT", "projects/1/issues/1", state_event="reopen")
    notes = api.get("projects/1/issues/1/notes", sort="asc").json()
    shown = [each["body"].partition(" from")[0] for each in notes if each["system"]]
    real = {
        note["body"].partition(" from")[0]
        for end in ("issues/N/notes", "merge_requests/N/notes")
        for each in exchanges("GET", end, 200)
        for note in each["body"]
        if note["system"]
    }
    assert shown == ["changed title", "changed the description", "closed", "reopened"]
    assert set(shown) <= real


@pytest.mark.parametrize("name", ["gitlab4j/label-events.json", "narkoz/resource_label_events.json"])
def test_label_events_are_shown_as_gitlab_shows_them(world: World, api: Api, name: str) -> None:
    world.open_issue(STAR, labels=["a"])
    world.add_label(STAR, "b", description="about")
    world.set_labels(STAR, 1, by="amber", add=["b"], remove=["a"], at=NOON)
    shown = api.get("projects/1/issues/1/resource_label_events").json()[1]
    for real in recorded(name):
        assert_like(shown, real, GONE["events"])


def test_state_events_are_shown_as_gitlab_shows_them(world: World, api: Api) -> None:
    world.open_issue(STAR)
    world.close(STAR, 1, by="amber")
    (shown,) = api.get("projects/1/issues/1/resource_state_events").json()
    for real in recorded("narkoz/issue_resource_state_events.json"):
        assert_like(shown, real, GONE["events"])
    assert shown["state"] == "closed"


def test_links_are_shown_as_gitlab_shows_them(world: World, api: Api) -> None:
    world.open_issue(STAR)
    world.open_issue(STAR)
    made = api.send("POST", "projects/1/issues/1/links", target_project_id=1, target_issue_iid=2)
    real = recorded("narkoz/create_issue_link.json")
    assert made.status_code == 201
    for side in ("source_issue", "target_issue"):
        assert_like(made.json()[side], real[side], GONE["issues"])
    (shown,) = api.get("projects/1/issues/1/links").json()
    for name in ("narkoz/project_issue_links.json", "gitlab4j/linked-issues.json"):
        assert_like(shown, recorded(name)[0], GONE["issues"] | {"subscribed"})


@pytest.mark.parametrize(
    ("name", "counts"),
    [("gitlab4j/labels.json", True), ("narkoz/labels.json", False), ("narkoz/group_labels.json", True)],
)
def test_labels_are_shown_as_gitlab_shows_them(world: World, api: Api, name: str, counts: bool) -> None:
    world.add_label(STAR, "bug", "#d9534f", "Bug reported by user", priority=10)
    (shown,) = api.get("projects/1/labels", with_counts=str(counts).lower()).json()
    for real in recorded(name):
        assert_like(shown, real, set() if counts else GONE["labels"])


def test_reactions_are_shown_as_gitlab_shows_them(world: World, api: Api) -> None:
    world.open_issue(STAR)
    api.send("POST", "projects/1/issues/1/notes", body="x")
    first = api.send("POST", "projects/1/issues/1/notes/1/award_emoji", name="tractor")
    second = api.send("POST", "projects/1/issues/1/notes/1/award_emoji", name="tractor")
    for real in exchanges("POST", "issues/N/notes/N/award_emoji", 201):
        assert_like(first.json(), real["body"], GONE["awards"])
    refused = list(exchanges("POST", "issues/N/notes/N/award_emoji", 404))
    assert [(second.status_code, second.json())] * len(refused) == [(each["status"], each["body"]) for each in refused]
    assert refused


def test_errors_have_the_bodies_that_gitlab_gave_them(world: World, api: Api) -> None:
    world.add_project("support/off", issues_enabled=False)
    world.add_member("support", "bot", "maintainer")
    answers = {
        "401 Unauthorized": requests.get(f"{api.base}/user", timeout=10),
        "404 Project Not Found": api.get("projects/no%2Fwhere"),
        "404 Not found": api.get("projects/1/issues/100000000000000000000"),
        "403 Forbidden": api.send("POST", "projects/support%2Foff/issues", title="x"),
    }
    real = {}
    for file in sorted((RECORDED / "ogr").glob("*.json")):
        for each in json.loads(file.read_text(encoding="utf-8")):
            if each["status"] >= 400 and isinstance(each["body"].get("message"), str):
                real[each["body"]["message"]] = each
    for message, answer in answers.items():
        assert (answer.status_code, answer.json()) == (real[message]["status"], real[message]["body"])
        assert answer.headers["Content-Type"] == real[message]["headers"]["Content-Type"]


def test_a_limit_is_told_in_the_headers_that_gitlab_uses(api: Api) -> None:
    (real,) = [each for each in recorded("ogr/test_get_rate_limit_remaining.json") if each["method"] == "HEAD"]
    answer = api.send("HEAD", "user")
    wanted = {name for name in real["headers"] if name.startswith("ratelimit")}
    assert wanted <= {name.lower() for name in answer.headers}
    assert (answer.status_code, answer.content) == (200, b"")


def test_people_and_projects_are_shown_as_gitlab_shows_them(api: Api) -> None:
    (person,) = api.get("users", username="amber").json()
    own, project = api.get("user").json(), api.get("projects/support%2Fdesk%2Fstar").json()
    for real in exchanges("GET", "", 200):
        if isinstance(real["body"], list):
            assert_like(person, real["body"][0], set())
    for real in recorded("ogr/test_add_user.json"):
        if real["url"].endswith("/user"):
            assert {"id", "username", "name", "state", "email", "web_url"} <= set(real["body"]) & set(own)
    wanted = {
        "id",
        "name",
        "path",
        "path_with_namespace",
        "web_url",
        "issues_enabled",
        "archived",
        "visibility",
        "_links",
    }
    assert wanted <= set(recorded("perceval/project.json")) & set(project)
