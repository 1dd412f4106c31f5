"""The page that people watch: what it shows, and that text in it stays text."""

from __future__ import annotations

import pytest
import requests

from starkeeper.sandbox.world import World
from tests.sandbox.conftest import STAR

ATTACK = "</div><script>alert(1)</script>"


@pytest.fixture(autouse=True)
def _issues(world: World) -> None:
    world.add_label(STAR, "star::new", "#112233")
    world.open_issue(STAR, title="First", labels=["star::new"], assignees=["emil"])
    world.open_issue(STAR, title=ATTACK, description=ATTACK)
    world.comment(STAR, 2, "emil", ATTACK)
    world.add_project("support/empty")
    world.close(STAR, 2, by="amber")


def page(url: str, path: str) -> requests.Response:
    return requests.get(url + path, timeout=10)


def test_the_front_page_lists_open_issues(url: str) -> None:
    shown = page(url, "/").text
    assert f'<a class="title" href="/{STAR}/-/issues/1">First</a>' in shown
    assert "#112233" in shown
    assert "(@emil)" in shown
    assert f"/{STAR}/-/issues/2" not in shown


def test_closed_issues_are_shown_on_demand(url: str) -> None:
    assert f"/{STAR}/-/issues/2" in page(url, "/?state=closed").text
    assert f"/{STAR}/-/issues/2" in page(url, f"/{STAR}?state=all").text


def test_a_project_shows_its_own(url: str) -> None:
    assert "First" in page(url, f"/{STAR}").text
    assert "No issues here." in page(url, "/support/empty").text


def test_text_stays_text(url: str) -> None:
    shown = page(url, f"/{STAR}/-/issues/2").text + page(url, "/?state=all").text
    assert "<script>alert" not in shown
    assert "&lt;/div&gt;&lt;script&gt;alert(1)&lt;/script&gt;" in shown


def test_an_issue_is_where_its_web_address_says(url: str, http: requests.Session) -> None:
    address = http.get(f"{url}/api/v4/projects/1/issues/1").json()["web_url"]
    assert "<h1>First</h1>" in requests.get(address, timeout=10).text


def test_the_page_loads_nothing_from_elsewhere(url: str) -> None:
    shown = page(url, f"/{STAR}/-/issues/1").text
    assert "http://" not in shown.replace(url, "")
    assert "https://" not in shown


def test_writes_through_the_api_are_shown(url: str, http: requests.Session) -> None:
    http.post(f"{url}/api/v4/projects/1/issues/1/notes", json={"body": "x"})
    assert "projects/1/issues/1/notes" in page(url, "/").text


@pytest.mark.parametrize("path", ["/nowhere", f"/{STAR}/-/issues/99", "/a/-/issues/1"])
def test_what_is_not_there_is_not_found(url: str, path: str) -> None:
    assert page(url, path).status_code == 404


def test_lists_beside_issues_are_shown_where_there_are_any(world: World, url: str) -> None:
    assert "Merge requests" not in page(url, "/").text
    world.open_merge_request(STAR, title=ATTACK, draft=True, reviewers=["emil"], closes=[1])
    world.open_epic("support/desk", title="An aim")
    world.add_branch(STAR, "main", default=True)
    shown = page(url, "/?kind=merge_requests").text
    assert f'href="/{STAR}/-/merge_requests/1"' in shown
    assert "Epics" in shown
    assert 'href="/groups/support/desk/-/epics/1"' in page(url, f"/{STAR}?kind=epics").text
    assert "main" in page(url, "/?kind=branches").text
    one = page(url, f"/{STAR}/-/merge_requests/1").text
    assert f'href="/{STAR}/-/issues/1"' in one
    assert "draft" in one
    assert "<script>alert" not in shown + one
    assert "<h1>An aim</h1>" in page(url, "/groups/support/desk/-/epics/1").text
    assert page(url, "/groups/support/desk/-/epics/2").status_code == 404
    assert page(url, f"/{STAR}/-/merge_requests/2").status_code == 404
