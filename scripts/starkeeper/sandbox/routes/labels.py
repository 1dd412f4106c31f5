"""Labels of projects and groups: listing, reading, making, changing and deleting them."""

from __future__ import annotations

import re

from starkeeper.sandbox.answers import Answer, bad_parameter, conflict, forbidden, invalid, json_answer, not_found
from starkeeper.sandbox.api import Call, route
from starkeeper.sandbox.labelling import DEFAULT_COLOR, delete_label, rename_label
from starkeeper.sandbox.params import boolean, integer
from starkeeper.sandbox.records import PLANNER, Label, Place, Project
from starkeeper.sandbox.routes.fields import need_one_of
from starkeeper.sandbox.shapes.places import label
from starkeeper.sandbox.state import place_key, places

CHANGEABLE = ["new_name", "color", "description", "priority", "archived"]


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
    _check(name, color)
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


@route("PUT", "(?P<place>projects|groups)/:id/labels")
@route("PUT", "(?P<place>projects|groups)/:id/labels/:label")
def update_label(call: Call) -> Answer:
    found = _own_label(call)
    need_one_of(call.params, CHANGEABLE)
    name = str(call.params.get("new_name") or found.name).strip()
    color = str(call.params.get("color") or found.color)
    _check(name, color)
    if name != found.name and call.state.find_label(call.place(), name, ancestors=False):
        raise invalid(title=["has already been taken"])
    found.color, found.priority = color, integer(call.params, "priority", found.priority)
    found.description = str(call.params.get("description", found.description) or "") or None
    found.archived = boolean(call.params, "archived") or False
    rename_label(call.state, found, name)
    return json_answer(label(found, (0, 0)))


@route("DELETE", "(?P<place>projects|groups)/:id/labels")
@route("DELETE", "(?P<place>projects|groups)/:id/labels/:label")
def delete_one_label(call: Call) -> Answer:
    delete_label(call.state, _own_label(call))
    return Answer(204)


def _own_label(call: Call) -> Label:
    """The label of the project or group itself; one from above is not found, for it is changed where it lives.

    The address names it or, as GitLab had it once and clients still do, `label_id` or `name` beside the changes.
    """
    place = call.place()
    wanted = call.parts.get("label") or str(call.params.get("label_id") or call.params.get("name") or "")
    if call.state.level(call.who(), place) < PLANNER:
        raise forbidden()
    for each in call.state.labels_of(place, ancestors=False):
        if wanted in (each.name, str(each.id)):
            return each
    raise not_found("Label")


def _check(name: str, color: str) -> None:
    if "," in name:
        raise invalid(title=["is invalid"])
    if not re.fullmatch(r"#[0-9a-fA-F]{3}(?:[0-9a-fA-F]{3})?|[a-zA-Z]+", color):
        raise invalid(color=["must be a valid color code"])


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
