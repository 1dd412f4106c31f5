"""Projects and groups, and what belongs to them: members and milestones."""

from __future__ import annotations

from typing import cast

from starkeeper.sandbox.answers import Answer, json_answer, not_found
from starkeeper.sandbox.api import Call, route
from starkeeper.sandbox.params import boolean, one_of
from starkeeper.sandbox.records import GUEST, OverrideRole, User
from starkeeper.sandbox.routes.fields import need_one_of
from starkeeper.sandbox.shapes.places import group, member, milestone, permissions, project
from starkeeper.sandbox.state import places

ROLES = ("no_one_allowed", "developer", "maintainer", "owner")


@route("GET", "projects")
def projects(call: Call) -> Answer:
    found = [each for each in call.state.projects.values() if call.state.can_see(call.user, each)]
    if boolean(call.params, "membership"):
        found = [each for each in found if call.state.level(call.user, each) >= GUEST]
    if search := str(call.params.get("search") or "").lower():
        found = [each for each in found if search in each.path.lower() or search in each.name.lower()]
    found.sort(key=lambda each: -each.id)
    return call.page(found, lambda each: project(_own_address(call), each))


@route("GET", "projects/:id")
def one_project(call: Call) -> Answer:
    found = call.project()
    return json_answer({**project(_own_address(call), found), "permissions": permissions(found, call.user)})


@route("PUT", "projects/:id")
def update_project(call: Call) -> Answer:
    """Changes the description, or who may give pipelines variables; nothing else can be changed here."""
    found = call.managed_project()
    need_one_of(call.params, ["description", "ci_pipeline_variables_minimum_override_role"])
    found.description = str(call.params.get("description", found.description) or "")
    role = one_of(call.params, "ci_pipeline_variables_minimum_override_role", ROLES, found.variables_role)
    found.variables_role = cast("OverrideRole", role)
    call.state.changed()
    return one_project(call)


@route("GET", "groups")
def groups(call: Call) -> Answer:
    found = [each for each in call.state.groups.values() if call.state.can_see(call.user, each)]
    return call.page(sorted(found, key=lambda each: each.path), lambda each: group(call.base, each))


@route("GET", "groups/:id")
def one_group(call: Call) -> Answer:
    return json_answer(group(call.base, call.group()))


@route("GET", "groups/:id/projects")
def group_projects(call: Call) -> Answer:
    top, deep = call.group(), boolean(call.params, "include_subgroups")
    found = [
        each
        for each in call.state.projects.values()
        if (top in list(places(each)) if deep else each.group is top) and call.state.can_see(call.user, each)
    ]
    return call.page(sorted(found, key=lambda each: -each.id), lambda each: project(_own_address(call), each))


def _own_address(call: Call) -> str:
    """What GitLab calls itself, by whatever address it was reached."""
    return call.state.url or call.base


@route("GET", "(?P<place>projects|groups)/:id/members")
def members(call: Call) -> Answer:
    return _members(call, inherited=False)


@route("GET", "(?P<place>projects|groups)/:id/members/all")
def all_members(call: Call) -> Answer:
    return _members(call, inherited=True)


@route("GET", "(?P<place>projects|groups)/:id/members/:user")
def one_member(call: Call) -> Answer:
    return _member(call, inherited=False)


@route("GET", "(?P<place>projects|groups)/:id/members/all/:user")
def one_member_of_all(call: Call) -> Answer:
    return _member(call, inherited=True)


def _member(call: Call, inherited: bool) -> Answer:
    for user, level in _levels(call, inherited):
        if str(user.id) == call.parts["user"]:
            return json_answer(member(call.base, user, level, user.created_at))
    raise not_found()


def _members(call: Call, inherited: bool) -> Answer:
    query = str(call.params.get("query") or "").lower()
    found = [(user, level) for user, level in _levels(call, inherited) if query in user.username.lower()]
    return call.page(found, lambda each: member(call.base, each[0], each[1], each[0].created_at))


def _levels(call: Call, inherited: bool) -> list[tuple[User, int]]:
    place, levels = call.place(), dict[int, int]()
    for each in places(place) if inherited else [place]:
        for user_id, level in each.members.items():
            levels[user_id] = max(level, levels.get(user_id, 0))
    return [(call.state.users_by_id[user_id], level) for user_id, level in sorted(levels.items())]


@route("GET", "(?P<place>projects|groups)/:id/milestones")
def milestones(call: Call) -> Answer:
    place = call.place()
    ancestors = boolean(call.params, "include_ancestors") or boolean(call.params, "include_parent_milestones")
    found = call.state.milestones_of(place, bool(ancestors))
    if state := call.params.get("state"):
        found = [each for each in found if each.state == state]
    if title := call.params.get("title"):
        found = [each for each in found if each.title == title]
    if search := str(call.params.get("search") or "").lower():
        found = [each for each in found if search in each.title.lower()]
    return call.page(sorted(found, key=lambda each: -each.id), lambda each: milestone(call.base, each))


@route("GET", "(?P<place>projects|groups)/:id/milestones/:milestone")
def one_milestone(call: Call) -> Answer:
    for each in call.state.milestones_of(call.place(), ancestors=False):
        if str(each.id) == call.parts["milestone"]:
            return json_answer(milestone(call.base, each))
    raise not_found("Milestone")
