"""Merge requests: lists of a project, of a group and of everything; reading and changing one, and what it closes."""

from __future__ import annotations

from msgspec import UNSET

from starkeeper.sandbox.answers import Answer, forbidden, json_answer
from starkeeper.sandbox.api import Call, route
from starkeeper.sandbox.changes import edit_item, may_edit
from starkeeper.sandbox.linking import closing_issues, set_closes
from starkeeper.sandbox.params import boolean
from starkeeper.sandbox.query import find_merge_requests
from starkeeper.sandbox.records import DEVELOPER, MergeRequest, Place
from starkeeper.sandbox.routes.fields import need_one_of, read_edit
from starkeeper.sandbox.shapes.issues import issue_bytes
from starkeeper.sandbox.shapes.merge_requests import merge_request_bytes, merge_request_full, merge_request_shape
from starkeeper.sandbox.writing import write_description

CHANGEABLE = [
    "assignee_id",
    "assignee_ids",
    "reviewer_ids",
    "description",
    "labels",
    "add_labels",
    "remove_labels",
    "milestone_id",
    "remove_source_branch",
    "allow_collaboration",
    "allow_maintainer_to_push",
    "squash",
    "target_branch",
    "title",
    "state_event",
    "discussion_locked",
]


@route("GET", "merge_requests")
def all_merge_requests(call: Call) -> Answer:
    if call.params.get("scope") != "all":
        call.who()
    return _list(call, None)


@route("GET", "groups/:id/merge_requests")
def group_merge_requests(call: Call) -> Answer:
    return _list(call, call.group())


@route("GET", "projects/:id/merge_requests")
def project_merge_requests(call: Call) -> Answer:
    project = call.project()
    if not call.state.can_read_code(call.user, project):
        raise forbidden()
    return _list(call, project)


def _list(call: Call, place: Place | None) -> Answer:
    rows = find_merge_requests(call.state, call.user, place, call.params)
    if boolean(call.params, "with_labels_details"):
        return call.page(rows, lambda each: merge_request_shape(call.state, call.base, each, details=True))
    return call.page_of_bytes(rows, lambda each: merge_request_bytes(call.state, call.base, each))


@route("GET", "projects/:id/merge_requests/:iid")
def one_merge_request(call: Call) -> Answer:
    return _full(call, call.merge_request())


def _full(call: Call, item: MergeRequest) -> Answer:
    can_merge = call.state.level(call.user, item.project) >= DEVELOPER
    return json_answer(merge_request_full(call.state, call.base, item, call.user, can_merge))


@route("PUT", "projects/:id/merge_requests/:iid")
def update_merge_request(call: Call) -> Answer:
    item, user = call.merge_request(), call.who()
    if not may_edit(call.state, item, user):
        raise forbidden()
    need_one_of(call.params, CHANGEABLE)
    before, edit = item.description, read_edit(call, item)
    edit_item(call.state, item, user, edit, call.state.clock())
    if edit.description is not UNSET and item.description != before:
        write_description(call.state, item, user, item.description or "", call.state.clock())
        set_closes(call.state, item, closing_issues(call.state, item))
        call.state.changed(item)
    return _full(call, item)


@route("GET", "projects/:id/merge_requests/:iid/closes_issues")
def closes_issues(call: Call) -> Answer:
    rows = [each for each in call.merge_request().closes if call.state.can_read(call.user, each)]
    return call.page_of_bytes(rows, lambda each: issue_bytes(call.state, call.base, each))
