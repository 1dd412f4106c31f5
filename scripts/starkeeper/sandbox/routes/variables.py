"""A project's CI variables: listing, reading, making, changing and deleting them."""

from __future__ import annotations

import re

from starkeeper.sandbox.answers import Answer, bad_parameter, invalid, json_answer, not_found
from starkeeper.sandbox.api import Call, route
from starkeeper.sandbox.params import Values, boolean, one_of
from starkeeper.sandbox.records import Project, Variable
from starkeeper.sandbox.shapes.pipelines import variable

MASKABLE, MASKABLE_RAW = r"[a-zA-Z0-9_+=/@:.~-]{8,}", r"\S{8,}"
FLAGS = ("protected", "masked", "raw")


@route("GET", "projects/:id/variables")
def variables(call: Call) -> Answer:
    return call.page(call.managed_project().variables, variable)


@route("GET", "projects/:id/variables/:key")
def one_variable(call: Call) -> Answer:
    return json_answer(variable(_variable(call, call.managed_project())))


@route("POST", "projects/:id/variables")
def create_variable(call: Call) -> Answer:
    project = call.managed_project()
    for name in ("key", "value"):
        if name not in call.params:
            raise bad_parameter(f"{name} is missing")
    made = Variable(key=check_key(str(call.params["key"])), value="")
    made.hidden = made.masked = boolean(call.params, "masked_and_hidden") is True
    _change(made, call.params)
    if any(each.key == made.key and each.environment_scope == made.environment_scope for each in project.variables):
        raise invalid(key=[f"({made.key}) has already been taken"])
    project.variables.append(made)
    return json_answer(variable(made), 201)


@route("PUT", "projects/:id/variables/:key")
def update_variable(call: Call) -> Answer:
    found = _variable(call, call.managed_project())
    _change(found, call.params)
    return json_answer(variable(found))


@route("DELETE", "projects/:id/variables/:key")
def delete_variable(call: Call) -> Answer:
    project = call.managed_project()
    project.variables.remove(_variable(call, project))
    return Answer(204)


def _variable(call: Call, project: Project) -> Variable:
    """The variable of that name; several with different environments need `filter[environment_scope]`."""
    scope = (call.params.get("filter") or {}).get("environment_scope")
    for each in project.variables:
        if each.key == call.parts["key"] and scope in (None, each.environment_scope):
            return each
    raise not_found("Variable")


def _change(found: Variable, params: Values) -> None:
    """Changes the variable as a whole or, where it could not be masked so, not at all."""
    flags = {each: boolean(params, each) for each in FLAGS}
    value = str(params.get("value", found.value))
    masked = found.hidden or (found.masked if flags["masked"] is None else flags["masked"])
    raw = found.raw if flags["raw"] is None else flags["raw"]
    if masked and not re.fullmatch(MASKABLE_RAW if raw else MASKABLE, value):
        raise invalid(value=["is invalid"])
    found.variable_type = read_type(params, found.variable_type)
    found.value, found.masked, found.raw = value, masked, raw
    found.protected = found.protected if flags["protected"] is None else flags["protected"]
    found.environment_scope = str(params.get("environment_scope") or found.environment_scope)
    found.description = params.get("description", found.description)


def check_key(key: str) -> str:
    if not re.fullmatch(r"\w{1,255}", key, re.ASCII):
        raise invalid(key=["can contain only letters, digits and '_'."])
    return key


def read_type(params: Values, default: str) -> str:
    return one_of(params, "variable_type", ("env_var", "file"), default)
