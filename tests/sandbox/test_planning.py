"""What plans an issue: weight, health, iteration, type, due date, time, tasks and votes, by filter and by change."""

from __future__ import annotations

import datetime as dt
from typing import Any

import gitlab
import pytest
import requests
from gitlab.v4.objects import Project

from starkeeper.sandbox.world import World
from tests.sandbox.conftest import NOON, STAR


@pytest.fixture
def project(world: World, client: gitlab.Gitlab) -> Project:
    """1: nothing; 2: weight 0, at risk, an incident; 3: weight 5, in an iteration, estimated and voted for."""
    made: list[dict[str, Any]] = [
        {},
        {"weight": 0, "health_status": "at_risk", "issue_type": "incident", "description": "- [x] a\n- [ ] b\n"},
        {"weight": 5, "iteration": "Week 49", "time_estimate": 7200, "time_spent": 3600, "upvotes": 3, "downvotes": 1},
    ]
    for number, values in enumerate(made):
        world.open_issue(STAR, created_at=NOON - dt.timedelta(hours=9 - number), **values)
    return client.projects.get(STAR, lazy=True)


FILTERS: list[tuple[dict[str, Any], list[int]]] = [
    ({"weight": "None"}, [1]),
    ({"weight": "Any"}, [3, 2]),
    ({"weight": 0}, [2]),
    ({"health_status": "None"}, [3, 1]),
    ({"health_status": "Any"}, [2]),
    ({"health_status": "at_risk"}, [2]),
    ({"iteration_id": "None"}, [2, 1]),
    ({"iteration_id": "Any"}, [3]),
    ({"iteration_id": 1}, [3]),
    ({"iteration_title": "Week 49"}, [3]),
    ({"iteration_title": "Week 50"}, []),
    ({"not[weight]": 5}, [2, 1]),
]


@pytest.mark.parametrize(("query", "found"), FILTERS, ids=str)
def test_a_filter_finds_what_gitlab_would_find(project: Project, query: dict[str, Any], found: list[int]) -> None:
    assert [each.iid for each in project.issues.list(get_all=True, **query)] == found


def test_the_free_edition_passes_over_what_it_does_not_know(world: World, project: Project) -> None:
    world.edition = "free"
    for query, _ in FILTERS:
        assert [each.iid for each in project.issues.list(get_all=True, **query)] == [3, 2, 1]
    assert not {"weight", "health_status", "iteration"} & set(project.issues.get(2).attributes)


def test_issues_are_found_by_their_type(project: Project) -> None:
    assert [each.iid for each in project.issues.list(get_all=True, issue_type="incident")] == [2]
    with pytest.raises(gitlab.GitlabListError):
        project.issues.list(get_all=True, issue_type="surprise")


def test_an_issue_tells_its_plans(project: Project) -> None:
    second, third = project.issues.get(2), project.issues.get(3)
    assert (second.weight, second.health_status, second.issue_type, second.type) == (
        0,
        "at_risk",
        "incident",
        "INCIDENT",
    )
    assert second.task_completion_status == {"count": 2, "completed_count": 1}
    assert third.attributes["time_stats"] == {
        "time_estimate": 7200,
        "total_time_spent": 3600,
        "human_time_estimate": "2h",
        "human_total_time_spent": "1h",
    }
    assert (third.iteration["title"], third.upvotes, third.downvotes) == ("Week 49", 3, 1)


def test_plans_are_changed(world: World, project: Project) -> None:
    project.issues.update(1, {"weight": 2, "health_status": "on_track", "issue_type": "task", "due_date": "2026-12-24"})
    seen = world.issue(STAR, 1)
    assert (seen.weight, seen.health_status, seen.issue_type) == (2, "on_track", "task")
    assert seen.due_date == dt.date(2026, 12, 24)
    project.issues.update(1, {"weight": None, "health_status": None, "due_date": None})
    seen = world.issue(STAR, 1)
    assert (seen.weight, seen.health_status, seen.due_date) == (None, None, None)


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("sent", [{"weight": -1}, {"weight": "heavy"}, {"health_status": "fine"}, {"issue_type": "x"}])
def test_a_wrong_plan_is_refused(http: requests.Session, url: str, sent: dict[str, Any]) -> None:
    answer = http.put(f"{url}/api/v4/projects/1/issues/1", json=sent)
    assert (answer.status_code, list(answer.json())) == (400, ["error"])


def test_a_wrong_new_issue_is_no_issue(world: World, project: Project) -> None:
    with pytest.raises(gitlab.GitlabCreateError):
        project.issues.create({"title": "New", "due_date": "soon"})
    assert len(world.issues(STAR)) == 3
