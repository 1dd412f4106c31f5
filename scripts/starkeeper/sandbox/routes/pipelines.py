"""A project's pipelines, read only, what they are made from, who takes their jobs, and its resource groups."""

from __future__ import annotations

from typing import cast

import yaml

from starkeeper.sandbox.answers import Answer, bad_parameter, json_answer, not_found
from starkeeper.sandbox.api import Call, route
from starkeeper.sandbox.params import boolean, one_of
from starkeeper.sandbox.pipelines import branch_name
from starkeeper.sandbox.records import DEVELOPER, REPORTER, Pipeline, ProcessMode, ResourceGroup
from starkeeper.sandbox.shapes.pipelines import pipeline, pipeline_basic, resource_group, runner
from starkeeper.sandbox.state import places

MODES = ("unordered", "oldest_first", "newest_first", "newest_ready_first")


@route("GET", "projects/:id/pipelines")
def pipelines(call: Call) -> Answer:
    found = list(call.managed_project(REPORTER).pipelines.values())
    for name in ("source", "status", "ref"):
        if wanted := call.params.get(name):
            found = [each for each in found if getattr(each, name) == wanted]
    descending = one_of(call.params, "sort", ("asc", "desc"), "desc") == "desc"
    return call.page(found[::-1] if descending else found, lambda each: pipeline_basic(call.base, each))


@route("GET", "projects/:id/pipelines/:pipeline")
def one_pipeline(call: Call) -> Answer:
    return json_answer(pipeline(call.base, _pipeline(call, REPORTER)))


@route("GET", "projects/:id/pipelines/:pipeline/variables")
def variables_of_pipeline(call: Call) -> Answer:
    """What the pipeline was started with, its payload as a file among them."""
    found = _pipeline(call, DEVELOPER)
    rows = [{"variable_type": "env_var", "key": key, "value": value} for key, value in found.variables.items()]
    if found.payload:
        rows.append({"variable_type": "file", "key": "TRIGGER_PAYLOAD", "value": found.payload})
    return call.page(rows, lambda each: {**each, "raw": False})


@route("GET", "projects/:id/ci/lint")
def lint(call: Call) -> Answer:
    """Of a file it is only looked whether it is there, and YAML with a job."""
    project = call.managed_project(DEVELOPER)
    branch = branch_name(str(call.params.get("content_ref") or project.default_branch))
    if branch not in project.branches:
        raise not_found("Commit")
    found = project.files.get((branch, ".gitlab-ci.yml"))
    errors = ["Please provide content of .gitlab-ci.yml"] if found is None else _faults(found.content)
    return json_answer({"valid": not errors, "errors": errors, "warnings": []})


def _faults(content: bytes) -> list[str]:
    try:
        documents = list(yaml.safe_load_all(content))
    except yaml.YAMLError as error:
        return [f"(<unknown>): {error}"]
    jobs = documents[-1] if documents else None
    if not isinstance(jobs, dict):
        return ["Invalid configuration format"]
    if any(isinstance(job, dict) and "script" in job for name, job in jobs.items() if not str(name).startswith(".")):
        return []
    return ["jobs config should contain at least one visible job"]


def _pipeline(call: Call, level: int) -> Pipeline:
    wanted = call.parts["pipeline"]
    found = call.managed_project(level).pipelines.get(int(wanted) if wanted.isdigit() else 0)
    if found is None:
        raise not_found()
    return found


@route("GET", "projects/:id/runners")
def runners(call: Call) -> Answer:
    """The project's own, those of the groups around it, and the instance's."""
    here = (None, *places(call.managed_project()))
    found = [each for each in call.state.runners if each.place in here]
    if status := one_of(call.params, "status", ("online", "offline"), ""):
        found = [each for each in found if each.online == (status == "online")]
    if (paused := boolean(call.params, "paused")) is not None:
        found = [each for each in found if each.paused == paused]
    return call.page(found, runner)


@route("GET", "projects/:id/resource_groups")
def resource_groups(call: Call) -> Answer:
    return call.page(list(call.managed_project(DEVELOPER).resource_groups.values()), resource_group)


@route("GET", "projects/:id/resource_groups/:key")
def one_resource_group(call: Call) -> Answer:
    return json_answer(resource_group(_resource_group(call)))


@route("PUT", "projects/:id/resource_groups/:key")
def update_resource_group(call: Call) -> Answer:
    found = _resource_group(call)
    mode = one_of(call.params, "process_mode", MODES, "")
    if not mode:
        raise bad_parameter("process_mode is missing")
    found.process_mode = cast("ProcessMode", mode)
    return json_answer(resource_group(found))


def _resource_group(call: Call) -> ResourceGroup:
    """A group is there once a job has used it."""
    found = call.managed_project(DEVELOPER).resource_groups.get(call.parts["key"])
    if found is None:
        raise not_found()
    return found
