"""Branches of a project's repository: listing, reading and deleting them."""

from __future__ import annotations

import re

from starkeeper.sandbox.answers import Answer, Refusal, forbidden, json_answer, not_found
from starkeeper.sandbox.api import Call, route
from starkeeper.sandbox.records import DEVELOPER, MAINTAINER, Branch, Project
from starkeeper.sandbox.shapes.base import Json
from starkeeper.sandbox.shapes.branches import branch_shape

NOT_PROTECTED = (
    "You are not allowed to delete protected branches from this project. "
    "Only a project maintainer or owner can delete a protected branch."
)


@route("GET", "projects/:id/repository/branches")
def branches(call: Call) -> Answer:
    project, search = _readable(call), str(call.params.get("search") or "")
    found = [each for name, each in sorted(project.branches.items()) if _matches(name, search)]
    if pattern := call.params.get("regex"):
        found = [each for each in found if re.search(str(pattern), each.name)]
    return call.page(found, lambda each: _shape(call, project, each))


def _matches(name: str, search: str) -> bool:
    """`^` at the start and `$` at the end anchor a search, which knows no case."""
    name, search = name.lower(), search.lower()
    wanted = search.removeprefix("^").removesuffix("$")
    if search.startswith("^") and search.endswith("$"):
        return name == wanted
    if search.startswith("^"):
        return name.startswith(wanted)
    return name.endswith(wanted) if search.endswith("$") else wanted in name


@route("GET", "projects/:id/repository/branches/:branch")
def one_branch(call: Call) -> Answer:
    project = _readable(call)
    return json_answer(_shape(call, project, _branch(call, project)))


@route("DELETE", "projects/:id/repository/branches/:branch")
def delete_branch(call: Call) -> Answer:
    project = _readable(call)
    if call.state.level(call.who(), project) < DEVELOPER:
        raise forbidden()
    branch = _branch(call, project)
    if branch.protected:
        raise Refusal(403, {"message": NOT_PROTECTED})
    if branch.name == project.default_branch:
        raise Refusal(400, {"message": "The default branch of a project cannot be deleted."})
    del project.branches[branch.name]
    call.state.changed()
    return Answer(204)


def _readable(call: Call) -> Project:
    project = call.project()
    if not call.state.can_read_code(call.user, project):
        raise forbidden()
    return project


def _branch(call: Call, project: Project) -> Branch:
    found = project.branches.get(call.parts["branch"])
    if found is None:
        raise not_found("Branch")
    return found


def _shape(call: Call, project: Project, branch: Branch) -> Json:
    needed = MAINTAINER if branch.protected else DEVELOPER
    return branch_shape(call.base, project, branch, call.state.level(call.user, project) >= needed)
