"""What each event does to the world, by the jobs that .gitlab-ci.yml has for it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from starkeeper.sandbox.seeds import FEEDBACK
from starkeeper.sandbox.world import World
from tests.pipelines.desk import Pipelines

POSITIVE = "Positive feedback for ticket 218120"
NEW_RULE = """\
      - name: Mark all feedback as seen
        conditions:
          state: opened
          forbidden_labels: [seen]
        actions:
          labels: [seen]

      - name: Mark positive feedback
"""
NOTICE = {
    "open": "notice",
    "kind": "Notice",
    "subject": "Rotate a token",
    "team": "SIRT",
    "contact": "kim",
    "recipients": "2",
    "audience": "Projects 12 and 13",
}
HOSTILE = "$HOME ${CI_JOB_NAME} `touch hacked` $(touch hacked); \"q\" 'q': {{ x }} # /close @all $[[ inputs.team ]]"


def labels_of(world: World, project: str, title: str) -> tuple[str, ...]:
    return tuple(next(issue for issue in world.issues(project) if issue.title == title).labels)


def snapshot(world: World) -> list[tuple[str, int, str, tuple[str, ...], int]]:
    """All that jobs could have changed."""
    return [
        (path, issue.iid, issue.state, tuple(issue.labels), len(world.notes(path, issue.iid)))
        for path in world.projects
        for issue in world.issues(path)
    ]


def payload(file: Path, world: World, project: str, iid: int, **attributes: object) -> str:
    """What GitLab leaves for a triggered job, in a file: the webhook's body, and the trigger's parameters beside it."""
    number = world.projects[project].id
    body = {"object_kind": "issue", "project": {"id": number}, "ref": "main", "variables": {}}
    body["object_attributes"] = {"iid": iid, "project_id": number, "action": "open", **attributes}
    file.write_text(json.dumps(body), "utf-8")
    return str(file)


@pytest.mark.parametrize(
    ("source", "inputs", "variables", "jobs"),
    [
        ("merge_request_event", {}, {}, {"check", "test", "plan"}),
        ("push", {}, {}, {"check", "test"}),
        ("schedule", {}, {}, {"sweep"}),
        ("schedule", {}, {"STARKEEPER_DIGEST": "weekly"}, {"digest"}),
        ("trigger", {}, {}, {"react"}),
        ("web", {}, {}, {"plan"}),
        ("web", {"open": "star"}, {}, {"open"}),
        ("api", {"open": "cover"}, {}, {"open"}),
    ],
)
def test_each_event_starts_its_jobs_and_no_others(
    pipelines: Pipelines, source: str, inputs: dict[str, str], variables: dict[str, str], jobs: set[str]
) -> None:
    assert pipelines.started_by(source, inputs=inputs, variables=variables) == jobs


def test_a_schedule_sweeps(pipelines: Pipelines) -> None:
    ran = pipelines.run("schedule")
    assert ran.status == 0, ran.output
    assert "satisfaction::good" in labels_of(pipelines.world, FEEDBACK, POSITIVE)
    assert pipelines.plan()["changes"]
    assert list((pipelines.folder / "this-run").glob("*.jsonl")), "the journal is among the artifacts"


def test_the_shards_of_a_big_desk_do_all_of_it_between_them(pipelines: Pipelines) -> None:
    pipelines.edit(".gitlab-ci.yml", "parallel: 1", "parallel: 2")
    ran = pipelines.run("schedule")
    assert ran.status == 0, ran.output
    world = pipelines.world
    assert "satisfaction::good" in labels_of(world, FEEDBACK, POSITIVE)
    unmarked = [issue.title for issue in world.issues(FEEDBACK) if not any("::" in each for each in issue.labels)]
    assert unmarked == []


def test_until_it_is_told_to_apply_nothing_is_changed(pipelines: Pipelines) -> None:
    before = snapshot(pipelines.world)
    ran = pipelines.run("schedule", variables={"STARKEEPER_APPLY": ""})
    assert ran.status == 0, ran.output
    assert "Plan (dry run: nothing was changed)" in ran.output
    assert pipelines.plan()["changes"]
    assert snapshot(pipelines.world) == before


def test_a_schedule_with_a_name_writes_that_digest(pipelines: Pipelines) -> None:
    ran = pipelines.run("schedule", variables={"STARKEEPER_DIGEST": "weekly"})
    assert ran.status == 0, ran.output
    [issue] = pipelines.world.issues("support/handover")
    assert issue.title.startswith("The desk's week from")


def test_a_trigger_handles_the_issue_it_tells_of_and_no_other(pipelines: Pipelines, tmp_path: Path) -> None:
    world = pipelines.world
    iid = next(issue.iid for issue in world.issues(FEEDBACK) if issue.title == POSITIVE)
    before = snapshot(world)
    file = payload(tmp_path / "payload.json", world, FEEDBACK, iid, title="$(touch hacked) ${HOME}")
    ran = pipelines.run("trigger", variables={"TRIGGER_PAYLOAD": file})
    assert ran.status == 0, ran.output
    changed = {(path, number) for path, number, *_ in set(snapshot(world)) - set(before)}
    assert changed == {(FEEDBACK, iid)}
    assert not (pipelines.folder / "hacked").exists()


@pytest.mark.parametrize("content", [None, "", '{"object_kind": "issue", "t": "${', '{"object_kind": "pipeline"}'])
def test_a_trigger_with_nothing_to_do_leaves_at_once(pipelines: Pipelines, tmp_path: Path, content: str | None) -> None:
    given = {}
    if content is not None:
        (tmp_path / "payload.json").write_text(content, "utf-8")
        given = {"TRIGGER_PAYLOAD": str(tmp_path / "payload.json")}
    ran = pipelines.run("trigger", variables=given)
    assert ran.status == 0, ran.output
    assert "Nothing to do" in ran.output
    assert pipelines.world.requests == []


def test_a_form_that_was_filled_in_becomes_an_issue_and_what_was_typed_stays_text(pipelines: Pipelines) -> None:
    inputs, world = {**NOTICE, "reason": HOSTILE}, pipelines.world
    ran = pipelines.run("web", inputs=inputs, variables={"GITLAB_USER_LOGIN": "dana", "CI_PIPELINE_ID": "77"})
    assert ran.status == 0, ran.output
    [issue] = world.issues("support/notices")
    assert (issue.title, issue.state, issue.confidential) == ("Notice: Rotate a token", "opened", True)
    assert HOSTILE in issue.description
    assert not (pipelines.folder / "hacked").exists()
    again = pipelines.run("web", inputs=inputs, variables={"GITLAB_USER_LOGIN": "dana", "CI_PIPELINE_ID": "77"})
    assert again.status == 0, again.output
    assert len(world.issues("support/notices")) == 1, "the same pipeline, run again, opens no second issue"


def test_a_form_with_a_mistake_opens_nothing_and_names_the_field(pipelines: Pipelines) -> None:
    ran = pipelines.run(
        "web", inputs={**NOTICE, "recipients": "many", "reason": "x"}, variables={"GITLAB_USER_LOGIN": "dana"}
    )
    assert ran.status != 0
    assert "recipients" in ran.output
    assert [each.path for each in pipelines.world.requests if each.method == "POST"] == []


def test_a_policy_that_is_wrong_fails_its_merge_request_at_its_line(pipelines: Pipelines) -> None:
    pipelines.edit("policies/feedback.yml", "fields: { kind: positive }", "feilds: { kind: positive }")
    ran = pipelines.run("merge_request_event", "check")
    assert ran.status != 0
    place = re.search(r"policies/feedback\.yml:(\d+):\d+: .*'feilds'.* did you mean 'fields'\?", ran.output)
    assert place, ran.output
    [entry] = json.loads((pipelines.folder / "codequality.json").read_text("utf-8"))
    assert entry["location"] == {"path": "policies/feedback.yml", "lines": {"begin": int(place[1])}}


def test_a_merge_request_shows_what_it_would_do_today_and_does_nothing(pipelines: Pipelines) -> None:
    """With the reading token, even where a protected branch would show the job all others."""
    pipelines.edit("policies/feedback.yml", "      - name: Mark positive feedback\n", NEW_RULE)
    pipelines.world.add_label("support", "seen")
    before = snapshot(pipelines.world)
    seen = {**pipelines.protected, "GITLAB_TOKEN": "not-a-token"}
    ran = pipelines.run("merge_request_event", "check", "plan", variables=seen)
    assert ran.status == 0, ran.output
    assert "Mark all feedback as seen" in ran.output
    assert "Mark all feedback as seen" in json.dumps(pipelines.plan())
    assert snapshot(pipelines.world) == before
    services = [each.path for each in pipelines.world.requests if "/slack" in each.path or "/pagerduty" in each.path]
    assert services == []


def test_a_fork_which_sees_no_token_has_no_plan_and_says_so(pipelines: Pipelines) -> None:
    ran = pipelines.run("merge_request_event", "plan", variables={"STARKEEPER_READ_TOKEN": ""})
    assert ran.status == 0, ran.output
    assert "No plan: " in ran.output
    assert pipelines.world.requests == []


def test_run_pipeline_without_a_form_only_shows_what_a_sweep_would_do(pipelines: Pipelines) -> None:
    before = snapshot(pipelines.world)
    ran = pipelines.run("web")
    assert ran.status == 0, ran.output
    assert "Plan (dry run: nothing was changed)" in ran.output
    assert snapshot(pipelines.world) == before
