"""Merge requests and epics: their rows become resources, their lists are asked for where they are."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from starkeeper.connectors.gitlab import GitLab
from starkeeper.errors import ConnectorError
from starkeeper.model.desk import Tracker
from starkeeper.model.resources import Epic, MergeRequest, ResourceKey, User
from tests.connectors.conftest import Answer, Scripted
from tests.connectors.listed import Listed
from tests.connectors.listed import row as listed_row
from tests.connectors.test_records import ANN, AT, made

STAR, GROUP = Tracker(name="star", path="desk/star"), Tracker(name="desk", path="desk", source="groups")


def merge_request(**fields: Any) -> MergeRequest:
    found = made("merge_requests", "https://gitlab.com", fields)
    assert isinstance(found, MergeRequest)
    return found


def epic(**fields: Any) -> Epic:
    found = made("epics", "https://gitlab.com", fields, "desk")
    assert isinstance(found, Epic)
    return found


def test_a_merge_request_of_the_fewest_fields_is_understood() -> None:
    least = MergeRequest(tracker="star", project="desk/star", iid=7, created_at=AT, updated_at=AT)
    names = "draft work_in_progress source_branch target_branch reviewers merged_at merged_by merge_user"
    assert merge_request() == merge_request(**dict.fromkeys(names.split())) == least


@pytest.mark.parametrize("old", [True, False])
def test_a_merge_request_is_understood_to_its_last_field(old: bool) -> None:
    names = {"work_in_progress": True, "merged_by": ANN} if old else {"draft": True, "merge_user": ANN}
    fields = {"state": "merged", "source_branch": "fix", "target_branch": "main", "reviewers": [ANN]}
    found = merge_request(**names, **fields, merged_at="2026-11-30T09:00:00Z", discussion_locked=True)
    assert found == MergeRequest(
        tracker="star",
        project="desk/star",
        iid=7,
        created_at=AT,
        updated_at=AT,
        state="merged",
        locked=True,
        draft=True,
        source_branch="fix",
        target_branch="main",
        reviewers=(User("ann", 4, "Ann Lee"),),
        merged_at=AT,
        merged_by=User("ann", 4, "Ann Lee"),
    )


@pytest.mark.parametrize(
    ("said", "state"),
    [("opened", "opened"), ("locked", "locked"), ("merged", "merged"), ("closed", "closed"), ("reopened", "opened")],
)
def test_the_states_are_those_of_gitlab(said: str, state: str) -> None:
    assert merge_request(state=said).state == state


@pytest.mark.parametrize("name", ["due_date", "end_date"])
def test_an_epic_falls_due_by_either_name(name: str) -> None:
    found = epic(title="All", labels=["x"], confidential=True, **{name: "2026-12-24"})
    assert found == Epic(
        tracker="star",
        project="desk",
        iid=7,
        created_at=AT,
        updated_at=AT,
        title="All",
        labels=("x",),
        confidential=True,
        due_date=dt.date(2026, 12, 24),
    )


def test_merge_requests_of_many_pages_are_all_read(gitlab: GitLab, scripted: Scripted) -> None:
    rows = [listed_row(number) | {"references": {"full": f"desk/star!{number}"}} for number in range(1, 251)]
    scripted.script = listed = Listed(rows)
    found = gitlab.list_resources(STAR, "merge_requests", {"wip": "no"})
    assert [each.key for each in found] == [ResourceKey("desk/star", n, "merge_requests") for n in range(1, 251)]
    assert scripted.asked[0].path == "/api/v4/projects/desk/star/merge_requests"
    assert listed.queries[0] == {"wip": "no", "order_by": "created_at", "sort": "asc", "per_page": "100"}
    assert gitlab.requests == {"list": 3}


def test_a_group_is_asked_for_all_its_merge_requests(gitlab: GitLab, scripted: Scripted) -> None:
    scripted.says(Answer([listed_row(3) | {"references": {"full": "desk/tools!3"}}]))
    [found] = gitlab.list_resources(GROUP, "merge_requests", {})
    assert (found.reference, found.tracker) == ("desk/tools!3", "desk")
    assert scripted.asked[0].path == "/api/v4/groups/desk/merge_requests"
    assert scripted.asked[0].query["scope"] == "all"


def test_epics_are_those_of_a_group_and_the_groups_below(gitlab: GitLab, scripted: Scripted) -> None:
    scripted.says(Answer([listed_row(3) | {"references": {"full": "desk/all&3"}}]))
    [found] = gitlab.list_resources(GROUP, "epics", {"state": "opened"})
    assert (found.reference, type(found)) == ("desk/all&3", Epic)
    assert scripted.asked[0].path == "/api/v4/groups/desk/epics"
    wanted = {"state": "opened", "order_by": "created_at", "sort": "asc", "per_page": "100"}
    assert scripted.asked[0].query == wanted


def test_a_project_is_never_asked_for_epics(gitlab: GitLab, scripted: Scripted) -> None:
    with pytest.raises(ConnectorError, match=r"epics of tracker 'star' \(desk/star\): a project has no epics"):
        gitlab.list_resources(STAR, "epics", {})
    assert scripted.asked == []


def test_a_gitlab_without_epics_is_told(gitlab: GitLab, scripted: Scripted) -> None:
    scripted.says(Answer({"message": "403 Forbidden"}, 403))
    with pytest.raises(ConnectorError, match="epics need GitLab Premium"):
        gitlab.list_resources(GROUP, "epics", {})


@pytest.mark.parametrize(
    ("key", "path"),
    [
        (ResourceKey("desk/star", 7, "merge_requests"), "/api/v4/projects/desk/star/merge_requests/7"),
        (ResourceKey("desk/all", 7, "epics"), "/api/v4/groups/desk/all/epics/7"),
    ],
)
def test_one_is_read_where_it_is(gitlab: GitLab, scripted: Scripted, key: ResourceKey, path: str) -> None:
    scripted.says(Answer({"id": 70, "iid": 7, "created_at": "2026-11-30T09:00:00Z"}))
    assert gitlab.read_resource("star", key).key == key
    assert [each.path for each in scripted.asked] == [path]
