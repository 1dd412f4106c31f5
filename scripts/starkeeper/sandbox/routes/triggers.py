"""Trigger tokens, and the call that starts a pipeline with one."""

from __future__ import annotations

from typing import Any

from starkeeper.sandbox.answers import Answer, Refusal, bad_parameter, forbidden, json_answer, not_found
from starkeeper.sandbox.api import Call, route
from starkeeper.sandbox.pipelines import Start, new_trigger, trigger_pipeline
from starkeeper.sandbox.records import Trigger
from starkeeper.sandbox.shapes.base import encode
from starkeeper.sandbox.shapes.pipelines import pipeline, trigger


@route("GET", "projects/:id/triggers")
def triggers(call: Call) -> Answer:
    found, reader = list(call.managed_project().triggers.values()), call.who()
    return call.page(found, lambda each: trigger(call.base, each, reader))


@route("GET", "projects/:id/triggers/:trigger")
def one_trigger(call: Call) -> Answer:
    return _shown(call, _trigger(call), 200)


@route("POST", "projects/:id/triggers")
def create_trigger(call: Call) -> Answer:
    project = call.managed_project()
    if "description" not in call.params:
        raise bad_parameter("description is missing")
    return _shown(call, new_trigger(call.state, project, call.who(), str(call.params["description"])), 201)


@route("PUT", "projects/:id/triggers/:trigger")
def update_trigger(call: Call) -> Answer:
    found = _trigger(call)
    if found.owner is not call.who():
        raise forbidden()
    found.description = str(call.params.get("description", found.description))
    return _shown(call, found, 200)


@route("DELETE", "projects/:id/triggers/:trigger")
def delete_trigger(call: Call) -> Answer:
    found = _trigger(call)
    del found.project.triggers[found.id]
    call.state.changed()
    return Answer(204)


@route("POST", "projects/:id/(?:ref/(?P<ref>.+)/)?trigger/pipeline")
def start_pipeline(call: Call) -> Answer:
    """Whoever sends the token; all that was sent, but the token, becomes the pipeline's TRIGGER_PAYLOAD.

    A ref in the address counts more than one in the body.
    """
    if call.headers.get("x-gitlab-event") == "Pipeline Hook":
        raise forbidden()
    params: dict[str, Any] = {**call.params, **call.parts}
    for name in ("ref", "token"):
        if not params.get(name):
            raise bad_parameter(f"{name} is missing")
    variables = params["variables"] = params.get("variables") or {}
    if not _is_flat(variables):
        raise Refusal(400, {"message": "variables needs to be a map of key-valued strings"})
    found = _by_token(call, str(params["token"]))
    payload = encode({key: value for key, value in params.items() if key != "token"}).decode()
    inputs = params.get("inputs") or {}
    if not isinstance(inputs, dict):
        raise bad_parameter("inputs is invalid")
    start = Start(ref=str(params["ref"]), variables=variables, inputs=inputs, payload=payload)
    return json_answer(pipeline(call.base, trigger_pipeline(call.state, found, start)), 201)


def _is_flat(variables: object) -> bool:
    return isinstance(variables, dict) and all(isinstance(each, str) for each in variables.values())


def _by_token(call: Call, token: str) -> Trigger:
    """The trigger, where it is the project's; any other token, a person's among them, is not found."""
    project = call.state.find_project(call.parts["id"])
    for each in project.triggers.values() if project else ():
        if each.token == token:
            return each
    raise not_found()


def _trigger(call: Call) -> Trigger:
    wanted = call.parts["trigger"]
    found = call.managed_project().triggers.get(int(wanted) if wanted.isdigit() else 0)
    if found is None:
        raise not_found("Trigger")
    return found


def _shown(call: Call, found: Trigger, status: int) -> Answer:
    return json_answer(trigger(call.base, found, call.who()), status)
