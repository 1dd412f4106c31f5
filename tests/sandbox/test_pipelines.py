"""Pipelines: what starts them, with what, who may, and what becomes of them; webhooks that lead to a trigger."""

from __future__ import annotations

import json
from typing import Any

import gitlab
import pytest
import requests

from starkeeper.sandbox.records import Pipeline
from starkeeper.sandbox.world import World
from tests.sandbox.conftest import STAR, as_user

PATH = STAR.replace("/", "%2F")


@pytest.fixture
def project(client: gitlab.Gitlab) -> Any:
    return client.projects.get(STAR, lazy=True)


def start(url: str, token: str, ref: str = "main", **sent: Any) -> requests.Response:
    return requests.post(f"{url}/api/v4/projects/{PATH}/ref/{ref}/trigger/pipeline?token={token}", timeout=10, **sent)


def test_a_trigger_starts_a_pipeline_with_its_variables_and_inputs(world: World, project: Any) -> None:
    trigger = world.add_trigger(STAR, "bot")
    made = project.trigger_pipeline("main", trigger.token, {"DEPTH": "2"}, {"open": "star"})
    assert (made.source, made.ref, made.status, made.user["username"]) == ("trigger", "main", "created", "bot")
    (kept,) = world.pipelines(STAR)
    assert (kept.variables, kept.inputs) == ({"DEPTH": "2"}, {"open": "star"})
    listed = {each.key: each.value for each in project.pipelines.get(made.id).variables.list(get_all=True)}
    assert listed["DEPTH"] == "2"
    assert [each.id for each in project.pipelines.list(get_all=True, source="trigger")] == [made.id]


def test_the_payload_is_all_that_was_sent_but_the_token(world: World, url: str) -> None:
    trigger = world.add_trigger(STAR, "bot")
    assert start(url, trigger.token, json={"object_kind": "issue", "ref": "ignored", "labels": []}).ok
    (pipeline,) = world.pipelines(STAR)
    assert json.loads(pipeline.payload) == {
        "object_kind": "issue",
        "labels": [],
        "id": STAR,
        "ref": "main",
        "variables": {},
    }


def test_a_form_starts_a_pipeline_too(world: World, url: str) -> None:
    form = {"token": world.add_trigger(STAR, "bot").token, "ref": "main", "variables[A]": "1", "inputs[b]": "2"}
    assert requests.post(f"{url}/api/v4/projects/{PATH}/trigger/pipeline", form, timeout=10).status_code == 201
    (pipeline,) = world.pipelines(STAR)
    assert (pipeline.variables, pipeline.inputs) == ({"A": "1"}, {"b": "2"})


@pytest.mark.parametrize("token", ["bot-token", "wrong", "of another project"])
def test_no_other_token_is_a_trigger(world: World, url: str, token: str) -> None:
    world.add_trigger(STAR, "bot")
    world.add_project("support/other")
    if token.startswith("of"):
        token = world.add_trigger("support/other", "bot").token
    answer = start(url, token)
    assert (answer.status_code, answer.json()) == (404, {"message": "404 Not found"})
    assert world.pipelines() == ()


@pytest.mark.parametrize(
    ("ref", "sent", "status", "said"),
    [
        ("gone", {}, 400, {"base": ["Reference not found"]}),
        ("main", {"headers": {"X-Gitlab-Event": "Pipeline Hook"}}, 403, "403 Forbidden"),
        ("main", {"json": {"variables": {"A": 1}}}, 400, "variables needs to be a map of key-valued strings"),
        ("main", {"json": {"variables": ["A"]}}, 400, "variables needs to be a map of key-valued strings"),
    ],
)
def test_what_gitlab_refuses_starts_nothing(
    world: World, url: str, ref: str, sent: dict[str, Any], status: int, said: object
) -> None:
    answer = start(url, world.add_trigger(STAR, "bot").token, ref, **sent)
    assert (answer.status_code, answer.json()) == (status, {"message": said})
    assert world.pipelines() == ()


def test_variables_need_the_role_that_the_project_asks_for(world: World, project: Any) -> None:
    token = world.add_trigger(STAR, "emil").token
    assert project.trigger_pipeline("main", token, {"A": "1"}).id
    for role in ("maintainer", "no_one_allowed"):
        world.limit_pipeline_variables(STAR, role)
        with pytest.raises(gitlab.GitlabCreateError, match="Insufficient permissions to set pipeline variables"):
            project.trigger_pipeline("main", token, {"A": "1"})
        assert project.trigger_pipeline("main", token).id


def test_too_many_pipelines_in_a_minute_are_refused(world: World, project: Any) -> None:
    world.pipelines_per_minute = 2
    token = world.add_trigger(STAR, "bot").token
    for _ in range(2):
        project.trigger_pipeline("main", token)
    with pytest.raises(gitlab.GitlabCreateError, match="Too many pipelines") as error:
        project.trigger_pipeline("main", token)
    assert error.value.response_code == 400


def test_a_trigger_is_shown_whole_to_its_owner_only(project: Any, url: str) -> None:
    made = project.triggers.create({"description": "Events"})
    assert made.token.startswith("glptt-")
    other = as_user(url, "amber").projects.get(STAR, lazy=True).triggers.get(made.id)
    assert (other.token, other.description) == (made.token[6:10], "Events")
    assert project.triggers.list(get_all=True)[0].token == made.token
    made.delete()
    assert project.triggers.list(get_all=True) == []
    assert start(url, made.token).status_code == 404


def test_an_event_starts_a_pipeline_through_a_webhook(world: World, project: Any, url: str) -> None:
    seen: list[dict[str, Any]] = []
    world.on_pipeline = lambda pipeline: seen.append(json.loads(pipeline.payload))
    trigger = project.triggers.create({"description": "Events"})
    project.hooks.create(
        {
            "url": f"{url}/api/v4/projects/{PATH}/ref/main/trigger/pipeline?token={{token}}",
            "url_variables": [{"key": "token", "value": trigger.token}],
            "issues_events": True,
        }
    )
    issue = project.issues.create({"title": "Help"})
    world.deliver_hooks()
    assert [(each["object_kind"], each["object_attributes"]["iid"], each["id"]) for each in seen] == [
        ("issue", issue.iid, STAR)
    ]
    assert trigger.token not in json.dumps(seen)
    assert [each.status for each in project.pipelines.list(get_all=True)] == ["success"]


def test_what_a_pipelines_job_does_is_told_of_again(world: World, url: str) -> None:
    trigger = world.add_trigger(STAR, "bot")
    address = f"{url}/api/v4/projects/{PATH}/ref/main/trigger/pipeline?token={trigger.token}"
    world.add_hook(STAR, address, ["issues_events"])

    def close_what_is_open(pipeline: Pipeline) -> None:
        iid = json.loads(pipeline.payload)["object_attributes"]["iid"]
        as_user(url, "bot").projects.get(STAR, lazy=True).issues.update(iid, {"state_event": "close"})

    world.on_pipeline = close_what_is_open
    iid = world.open_issue(STAR)
    world.deliver_hooks()
    assert world.issue(STAR, iid).state == "closed"
    actions = [json.loads(each.payload)["object_attributes"]["action"] for each in world.pipelines()]
    assert actions == ["open", "close"]


def test_a_job_that_fails_fails_its_pipeline_and_no_other(world: World, project: Any) -> None:
    def run(pipeline: Pipeline) -> None:
        if pipeline.iid == 1:
            raise RuntimeError("the job broke")
        world.finish_pipeline(pipeline, succeeded=pipeline.iid == 2, log="What it printed.")

    world.on_pipeline = run
    trigger = world.add_trigger(STAR, "bot")
    for _ in range(3):
        world.trigger(trigger)
    world.deliver_hooks()
    told = [(each.status, each.log) for each in world.pipelines(STAR)]
    assert told == [("failed", ""), ("success", "What it printed."), ("failed", "What it printed.")]
    assert [each.iid for each in project.pipelines.list(get_all=True, status="failed")] == [3, 1]


def test_the_page_shows_what_a_pipeline_printed_and_text_stays_text(world: World, url: str) -> None:
    assert "Pipelines" not in requests.get(url, timeout=10).text
    pipeline = world.trigger(world.add_trigger(STAR, "bot"))
    world.finish_pipeline(pipeline, succeeded=False, log="<script>alert(1)</script>")
    shown = requests.get(url, timeout=10).text
    assert "the last: trigger, failed, Mon 30 Nov 12:00 UTC" in shown
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown


def test_a_schedule_that_is_played_starts_a_pipeline_with_its_variables(world: World, project: Any) -> None:
    made = project.pipelineschedules.create({"description": "Sweep", "ref": "main", "cron": "*/10 * * * *"})
    made.variables.create({"key": "STARKEEPER_DIGEST", "value": "weekly"})
    number = made.id
    made.play()
    (pipeline,) = world.pipelines(STAR)
    assert (pipeline.source, pipeline.ref, pipeline.user.username) == ("schedule", "main", "bot")
    assert pipeline.variables == {"STARKEEPER_DIGEST": "weekly"}
    again = project.pipelineschedules.get(number)
    assert again.last_pipeline["id"] == pipeline.id
    assert [each.id for each in again.pipelines.list(get_all=True)] == [pipeline.id]
