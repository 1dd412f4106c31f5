"""Issues by cursor instead of by page, and lists of work items, which know nothing else."""

from __future__ import annotations

import datetime as dt
from typing import Any

import gitlab
import pytest
import requests

from starkeeper.sandbox.world import World
from tests.sandbox.conftest import NOON, STAR

LIST = "/api/v4/projects/support%2Fdesk%2Fstar/issues"
ITEMS = "/api/v4/projects/support%2Fdesk%2Fstar/-/work_items"
KEYSET: dict[str, Any] = {"pagination": "keyset", "order_by": "created_at", "sort": "asc", "per_page": 2}


@pytest.fixture(autouse=True)
def _issues(world: World) -> None:
    for number in range(5):
        world.open_issue(STAR, title=f"Issue {number}", labels=["x"], created_at=NOON - dt.timedelta(hours=number // 2))


def follow(http: requests.Session, url: str, query: dict[str, Any]) -> list[list[int]]:
    """The iids of each page."""
    pages, answer = [], http.get(url, params=query)
    while True:
        assert answer.status_code == 200, answer.text
        pages.append([each["iid"] for each in answer.json()])
        if "next" not in answer.links:
            return pages
        answer = http.get(answer.links["next"]["url"])


@pytest.mark.parametrize(
    ("query", "pages"),
    [
        (KEYSET, [[5, 3], [4, 1], [2]]),
        ({**KEYSET, "sort": "desc"}, [[2, 1], [4, 3], [5]]),
        ({**KEYSET, "order_by": "title"}, [[1, 2], [3, 4], [5]]),
        ({**KEYSET, "labels": "x", "iids[]": [1, 5]}, [[5, 1]]),
        ({**KEYSET, "labels": "y"}, [[]]),
    ],
)
def test_a_cursor_goes_on_where_the_page_ended(
    http: requests.Session, url: str, query: dict[str, Any], pages: list[list[int]]
) -> None:
    assert follow(http, url + LIST, query) == pages


def test_nobody_counts(http: requests.Session, url: str) -> None:
    answer = http.get(url + LIST, params=KEYSET)
    assert set(answer.links) == {"next"}
    assert not {"x-total", "x-total-pages", "x-page", "x-next-page"} & {each.lower() for each in answer.headers}


def test_what_goes_in_between_shifts_nothing(world: World, http: requests.Session, url: str) -> None:
    first = http.get(url + LIST, params={**KEYSET, "state": "opened"})
    world.close(STAR, 5, by="amber")
    second = http.get(first.links["next"]["url"])
    assert [each["iid"] for each in first.json() + second.json()] == [5, 3, 4, 1]


def test_the_client_follows_the_cursor(client: gitlab.Gitlab, world: World) -> None:
    query = {"pagination": "keyset", "order_by": "created_at", "sort": "asc"}
    found = client.projects.get(STAR, lazy=True).issues.list(iterator=True, per_page=2, **query)
    assert [each.iid for each in found] == [5, 3, 4, 1, 2]
    assert len(world.requests) == 3


@pytest.mark.parametrize("cursor", ["nonsense", "WzFd", "W10="])
def test_a_wrong_cursor_is_refused(http: requests.Session, url: str, cursor: str) -> None:
    answer = http.get(url + LIST, params={**KEYSET, "cursor": cursor})
    assert (answer.status_code, answer.json()) == (400, {"error": "cursor is invalid"})


@pytest.mark.parametrize(("option", "order_by"), [(False, "created_at"), (True, "popularity")])
def test_offset_paging_stands_in(world: World, http: requests.Session, url: str, option: bool, order_by: str) -> None:
    world.keyset_issues = option
    answer = http.get(url + LIST, params={**KEYSET, "order_by": order_by})
    assert (answer.headers["X-Total"], "page=2" in answer.links["next"]["url"]) == ("5", True)


def test_work_items_are_only_where_they_were_asked_for(world: World, http: requests.Session, url: str) -> None:
    assert http.get(url + ITEMS).status_code == 404
    world.work_items_rest = True
    assert http.get(url + ITEMS, params={"per_page": 1}).json() == [
        {"id": 2, "global_id": "gid://gitlab/WorkItem/2", "iid": 2, "title": "Issue 1"}
    ]
    assert follow(http, url + ITEMS, {"per_page": 2}) == [[2, 1], [4, 3], [5]]
    refused = http.get(url + ITEMS, params={"pagination": "offset"})
    assert (refused.status_code, list(refused.json())) == (405, ["error"])


def test_work_items_show_the_fields_and_features_that_were_asked_for(
    world: World, http: requests.Session, url: str
) -> None:
    world.work_items_rest = True
    world.edit(STAR, 1, by="emil", assignees=["amber"], due_date=dt.date(2026, 12, 24), description="- [x] done\n")
    asked = {"fields": "state,web_url,nonsense,work_item_type", "features": "labels,assignees,start_and_due_date"}
    query = {**asked, "iids": "1", "label_name": "x", "assignee_usernames": "amber"}
    (shown,) = http.get(url + "/api/v4/groups/support/-/work_items", params=query).json()
    assert set(shown) == {"id", "global_id", "iid", "title", "state", "web_url", "work_item_type", "features"}
    assert (shown["state"], shown["work_item_type"]["name"]) == ("opened", "Issue")
    features = shown["features"]
    assert [each["title"] for each in features["labels"]["labels"]] == ["x"]
    assert [each["username"] for each in features["assignees"]] == ["amber"]
    assert features["start_and_due_date"]["due_date"] == "2026-12-24"
    rest = http.get(url + ITEMS, params={"iids": "1", "features": "description,milestone,time_tracking"}).json()
    assert rest[0]["features"]["description"]["task_completion_status"] == {"count": 1, "completed_count": 1}


def test_work_items_are_found_by_type_and_by_what_they_are_not(world: World, http: requests.Session, url: str) -> None:
    world.work_items_rest = True
    world.open_issue(STAR, issue_type="task", created_at=NOON)
    assert follow(http, url + ITEMS, {"work_item_type_names": "Task"}) == [[6]]
    assert follow(http, url + ITEMS, {"not[label_name]": "x"}) == [[6]]
