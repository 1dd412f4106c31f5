"""Branches through the real client: lists, searches, and which of them can be deleted by whom."""

from __future__ import annotations

import datetime as dt

import gitlab
import pytest
import requests
from gitlab.v4.objects import Project

from starkeeper.sandbox.world import World
from tests.sandbox.conftest import NOON, STAR, as_user

LIST = "/api/v4/projects/support%2Fdesk%2Fstar/repository/branches"


@pytest.fixture
def project(world: World, client: gitlab.Gitlab) -> Project:
    world.add_branch(STAR, "main", default=True)
    world.add_branch(STAR, "feature/one", committed_at=NOON - dt.timedelta(days=9), author="Emil", title="One")
    world.add_branch(STAR, "feature/two", authored_at=NOON - dt.timedelta(days=3), merged=True)
    world.add_branch(STAR, "stable", protected=True)
    return client.projects.get(STAR)


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("", ["feature/one", "feature/two", "main", "stable"]),
        ("^FEATURE", ["feature/one", "feature/two"]),
        ("two$", ["feature/two"]),
        ("^main$", ["main"]),
        ("a", ["feature/one", "feature/two", "main", "stable"]),
        ("^two", []),
    ],
)
def test_a_search_may_be_anchored(project: Project, search: str, found: list[str]) -> None:
    assert [each.name for each in project.branches.list(get_all=True, search=search)] == found


def test_a_branch_tells_of_its_last_commit(project: Project) -> None:
    one, main = project.branches.get("feature/one"), project.branches.get("main")
    assert (one.commit["title"], one.commit["author_name"]) == ("One", "Emil")
    assert one.commit["committed_date"] == one.commit["authored_date"] == "2026-11-21T12:00:00.000Z"
    assert one.commit["id"].startswith(one.commit["short_id"])
    assert (one.merged, one.protected, one.default, one.can_push) == (False, False, False, True)
    assert (main.protected, main.default, project.default_branch) == (True, True, "main")


@pytest.mark.usefixtures("project")
def test_pages_are_told_in_the_headers(http: requests.Session, url: str) -> None:
    answer = http.get(f"{url}{LIST}?per_page=3")
    assert (len(answer.json()), answer.headers["X-Total"], answer.headers["X-Next-Page"]) == (3, "4", "2")


def test_a_developer_deletes_what_is_not_protected(world: World, project: Project, url: str) -> None:
    as_user(url, "emil").projects.get(STAR, lazy=True).branches.delete("feature/two")
    assert world.requests[-1].status == 204
    assert [each.name for each in world.branches(STAR)] == ["feature/one", "main", "stable"]
    for name, status in (("stable", 403), ("main", 403), ("feature/two", 404)):
        with pytest.raises(gitlab.GitlabDeleteError) as error:
            project.branches.delete(name)
        assert error.value.response_code == status
    assert len(world.branches(STAR)) == 3


@pytest.mark.usefixtures("project")
def test_a_reporter_reads_and_a_guest_does_not_even_that(world: World, url: str) -> None:
    world.add_member("support", "pat", "reporter")
    reporter = as_user(url, "pat").projects.get(STAR, lazy=True)
    assert len(reporter.branches.list(get_all=True)) == 4
    with pytest.raises(gitlab.GitlabDeleteError) as error:
        reporter.branches.delete("feature/one")
    with pytest.raises(gitlab.GitlabListError) as hidden:
        as_user(url, "gus").projects.get(STAR, lazy=True).branches.list(get_all=True)
    assert (error.value.response_code, hidden.value.response_code) == (403, 403)


@pytest.mark.usefixtures("project")
def test_a_missing_branch_is_named(http: requests.Session, url: str) -> None:
    answer = http.get(f"{url}{LIST}/nowhere")
    assert (answer.status_code, answer.json()) == (404, {"message": "404 Branch Not Found"})
