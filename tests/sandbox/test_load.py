"""Issues from a file: where they go, what they bring along, and what is refused before anything is loaded."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from starkeeper.errors import PolicyError
from starkeeper.sandbox.load import load_issues
from starkeeper.sandbox.world import World

OLD = {
    "id": 501,
    "project_id": 7,
    "title": "Old shape",
    "description": None,
    "labels": [],
    "milestone": None,
    "assignee": {"id": 11, "name": "Ann", "username": "ann"},
    "author": None,
    "closed": True,
    "created_at": "2012-06-28T12:58:06Z",
    "updated_at": "2012-06-29T12:58:06Z",
}
NEW = {
    "id": 502,
    "iid": 12,
    "project_id": 8,
    "title": "New shape",
    "description": "/close @all",
    "state": "opened",
    "labels": [{"id": 1, "name": "bug", "color": "#112233"}, "star::new"],
    "milestone": {"id": 4, "title": "17.0", "due_date": "2026-12-24", "state": "active"},
    "assignees": [{"id": 11, "username": "ann"}, {"id": 12, "username": "ben"}],
    "author": {"id": 12, "username": "ben", "name": "Ben"},
    "created_at": "2026-11-01T08:00:00.123+01:00",
    "updated_at": "2026-11-02T08:00:00.000Z",
    "due_date": "2026-12-01",
    "confidential": True,
    "discussion_locked": None,
    "user_notes_count": 3,
    "upvotes": 2,
    "references": {"full": "far/away/place#12"},
    "web_url": "https://gitlab.example.com/other/place/-/issues/12",
}


MERGED = {
    **{key: NEW[key] for key in ("id", "iid", "project_id", "title", "labels", "author", "created_at", "updated_at")},
    "state": "merged",
    "draft": False,
    "source_branch": "change",
    "target_branch": "main",
    "reviewers": [{"id": 11, "username": "ann"}],
    "merged_at": "2026-11-02T07:00:00.000Z",
    "merge_user": {"id": 12, "username": "ben"},
    "references": {"full": "far/away/place!12"},
}


def test_the_oldest_shape_gets_a_project_and_a_number(world: World) -> None:
    assert load_issues(world, [OLD]) == ["loaded/project-7#1"]
    seen = world.issue("loaded/project-7", 1)
    assert (seen.state, seen.assignees, seen.author, seen.description, seen.id) == ("closed", ("ann",), None, "", 501)
    assert seen.closed_at == dt.datetime(2012, 6, 29, 12, 58, 6, tzinfo=dt.UTC)
    assert world.projects_by_id[7].path == "loaded/project-7"


def test_the_newest_shape_keeps_all_it_says(world: World) -> None:
    load_issues(world, [NEW])
    seen = world.issue("far/away/place", 12)
    assert (seen.labels, seen.milestone, seen.assignees) == (("bug", "star::new"), "17.0", ("ann", "ben"))
    assert (seen.confidential, seen.due_date, seen.description) == (True, dt.date(2026, 12, 1), "/close @all")
    assert seen.created_at == dt.datetime(2026, 11, 1, 7, 0, 0, 123000, tzinfo=dt.UTC)
    assert (seen.state, world.mentions, world.commands) == ("opened", [], [])
    place = world.projects["far/away/place"]
    assert world.find_label(place, "bug") is not None
    assert world.level(world.users["bot"], place) == 40


@pytest.mark.parametrize(
    ("left_out", "path"),
    [((), "far/away/place"), (("references",), "other/place"), (("references", "web_url"), "loaded/project-8")],
)
def test_an_issue_goes_where_it_says_it_belongs(world: World, left_out: tuple[str, ...], path: str) -> None:
    assert load_issues(world, [{key: value for key, value in NEW.items() if key not in left_out}]) == [f"{path}#12"]


def test_what_has_a_source_branch_is_a_merge_request(world: World) -> None:
    assert load_issues(world, [NEW, MERGED]) == ["far/away/place#12", "far/away/place!12"]
    seen = world.merge_request("far/away/place", 12)
    assert (seen.state, seen.merged_by, seen.reviewers) == ("merged", "ben", ("ann",))
    assert seen.merged_at == dt.datetime(2026, 11, 2, 7, 0, tzinfo=dt.UTC)
    assert (seen.source_branch, seen.target_branch, seen.labels) == ("change", "main", ("bug", "star::new"))
    assert world.issue("far/away/place", 12).title == seen.title


def test_an_issue_keeps_its_plans(world: World) -> None:
    week = {"id": 4, "title": None, "start_date": "2026-11-30", "due_date": "2026-12-06"}
    load_issues(world, [{**NEW, "weight": 3, "health_status": "at_risk", "iteration": week}])
    seen = world.issue("far/away/place", 12)
    assert (seen.weight, seen.health_status, seen.iteration) == (3, "at_risk", "Nov 30 - Dec 6, 2026")


def test_a_given_project_wins(world: World) -> None:
    assert load_issues(world, [OLD, NEW], project="my/own") == ["my/own#1", "my/own#12"]


def test_an_issue_that_a_moving_list_showed_twice_is_loaded_once(world: World) -> None:
    assert load_issues(world, [NEW, OLD, NEW]) == ["far/away/place#12", "loaded/project-7#1"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (7, "entry 2: this is no issue but another kind of value; each entry is an object"),
        ({**OLD, "title": None}, "entry 2: the title is missing; each issue has one"),
        ({**OLD, "created_at": "soon"}, "entry 2: created_at is no time; write one such as 2026-11-30T09:00:00Z"),
        ({**OLD, "created_at": None}, "entry 2: created_at is missing; it is a time such as 2026-11-30T09:00:00Z"),
        ({**OLD, "due_date": "soon"}, "entry 2: due_date is no day; write one such as 2026-11-30"),
        ({**OLD, "state": "merged"}, "entry 2: the state is unknown; it is opened or closed"),
        ({**OLD, "iid": "4"}, "entry 2: the iid is no number; it counts from 1"),
        ({**OLD, "labels": "a,b"}, "entry 2: labels is no array; it may be empty"),
        ({**OLD, "labels": [{}]}, "entry 2: a label has no name; it is a name, or an object with one"),
        ({**OLD, "author": "ann"}, "entry 2: author is no object; it may be null"),
        (
            {**OLD, "project_id": None},
            "entry 2: no project is named; give one, or keep references, web_url or project_id",
        ),
        (
            {**MERGED, "state": "reopened"},
            "entry 2: the state is unknown; it is opened, closed, merged or locked",
        ),
        ({**MERGED, "merged_at": "soon"}, "entry 2: merged_at is no time; write one such as 2026-11-30T09:00:00Z"),
        (
            {**OLD, "iteration": {"start_date": "soon"}},
            "entry 2: the iteration's start_date is no day; write one such as 2026-11-30",
        ),
        ({**NEW, "id": 9}, "entry 2: #12 is in far/away/place already; each number is used once"),
    ],
)
def test_a_wrong_entry_is_named_and_nothing_is_loaded(world: World, wrong: Any, said: str) -> None:
    with pytest.raises(PolicyError) as error:
        load_issues(world, [NEW, wrong], source="issues.json")
    assert str(error.value) == f"issues.json:1:1: {said}"
    assert "far/away/place" not in world.projects


def test_all_wrong_entries_are_told_at_once(world: World) -> None:
    no_list: Any = {"issues": []}
    with pytest.raises(PolicyError) as error:
        load_issues(world, [1, 2, OLD])
    assert len(error.value.problems) == 2
    with pytest.raises(PolicyError):
        load_issues(world, no_list)
