"""What sets a project up: schedules, variables, resource groups, files, labels, and what tells who one is and may."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import gitlab
import pytest
import requests

from starkeeper.sandbox.world import World
from tests.sandbox.conftest import STAR, as_user

PATH = STAR.replace("/", "%2F")
DAILY = {"description": "Sweep", "ref": "main", "cron": "0 6 * * *"}


@pytest.fixture
def project(client: gitlab.Gitlab) -> Any:
    return client.projects.get(STAR, lazy=True)


def test_a_schedule_says_when_it_runs_next_and_whose_it_is(project: Any) -> None:
    made = project.pipelineschedules.create({**DAILY, "cron_timezone": "Europe/Berlin"})
    assert (made.next_run_at, made.owner["username"]) == ("2026-12-01T05:00:00.000Z", "bot")
    assert (made.ref, made.active, made.attributes["variables"]) == ("refs/heads/main", True, [])
    project.pipelineschedules.update(made.id, {"active": False, "cron": "30 6 * * *"})
    (shown,) = project.pipelineschedules.list(get_all=True, scope="inactive")
    assert (shown.id, shown.next_run_at) == (made.id, "2026-12-01T05:30:00.000Z")


@pytest.mark.parametrize(
    ("wrong", "field"), [({"cron": "never"}, "cron"), ({"cron_timezone": "Mars/Olympus"}, "cron_timezone")]
)
def test_a_schedule_that_can_never_run_is_refused(
    project: Any, http: requests.Session, url: str, wrong: dict[str, str], field: str
) -> None:
    answer = http.post(f"{url}/api/v4/projects/{PATH}/pipeline_schedules", json={**DAILY, **wrong})
    assert (answer.status_code, answer.json()) == (400, {"message": {field: [" is invalid syntax"]}})
    assert project.pipelineschedules.list(get_all=True) == []


def test_a_schedules_inputs_are_set_changed_and_taken_away(project: Any) -> None:
    made = project.pipelineschedules.create({**DAILY, "inputs": [{"name": "a", "value": 1}, {"name": "b", "value": 2}]})
    changes = [{"name": "a", "destroy": True}, {"name": "b", "value": "two"}]
    project.pipelineschedules.update(made.id, {"inputs": changes})
    assert project.pipelineschedules.get(made.id).attributes["inputs"] == [{"name": "b", "value": "two"}]


def test_only_its_owner_changes_a_schedule_until_a_maintainer_takes_it_over(
    project: Any, url: str, world: World
) -> None:
    number = world.add_schedule(STAR, "emil", variables={"A": "1"}).id
    with pytest.raises(gitlab.GitlabUpdateError) as error:
        project.pipelineschedules.update(number, {"active": False})
    assert error.value.response_code == 403
    assert "variables" not in project.pipelineschedules.get(number).attributes
    project.pipelineschedules.get(number).take_ownership()
    mine = project.pipelineschedules.get(number)
    assert (mine.owner["username"], [each["key"] for each in mine.attributes["variables"]]) == ("bot", ["A"])
    mine.variables.delete("A")
    theirs = as_user(url, "emil").projects.get(STAR, lazy=True).pipelineschedules
    with pytest.raises(gitlab.GitlabDeleteError):
        theirs.delete(number)
    project.pipelineschedules.delete(number)
    assert project.pipelineschedules.list(get_all=True) == []


def test_a_variable_is_made_changed_and_deleted(project: Any) -> None:
    made = project.variables.create({"key": "STARKEEPER_APPLY", "value": "true", "protected": True})
    assert (made.value, made.protected, made.masked, made.environment_scope) == ("true", True, False, "*")
    project.variables.update("STARKEEPER_APPLY", {"value": "false", "description": "Whether to write"})
    shown = project.variables.get("STARKEEPER_APPLY")
    assert (shown.value, shown.protected, shown.description) == ("false", True, "Whether to write")
    with pytest.raises(gitlab.GitlabCreateError, match="has already been taken"):
        project.variables.create({"key": "STARKEEPER_APPLY", "value": "x"})
    shown.delete()
    assert project.variables.list(get_all=True) == []


def test_a_hidden_variable_is_never_shown_again(project: Any, world: World) -> None:
    made = project.variables.create({"key": "TOKEN", "value": "glpat-0123456789", "masked_and_hidden": True})
    assert (made.value, made.hidden, made.masked) == (None, True, True)
    assert project.variables.get("TOKEN").value is None
    assert [each.value for each in world.projects[STAR].variables] == ["glpat-0123456789"]


@pytest.mark.parametrize("value", ["short", "two\nlines here", "with some spaces", "dollar$sign!"])
@pytest.mark.parametrize("flag", ["masked", "masked_and_hidden"])
def test_what_cannot_be_masked_is_refused(
    project: Any, http: requests.Session, url: str, value: str, flag: str
) -> None:
    answer = http.post(f"{url}/api/v4/projects/{PATH}/variables", json={"key": "TOKEN", "value": value, flag: True})
    assert (answer.status_code, answer.json()) == (400, {"message": {"value": ["is invalid"]}})
    assert project.variables.list(get_all=True) == []


def test_a_resource_group_is_there_once_a_job_has_used_it(project: Any, world: World) -> None:
    with pytest.raises(gitlab.GitlabGetError) as error:
        project.resource_groups.get("sweep")
    assert error.value.response_code == 404
    world.add_resource_group(STAR, "sweep")
    assert project.resource_groups.get("sweep").process_mode == "unordered"
    project.resource_groups.update("sweep", {"process_mode": "newest_ready_first"})
    assert [each.process_mode for each in project.resource_groups.list(get_all=True)] == ["newest_ready_first"]
    with pytest.raises(gitlab.GitlabUpdateError) as wrong:
        project.resource_groups.update("sweep", {"process_mode": "random"})
    assert wrong.value.response_code == 400


def test_a_project_names_the_runners_that_may_take_its_jobs(project: Any, world: World) -> None:
    world.add_project("support/other")
    runners = [
        world.add_runner("", "for all"),
        world.add_runner("support", "for the group", paused=True),
        world.add_runner(STAR, "its own", online=False),
    ]
    world.add_runner("support/other", "of another")
    listed = project.runners.list(get_all=True)
    assert [each.id for each in listed] == [each.id for each in runners]
    assert [(each.runner_type, each.is_shared, each.status, each.paused) for each in listed] == [
        ("instance_type", True, "online", False),
        ("group_type", False, "online", True),
        ("project_type", False, "offline", False),
    ]
    assert [each.id for each in project.runners.list(get_all=True, status="online", paused=False)] == [runners[0].id]


def test_a_file_is_added_read_changed_and_deleted(project: Any, world: World) -> None:
    about = {"branch": "main", "commit_message": "Why"}
    project.files.create({"file_path": "policies/desk.yml", "content": "a: 1\n", **about})
    found = project.files.get("policies/desk.yml", ref="main")
    assert (found.decode(), found.size, found.file_name) == (b"a: 1\n", 5, "desk.yml")
    project.files.update("policies/desk.yml", {"content": "YTogMgo=", "encoding": "base64", **about})
    assert world.file(STAR, "policies/desk.yml") == "a: 2\n"
    assert project.branches.get("main").commit["title"] == "Why"
    with pytest.raises(gitlab.GitlabCreateError, match="already exists"):
        project.files.create({"file_path": "policies/desk.yml", "content": "", **about})
    project.files.delete("policies/desk.yml", "main", "Gone")
    with pytest.raises(gitlab.GitlabGetError, match="404 File Not Found"):
        project.files.get("policies/desk.yml", ref="main")


def test_a_change_goes_to_a_branch_of_its_own_and_not_to_a_protected_one(project: Any, world: World, url: str) -> None:
    world.add_file(STAR, "a.yml", "old")
    files = as_user(url, "emil").projects.get(STAR, lazy=True).files
    with pytest.raises(gitlab.GitlabUpdateError, match="not allowed to push into this branch"):
        files.update("a.yml", {"branch": "main", "content": "new", "commit_message": "x"})
    files.update("a.yml", {"branch": "mine", "start_branch": "main", "content": "new", "commit_message": "x"})
    assert (world.file(STAR, "a.yml"), world.file(STAR, "a.yml", branch="mine")) == ("old", "new")
    with pytest.raises(gitlab.GitlabGetError, match="404 Commit Not Found"):
        project.files.get("a.yml", ref="gone")


@pytest.mark.parametrize("place", ["project", "group"])
def test_a_label_is_renamed_on_all_that_has_it_and_then_deleted(
    world: World, client: gitlab.Gitlab, place: str
) -> None:
    where = client.projects.get(STAR) if place == "project" else client.groups.get("support")
    made = where.labels.create({"name": "star::new", "color": "#112233"})
    world.open_issue(STAR, labels=["star::new"])
    project = client.projects.get(STAR)
    assert [each.labels for each in project.issues.list(get_all=True)] == [["star::new"]]
    made.new_name, made.color, made.description = "star::fresh", "#445566", "Just in"
    made.save()
    shown = where.labels.get("star::fresh")
    assert (shown.id, shown.color, shown.description) == (made.id, "#445566", "Just in")
    assert [each.labels for each in project.issues.list(get_all=True)] == [["star::fresh"]]
    shown.delete()
    assert [each.labels for each in project.issues.list(get_all=True)] == [[]]
    assert where.labels.list(get_all=True) == []


def test_a_label_is_changed_where_it_lives(world: World, client: gitlab.Gitlab) -> None:
    world.add_label("support", "shared")
    world.add_label(STAR, "own")
    labels = client.projects.get(STAR).labels
    with pytest.raises(gitlab.GitlabUpdateError, match="404 Label Not Found"):
        labels.update("shared", {"color": "#000000"})
    with pytest.raises(gitlab.GitlabUpdateError, match="must be a valid color code"):
        labels.update("own", {"color": "12"})


@pytest.mark.parametrize(
    ("user", "read", "refused"),
    [
        ("emil", lambda project: project.variables.list(get_all=True), 403),
        ("emil", lambda project: project.triggers.list(get_all=True), 403),
        ("emil", lambda project: project.runners.list(get_all=True), 403),
        ("gus", lambda project: project.pipelineschedules.list(get_all=True), 403),
        ("gus", lambda project: project.pipelines.list(get_all=True), 403),
        ("gus", lambda project: project.resource_groups.list(get_all=True), 403),
        ("gus", lambda project: project.files.get("a", ref="main"), 403),
        ("gus", lambda project: project.labels.delete("x"), 403),
        ("pat", lambda project: project.variables.list(get_all=True), 404),
        ("emil", lambda project: project.pipelineschedules.list(get_all=True), None),
    ],
)
def test_everybody_sees_as_much_as_gitlab_lets_them(
    url: str, user: str, read: Callable[[Any], object], refused: int | None
) -> None:
    project = as_user(url, user).projects.get(STAR, lazy=True)
    try:
        read(project)
        status = None
    except gitlab.GitlabError as error:
        status = error.response_code
    assert status == refused


def test_a_project_says_what_one_may_and_who_may_set_variables(client: gitlab.Gitlab) -> None:
    project = client.projects.get(STAR)
    assert project.permissions["group_access"]["access_level"] == 40
    assert project.permissions["project_access"] is None
    assert (project.default_branch, project.ci_pipeline_variables_minimum_override_role) == ("main", "developer")
    project.ci_pipeline_variables_minimum_override_role = "no_one_allowed"
    project.save()
    assert client.projects.get(STAR).ci_pipeline_variables_minimum_override_role == "no_one_allowed"


def test_a_token_says_what_it_may_and_until_when(world: World, url: str) -> None:
    world.add_token("short-token", "bot", ["read_api"], expires_at=dt.date(2026, 12, 1))
    bot = as_user(url, "short")
    told = bot.personal_access_tokens.get("self")
    assert (told.scopes, told.expires_at, told.active) == (["read_api"], "2026-12-01", True)
    assert told.user_id == world.add_user("bot").id
    world.at(dt.datetime(2026, 12, 1, tzinfo=dt.UTC))
    with pytest.raises(gitlab.GitlabAuthenticationError, match="invalid_token") as error:
        bot.personal_access_tokens.get("self")
    assert error.value.response_code == 401
