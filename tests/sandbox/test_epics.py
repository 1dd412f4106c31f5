"""Epics through the real client: lists, changes, notes by their global id, and the edition that has none."""

from __future__ import annotations

import datetime as dt
from typing import Any

import gitlab
import pytest
import requests
from gitlab.v4.objects import Group

from starkeeper.sandbox.world import World
from tests.sandbox.conftest import NOON, STAR, as_user

DAY = dt.timedelta(days=1)
DESK = "support/desk"


@pytest.fixture
def group(world: World, client: gitlab.Gitlab) -> Group:
    """In `support` 1: a, due; 2: closed. In `support/desk` 1: b, amber's, confidential. Their ids are 1, 2, 3."""
    world.open_epic("support", title="Sign in", labels=["a"], author="emil", created_at=NOON - 3 * DAY)
    world.edit("support", 1, by="emil", due_date=dt.date(2026, 12, 24), at=NOON - 3 * DAY, kind="epics")
    world.open_epic("support", title="Old", author="emil", created_at=NOON - 2 * DAY)
    world.close("support", 2, by="amber", at=NOON, kind="epics")
    world.open_epic(DESK, labels=["b"], author="amber", confidential=True, created_at=NOON - DAY)
    return client.groups.get("support")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, [3, 2, 1]),
        ({"state": "opened"}, [3, 1]),
        ({"state": "closed"}, [2]),
        ({"labels": "a"}, [1]),
        ({"not[labels]": "a"}, [3, 2]),
        ({"author_username": "amber"}, [3]),
        ({"created_after": "2026-11-28T12:00:00Z"}, [3, 2]),
        ({"updated_before": "2026-11-29T12:00:00Z"}, [3, 1]),
        ({"iids": [2]}, [2]),
        ({"search": "sign"}, [1]),
        ({"include_descendant_groups": False}, [2, 1]),
        ({"order_by": "title", "sort": "asc"}, [3, 2, 1]),
        ({"order_by": "updated_at"}, [2, 3, 1]),
    ],
    ids=lambda value: "&".join(f"{key}={each}" for key, each in value.items()) if isinstance(value, dict) else None,
)
def test_a_filter_finds_what_gitlab_would_find(group: Group, query: dict[str, Any], found: list[int]) -> None:
    assert [each.attributes["id"] for each in group.epics.list(get_all=True, **query)] == found


def test_a_subgroup_lists_those_above_it_only_on_demand(group: Group, client: gitlab.Gitlab) -> None:
    desk = client.groups.get(DESK)
    assert [each.attributes["id"] for each in desk.epics.list(get_all=True)] == [3]
    assert [each.attributes["id"] for each in desk.epics.list(get_all=True, include_ancestor_groups=True)] == [3, 2, 1]
    assert group.epics.get(1).references["full"] == "support&1"


def test_one_tells_all_that_clients_read(group: Group, url: str) -> None:
    epic = group.epics.get(1)
    assert (epic.group_id, epic.labels, epic.due_date, epic.end_date) == (group.id, ["a"], "2026-12-24", "2026-12-24")
    assert epic.web_url == f"{url}/groups/support/-/epics/1"


def test_an_epic_is_changed_by_its_number(world: World, group: Group) -> None:
    changed = {"title": "New", "description": "Text", "confidential": True, "due_date_fixed": "2027-01-01"}
    group.manager.gitlab.http_put(f"/groups/{group.id}/epics/1", post_data={**changed, "add_labels": "c"})
    group.manager.gitlab.http_put(
        f"/groups/{group.id}/epics/1", post_data={"remove_labels": "a", "state_event": "close"}
    )
    seen = world.epic("support", 1)
    assert (seen.title, seen.description, seen.confidential, seen.due_date) == (
        "New",
        "Text",
        True,
        dt.date(2027, 1, 1),
    )
    assert (seen.labels, seen.state) == (("c",), "closed")
    assert world.find_label(world.place("support"), "c") is not None


@pytest.mark.usefixtures("group")
def test_notes_events_and_threads_take_the_epics_global_id(world: World, http: requests.Session, url: str) -> None:
    epics = f"{url}/api/v4/groups/support%2Fdesk/epics"
    world.set_labels(DESK, 1, by="amber", add=["c"], kind="epics")
    made = http.post(f"{epics}/3/notes", json={"body": "Hello\n/label ~c"})
    http.post(f"{epics}/3/discussions", json={"body": "A question"})
    assert (made.status_code, made.json()["noteable_type"], made.json()["project_id"]) == (201, "Epic", None)
    assert [each.body for each in world.notes(DESK, 1, kind="epics")] == ["Hello", "A question"]
    events = http.get(f"{epics}/3/resource_label_events").json()
    assert [(each["label"]["name"], each["resource_type"], each["resource_id"]) for each in events] == [
        ("b", "Epic", 3),
        ("c", "Epic", 3),
    ]
    assert [each["individual_note"] for each in http.get(f"{epics}/3/discussions").json()] == [True, False]
    missing = http.get(f"{epics}/1/notes")
    assert (missing.status_code, missing.json()) == (404, {"message": "404 Epic Not Found"})


def test_reactions_take_the_epics_number(group: Group, http: requests.Session, url: str) -> None:
    made = http.post(f"{url}/api/v4/groups/support%2Fdesk/epics/1/award_emoji", json={"name": "thumbsup"})
    assert (made.status_code, made.json()["awardable_type"], made.json()["awardable_id"]) == (201, "Epic", 3)
    assert [each.upvotes for each in group.epics.list(get_all=True)] == [1, 0, 0]


@pytest.mark.usefixtures("group")
def test_the_free_edition_has_no_epics(world: World, http: requests.Session, url: str) -> None:
    world.edition = "free"
    for path in ("epics", "epics/1", "epics/1/notes", "epics/1/resource_label_events"):
        answer = http.get(f"{url}/api/v4/groups/support/{path}")
        assert (answer.status_code, answer.json()) == (403, {"message": "403 Forbidden"})


@pytest.mark.usefixtures("group")
def test_epics_are_for_those_who_signed_in_and_may_see_them(world: World, url: str) -> None:
    assert requests.get(f"{url}/api/v4/groups/support/epics", timeout=10).status_code == 401
    guest = as_user(url, "gus").groups.get("support", lazy=True)
    assert [each.attributes["id"] for each in guest.epics.list(get_all=True)] == [2, 1]
    with pytest.raises(gitlab.GitlabUpdateError) as error:
        guest.epics.update(1, {"title": "Mine"})
    assert error.value.response_code == 403
    with pytest.raises(gitlab.GitlabListError) as hidden:
        as_user(url, "pat").groups.get("support", lazy=True).epics.list(get_all=True)
    assert hidden.value.response_code == 404
    assert world.issues(STAR) == ()
