"""Every filter of an issue list, through the real client."""

from __future__ import annotations

import datetime as dt
from typing import Any

import gitlab
import pytest
import requests

from starkeeper.sandbox.world import World
from tests.sandbox.conftest import NOON, STAR

DAY = dt.timedelta(days=1)


@pytest.fixture
def issues(world: World, client: gitlab.Gitlab) -> Any:
    """1: closed, a; 2: a and b, emil; 3: nothing on it; 4: b, confidential, amber's, due, in a milestone."""
    made: list[dict[str, Any]] = [
        {"labels": ["a"], "title": "Cannot sign in", "description": "since the upgrade"},
        {"labels": ["a", "b"], "assignees": ["emil"], "title": "Billing"},
        {"title": "An upgrade question", "author": "amber"},
        {"labels": ["b"], "confidential": True, "assignees": ["amber"], "due_date": dt.date(2026, 11, 29)},
    ]
    for number, values in enumerate(made, start=1):
        world.open_issue(STAR, created_at=NOON - (10 - number) * DAY, **{"author": "emil", **values})
    world.close(STAR, 1, by="amber", at=NOON - DAY)
    world.edit(STAR, 4, by="amber", milestone=world.add_milestone("support", "17.0"), at=NOON - 5 * DAY)
    world.comment(STAR, 2, "emil", "a note touches the issue", at=NOON - 2 * DAY)
    return client.projects.get(STAR, lazy=True).issues


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, [4, 3, 2, 1]),
        ({"state": "opened"}, [4, 3, 2]),
        ({"state": "closed"}, [1]),
        ({"labels": "a"}, [2, 1]),
        ({"labels": ["a", "b"]}, [2]),
        ({"labels": "None"}, [3]),
        ({"labels": "Any"}, [4, 2, 1]),
        ({"labels": "A"}, []),
        ({"not[labels]": "a"}, [4, 3]),
        ({"not[labels]": "a,b"}, [3]),
        ({"milestone": "17.0"}, [4]),
        ({"milestone": "None"}, [3, 2, 1]),
        ({"milestone_id": "Any"}, [4]),
        ({"milestone_id": "None"}, [3, 2, 1]),
        ({"not[milestone]": "17.0"}, [3, 2, 1]),
        ({"iids": [1, 3]}, [3, 1]),
        ({"not[iids][]": ["1", "3"]}, [4, 2]),
        ({"author_username": "Amber"}, [3]),
        ({"not[author_username]": "amber"}, [4, 2, 1]),
        ({"assignee_username": ["emil"]}, [2]),
        ({"assignee_username": "amber"}, [4]),
        ({"not[assignee_username]": "amber"}, [3, 2, 1]),
        ({"assignee_id": "None"}, [3, 1]),
        ({"assignee_id": "Any"}, [4, 2]),
        ({"created_after": "2026-11-23T12:00:00Z"}, [4, 3]),
        ({"created_before": "2026-11-22T13:00:00+01:00"}, [2, 1]),
        ({"updated_after": "2026-11-28T12:00:00Z"}, [2, 1]),
        ({"updated_before": "2026-11-25T12:00:00Z"}, [4, 3]),
        ({"search": "UPGRADE"}, [3, 1]),
        ({"search": "upgrade", "in": "title"}, [3]),
        ({"search": "upgrade sign"}, [1]),
        ({"confidential": True}, [4]),
        ({"confidential": False}, [3, 2, 1]),
        ({"due_date": "overdue"}, [4]),
        ({"due_date": "any"}, [4]),
        ({"due_date": "0"}, [3, 2, 1]),
        ({"due_date": "today"}, []),
        ({"issue_type": "issue"}, [4, 3, 2, 1]),
        ({"issue_type": "incident"}, []),
        ({"order_by": "created_at", "sort": "asc"}, [1, 2, 3, 4]),
        ({"order_by": "updated_at"}, [1, 2, 4, 3]),
        ({"order_by": "title", "sort": "asc"}, [4, 3, 2, 1]),
        ({"scope": "assigned_to_me"}, []),
        ({"state": "opened", "labels": "b", "assignee_username": "emil"}, [2]),
    ],
    ids=lambda value: "&".join(f"{key}={each}" for key, each in value.items()) if isinstance(value, dict) else None,
)
def test_a_filter_finds_what_gitlab_would_find(issues: Any, query: dict[str, Any], found: list[int]) -> None:
    assert [each.iid for each in issues.list(get_all=True, **query)] == found


def test_a_filter_by_number_of_a_person(world: World, issues: Any) -> None:
    emil = world.add_user("emil").id
    assert [each.iid for each in issues.list(get_all=True, author_id=emil)] == [4, 2, 1]
    assert [each.iid for each in issues.list(get_all=True, assignee_id=emil)] == [2]


def test_labels_come_with_details_on_demand(issues: Any) -> None:
    (first, *_) = issues.list(get_all=True, labels="a", sort="asc", with_labels_details=True)
    (label,) = first.labels
    assert (label["name"], label["color"], label["text_color"]) == ("a", "#428BCA", "#FFFFFF")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("state=shut", "state does not have a valid value"),
        ("order_by=colour", "order_by does not have a valid value"),
        ("created_after=soon", "created_after is invalid"),
        ("author_id=me", "author_id is invalid"),
        ("per_page=many", "per_page is invalid"),
    ],
)
def test_a_wrong_filter_is_refused(http: requests.Session, url: str, query: str, said: str) -> None:
    answer = http.get(f"{url}/api/v4/projects/support%2Fdesk%2Fstar/issues?{query}")
    assert (answer.status_code, answer.json()) == (400, {"error": said})


def test_a_list_shows_changes_at_once(world: World, issues: Any) -> None:
    assert len(issues.list(get_all=True, state="opened")) == 3
    world.close(STAR, 2, by="emil")
    assert len(issues.list(get_all=True, state="opened")) == 2
    assert next(each.state for each in issues.list(get_all=True) if each.iid == 2) == "closed"
