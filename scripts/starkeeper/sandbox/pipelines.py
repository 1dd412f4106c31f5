"""New pipelines: from a trigger or a schedule, as GitLab lets its owner, and then somebody's to run."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct

from starkeeper.sandbox.answers import invalid
from starkeeper.sandbox.records import LEVELS, Pipeline, PipelineSchedule, Project, Source, Trigger, User
from starkeeper.sandbox.records.pipelines import PREFIX, Status
from starkeeper.sandbox.state import State

NO_VARIABLES = "Insufficient permissions to set pipeline variables"
TOO_MANY = "Too many pipelines created in the last minute. Try again later."
Run = Callable[[Pipeline], None]


class Start(Struct, frozen=True, kw_only=True):
    """What a pipeline is to start with."""

    ref: str
    schedule: PipelineSchedule | None = None
    variables: Mapping[str, str] = {}
    inputs: Mapping[str, Any] = {}
    payload: str = ""


def new_trigger(state: State, project: Project, owner: User, description: str) -> Trigger:
    """A trigger with a token that nobody can guess: with it, any web page that is open could start pipelines."""
    number, token = state.number("trigger"), PREFIX + secrets.token_hex(20)
    made = Trigger(
        id=number, project=project, token=token, description=description, owner=owner, created_at=state.clock()
    )
    project.triggers[number] = made
    state.changed()
    return made


def trigger_pipeline(state: State, trigger: Trigger, start: Start) -> Pipeline:
    """Starts a pipeline as the trigger's owner; raises the refusal that GitLab gives."""
    trigger.last_used = state.clock()
    if start.variables and not may_set_variables(state, trigger.owner, trigger.project):
        raise invalid(base=[NO_VARIABLES])
    return _start(state, trigger.project, "trigger", trigger.owner, start)


def play_schedule(state: State, schedule: PipelineSchedule, user: User) -> Pipeline:
    """Starts what the schedule would start when it comes due."""
    variables = {each.key: each.value for each in schedule.variables}
    start = Start(ref=schedule.ref, variables=variables, inputs=schedule.inputs, schedule=schedule)
    return _start(state, schedule.project, "schedule", user, start)


def may_set_variables(state: State, user: User, project: Project) -> bool:
    role = project.variables_role
    return role != "no_one_allowed" and state.level(user, project) >= LEVELS[role]


def branch_name(ref: str) -> str:
    """`refs/heads/main` and `main` are one."""
    return ref.removeprefix("refs/heads/")


def has_branch(project: Project, ref: str) -> bool:
    """A repository of which nothing is known has its default branch."""
    return branch_name(ref) in project.branches or branch_name(ref) == project.default_branch


def _start(state: State, project: Project, source: Source, user: User, start: Start) -> Pipeline:
    if not has_branch(project, start.ref):
        raise invalid(base=["Reference not found"])
    _obey_limit(state, project, user)
    made = Pipeline(
        id=state.number("pipeline"),
        iid=len(project.pipelines) + 1,
        project=project,
        source=source,
        ref=branch_name(start.ref),
        user=user,
        created_at=state.clock(),
        variables=dict(start.variables),
        inputs=dict(start.inputs),
        payload=start.payload,
        schedule=start.schedule,
    )
    project.pipelines[made.id] = made
    state.changed()
    if run := state.on_pipeline:
        state.background.add("jobs", lambda: _run(state, run, made))
    return made


def _obey_limit(state: State, project: Project, user: User) -> None:
    """Counts those of this project and user in the last minute; the commit, by which GitLab counts too, is one here."""
    if state.pipelines_per_minute is None:
        return
    since = state.clock() - dt.timedelta(minutes=1)
    recent = [each for each in project.pipelines.values() if each.user is user and each.created_at > since]
    if len(recent) >= state.pipelines_per_minute:
        raise invalid(base=[TOO_MANY])


def _run(state: State, run: Run, pipeline: Pipeline) -> None:
    """Has the pipeline run; it went well where whoever runs it does not say otherwise."""
    _become(state, pipeline, "running")
    try:
        run(pipeline)
    except Exception:
        _become(state, pipeline, "failed")
        raise
    if pipeline.status == "running":
        _become(state, pipeline, "success")


def _become(state: State, pipeline: Pipeline, status: Status) -> None:
    with state.lock:
        pipeline.status = status
        pipeline.finished_at = None if status == "running" else state.clock()
        state.changed()
