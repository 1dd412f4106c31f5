"""Projects and groups, and what belongs to them: members, labels and milestones."""

from __future__ import annotations

from starkeeper.sandbox.answers import Answer, bad_parameter, conflict, forbidden, invalid, json_answer, not_found
from starkeeper.sandbox.api import Call, route
from starkeeper.sandbox.labelling import DEFAULT_COLOR
from starkeeper.sandbox.params import boolean
from starkeeper.sandbox.records import GUEST, PLANNER, Label, Place, Project, User
from starkeeper.sandbox.shapes.places import group, label, member, milestone, project
from starkeeper.sandbox.state import place_key, places


@route("GET", "projects")
def projects(call: Call) -> Answer:
    found = [each for each in call.state.projects.values() if call.state.can_see(call.user, each)]
    if boolean(call.params, "membership"):
        found = [each for each in found if call.state.level(call.user, each) >= GUEST]
    if search := str(call.params.get("search") or "").lower():
        found = [each for each in found if search in each.path.lower() or search in each.name.lower()]
    found.sort(key=lambda each: -each.id)
    return call.page(found, lambda each: project(call.base, each))


@route("GET", "projects/:id")
def one_project(call: Call) -> Answer:
    return json_answer(project(call.base, call.project()))


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
    return call.page(sorted(found, key=lambda each: -each.id), lambda each: project(call.base, each))


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


@route("GET", "(?P<place>projects|groups)/:id/labels")
def labels(call: Call) -> Answer:
    place = call.place()
    ancestors = boolean(call.params, "include_ancestor_groups") is not False
    found = call.state.labels_of(place, ancestors)
    if search := str(call.params.get("search") or "").lower():
        found = [each for each in found if search in each.name.lower()]
    counts = _counts(call, place) if boolean(call.params, "with_counts") else None
    return call.page(found, lambda each: label(each, None if counts is None else counts.get(each.id, (0, 0))))


@route("GET", "(?P<place>projects|groups)/:id/labels/:label")
def one_label(call: Call) -> Answer:
    name = call.parts["label"]
    for each in call.state.labels_of(call.place()):
        if each.name == name or str(each.id) == name:
            return json_answer(label(each, None))
    raise not_found("Label")


@route("POST", "(?P<place>projects|groups)/:id/labels")
def create_label(call: Call) -> Answer:
    place = call.place()
    if call.state.level(call.who(), place) < PLANNER:
        raise forbidden()
    name, color = str(call.params.get("name") or "").strip(), str(call.params.get("color") or DEFAULT_COLOR)
    if not name:
        raise bad_parameter("name is missing")
    if "," in name:
        raise invalid(title=["is invalid"])
    if call.state.find_label(place, name):
        raise conflict("Label already exists")
    made = _add_label(call, place, name, color)
    return json_answer(label(made, (0, 0)), 201)


def _add_label(call: Call, place: Place, name: str, color: str) -> Label:
    about = str(call.params.get("description") or "") or None
    own, above = (place, None) if isinstance(place, Project) else (None, place)
    made = Label(call.state.number("label"), name, color, about, own, above)
    call.state.labels[(place_key(place), name)] = made
    call.state.changed()
    return made


def _counts(call: Call, place: Place) -> dict[int, tuple[int, int]]:
    counts: dict[int, tuple[int, int]] = {}
    for each in call.state.projects.values():
        if place not in list(places(each)):
            continue
        for issue in each.issues.values():
            for one in issue.labels:
                opened, closed = counts.get(one.id, (0, 0))
                counts[one.id] = (opened + (issue.state == "opened"), closed + (issue.state == "closed"))
    return counts


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
