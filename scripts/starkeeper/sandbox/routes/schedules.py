"""Pipeline schedules with their variables and inputs: listing, making, changing, owning, playing and deleting them."""

from __future__ import annotations

from typing import Any

from starkeeper.sandbox.answers import Answer, bad_parameter, created, forbidden, invalid, json_answer, not_found
from starkeeper.sandbox.api import Call, route
from starkeeper.sandbox.cron import is_zone, read_cron
from starkeeper.sandbox.params import boolean, one_of
from starkeeper.sandbox.pipelines import may_set_variables, play_schedule
from starkeeper.sandbox.records import DEVELOPER, MAINTAINER, REPORTER, PipelineSchedule, Variable
from starkeeper.sandbox.routes.variables import check_key, read_type
from starkeeper.sandbox.shapes.pipelines import pipeline_basic, schedule, schedule_details, schedule_variable

MOST_INPUTS = 20
BAD_SYNTAX = " is invalid syntax"


@route("GET", "projects/:id/pipeline_schedules")
def schedules(call: Call) -> Answer:
    found = list(call.managed_project(REPORTER).schedules.values())
    if scope := one_of(call.params, "scope", ("active", "inactive"), ""):
        found = [each for each in found if each.active is (scope == "active")]
    return call.page(found, lambda each: schedule(call.base, each, call.state.clock()))


@route("GET", "projects/:id/pipeline_schedules/:schedule")
def one_schedule(call: Call) -> Answer:
    return _shown(call, _schedule(call), 200)


@route("GET", "projects/:id/pipeline_schedules/:schedule/pipelines")
def pipelines_of_schedule(call: Call) -> Answer:
    found = _schedule(call)
    rows = [each for each in found.project.pipelines.values() if each.schedule is found]
    return call.page(rows, lambda each: pipeline_basic(call.base, each))


@route("POST", "projects/:id/pipeline_schedules")
def create_schedule(call: Call) -> Answer:
    project, at = call.managed_project(DEVELOPER), call.state.clock()
    for name in ("description", "ref", "cron"):
        if not call.params.get(name):
            raise bad_parameter(f"{name} is missing")
    made = PipelineSchedule(
        id=0,
        project=project,
        owner=call.who(),
        description="",
        ref="",
        cron="",
        cron_timezone="UTC",
        created_at=at,
        updated_at=at,
    )
    _change(call, made)
    made.id = call.state.number("schedule")
    project.schedules[made.id] = made
    return _shown(call, made, 201)


@route("PUT", "projects/:id/pipeline_schedules/:schedule")
def update_schedule(call: Call) -> Answer:
    found = _owned(call)
    _change(call, found)
    return _shown(call, found, 200)


@route("POST", "projects/:id/pipeline_schedules/:schedule/take_ownership")
def take_ownership(call: Call) -> Answer:
    found, user = _schedule(call), call.who()
    if found.owner is user:
        return _shown(call, found, 200)
    if call.state.level(user, found.project) < MAINTAINER:
        raise forbidden()
    found.owner = user
    call.state.changed()
    return _shown(call, found, 201)


@route("DELETE", "projects/:id/pipeline_schedules/:schedule")
def delete_schedule(call: Call) -> Answer:
    found, user = _schedule(call), call.who()
    if found.owner is not user and call.state.level(user, found.project) < MAINTAINER:
        raise forbidden()
    del found.project.schedules[found.id]
    call.state.changed()
    return Answer(204)


@route("POST", "projects/:id/pipeline_schedules/:schedule/play")
def play(call: Call) -> Answer:
    found = _schedule(call)
    call.managed_project(DEVELOPER)
    play_schedule(call.state, found, call.who())
    return created()


@route("POST", "projects/:id/pipeline_schedules/:schedule/variables")
def create_variable(call: Call) -> Answer:
    found = _owned(call)
    for name in ("key", "value"):
        if name not in call.params:
            raise bad_parameter(f"{name} is missing")
    if not may_set_variables(call.state, call.who(), found.project):
        raise forbidden()
    key = check_key(str(call.params["key"]))
    if any(each.key == key for each in found.variables):
        raise invalid(key=["has already been taken"])
    made = Variable(key=key, value=str(call.params["value"]), variable_type=read_type(call.params, "env_var"))
    found.variables.append(made)
    return json_answer(schedule_variable(made), 201)


@route("PUT", "projects/:id/pipeline_schedules/:schedule/variables/:key")
def update_variable(call: Call) -> Answer:
    found = _variable(call)
    found.value = str(call.params.get("value", found.value))
    found.variable_type = read_type(call.params, found.variable_type)
    return json_answer(schedule_variable(found))


@route("DELETE", "projects/:id/pipeline_schedules/:schedule/variables/:key")
def delete_variable(call: Call) -> Answer:
    gone = _variable(call)
    _schedule(call).variables.remove(gone)
    return json_answer(schedule_variable(gone), 202)


def _schedule(call: Call) -> PipelineSchedule:
    wanted = call.parts["schedule"]
    found = call.managed_project(REPORTER).schedules.get(int(wanted) if wanted.isdigit() else 0)
    if found is None:
        raise not_found("Pipeline Schedule")
    return found


def _owned(call: Call) -> PipelineSchedule:
    """The schedule, for its owner only: a maintainer has to take it over first."""
    found = _schedule(call)
    if found.owner is not call.who():
        raise forbidden()
    return found


def _variable(call: Call) -> Variable:
    for each in _owned(call).variables:
        if each.key == call.parts["key"]:
            return each
    raise not_found("Variable")


def _change(call: Call, found: PipelineSchedule) -> None:
    """Changes the schedule as a whole or, where something is wrong, not at all."""
    params = call.params
    cron, zone = str(params.get("cron") or found.cron), str(params.get("cron_timezone") or found.cron_timezone)
    wrong = {"cron": not read_cron(cron), "cron_timezone": not is_zone(zone)}
    if any(wrong.values()):
        raise invalid(**{name: [BAD_SYNTAX] for name, is_wrong in wrong.items() if is_wrong})
    inputs, active = _inputs(found, params.get("inputs")), boolean(params, "active")
    found.cron, found.cron_timezone, found.inputs = cron, zone, inputs
    found.description = str(params.get("description") or found.description)
    found.ref = _full_ref(str(params.get("ref") or found.ref))
    found.active = found.active if active is None else active
    found.updated_at = call.state.clock()
    call.state.changed()


def _full_ref(ref: str) -> str:
    return ref if ref.startswith("refs/") else f"refs/heads/{ref}"


def _inputs(found: PipelineSchedule, sent: Any) -> dict[str, Any]:
    """The inputs once those that were sent are set, or taken away where they say `destroy`."""
    inputs = dict(found.inputs)
    if not isinstance(sent or [], list):
        raise bad_parameter("inputs is invalid")
    for each in sent or []:
        if not isinstance(each, dict) or "name" not in each:
            raise bad_parameter("inputs[0][name] is missing")
        if each.get("destroy"):
            inputs.pop(each["name"], None)
        elif "value" not in each:
            raise bad_parameter("inputs[0][value] is missing")
        else:
            inputs[str(each["name"])] = each["value"]
    if len(inputs) > MOST_INPUTS:
        raise invalid(inputs=[f"exceed the limit of {MOST_INPUTS}."])
    return inputs


def _shown(call: Call, found: PipelineSchedule, status: int) -> Answer:
    made = [each for each in found.project.pipelines.values() if each.schedule is found]
    shape = schedule_details(call.base, found, call.state.clock(), made[-1] if made else None, call.who())
    return json_answer(shape, status)
