"""Epics: lists of a group, reading and changing one. The free edition has none of it."""

from __future__ import annotations

from msgspec import UNSET

from starkeeper.sandbox.answers import Answer, forbidden, json_answer
from starkeeper.sandbox.api import Call, route
from starkeeper.sandbox.changes import edit_item, may_edit_details
from starkeeper.sandbox.params import boolean
from starkeeper.sandbox.query import find_epics
from starkeeper.sandbox.records import Epic
from starkeeper.sandbox.routes.fields import need_one_of, read_edit
from starkeeper.sandbox.shapes.epics import epic_shape
from starkeeper.sandbox.writing import write_description

CHANGEABLE = [
    "add_labels",
    "color",
    "confidential",
    "description",
    "due_date_fixed",
    "due_date_is_fixed",
    "labels",
    "parent_id",
    "remove_labels",
    "start_date_fixed",
    "start_date_is_fixed",
    "state_event",
    "title",
    "due_date",
    "end_date",
    "start_date",
]


@route("GET", "groups/:id/(?:-/)?epics")
def epics(call: Call) -> Answer:
    group, details = call.licensed_group(), boolean(call.params, "with_labels_details") or False
    rows = find_epics(call.state, call.user, group, call.params)
    return call.page(rows, lambda each: epic_shape(call.base, each, details=details))


@route("GET", "groups/:id/(?:-/)?epics/:iid")
def one_epic(call: Call) -> Answer:
    return _full(call, call.epic())


def _full(call: Call, epic: Epic) -> Answer:
    return json_answer({**epic_shape(call.base, epic), "subscribed": call.state.is_own(call.user, epic)})


@route("PUT", "groups/:id/(?:-/)?epics/:iid")
def update_epic(call: Call) -> Answer:
    epic, user = call.epic(), call.who()
    if not may_edit_details(call.state, epic, user):
        raise forbidden()
    need_one_of(call.params, CHANGEABLE)
    before, edit = epic.description, read_edit(call, epic)
    edit_item(call.state, epic, user, edit, call.state.clock())
    if edit.description is not UNSET and epic.description != before:
        write_description(call.state, epic, user, epic.description or "", call.state.clock())
        call.state.changed(epic)
    return _full(call, epic)
