"""Issues: lists of a project, of a group and of everything; reading, opening, changing and moving one."""

from __future__ import annotations

from typing import Any

from msgspec import UNSET

from starkeeper.sandbox.announcing import told
from starkeeper.sandbox.answers import Answer, Refusal, bad_parameter, forbidden, json_answer, not_found
from starkeeper.sandbox.api import Call, route
from starkeeper.sandbox.changes import change_assignees, edit_item, may_edit
from starkeeper.sandbox.labelling import ensure_labels, exclusive, set_labels
from starkeeper.sandbox.linking import related_merge_requests
from starkeeper.sandbox.moving import may_move, move_issue
from starkeeper.sandbox.opening import new_issue
from starkeeper.sandbox.params import boolean, integer, moment, words
from starkeeper.sandbox.query import find_issues
from starkeeper.sandbox.query.issues import KEYSET_ORDERS
from starkeeper.sandbox.records import GUEST, OWNER, PLANNER, Issue, MergeRequest, Milestone, Place, User
from starkeeper.sandbox.routes import fields
from starkeeper.sandbox.shapes.base import Json
from starkeeper.sandbox.shapes.issues import issue_bytes, issue_shape
from starkeeper.sandbox.shapes.merge_requests import merge_request_bytes
from starkeeper.sandbox.writing import write_description

CHANGEABLE = [
    "title",
    "description",
    "assignee_ids",
    "assignee_id",
    "milestone_id",
    "discussion_locked",
    "labels",
    "add_labels",
    "remove_labels",
    "created_at",
    "due_date",
    "confidential",
    "state_event",
    "weight",
    "health_status",
    "iteration_id",
    "issue_type",
]


@route("GET", "issues")
def all_issues(call: Call) -> Answer:
    if call.params.get("scope") != "all":
        call.who()
    return _list(call, None)


@route("GET", "groups/:id/issues")
def group_issues(call: Call) -> Answer:
    return _list(call, call.group())


@route("GET", "projects/:id/issues")
def project_issues(call: Call) -> Answer:
    project, params = call.project(), call.params
    if call.state.keyset_issues and params.get("pagination") == "keyset":
        order = KEYSET_ORDERS.get(str(params.get("order_by") or "created_at"))
        if order is not None:
            rows = find_issues(call.state, call.user, project, params)
            return call.keyset_page(rows, order, lambda each: issue_bytes(call.state, call.base, each))
    return _list(call, project)


def _list(call: Call, place: Place | None) -> Answer:
    rows = find_issues(call.state, call.user, place, call.params)
    if boolean(call.params, "with_labels_details"):
        return call.page(rows, lambda each: issue_shape(call.state, call.base, each, details=True))
    return call.page_of_bytes(rows, lambda each: issue_bytes(call.state, call.base, each))


@route("GET", "projects/:id/issues/:iid")
def one_issue(call: Call) -> Answer:
    return json_answer(full(call, call.issue()))


@route("GET", "issues/:number")
def issue_by_id(call: Call) -> Answer:
    call.who()
    for project in call.state.projects.values():
        for issue in project.issues.values():
            if str(issue.id) == call.parts["number"] and call.state.can_read(call.user, issue):
                return json_answer(full(call, issue))
    raise not_found()


def full(call: Call, issue: Issue) -> Json:
    """An issue as it is shown alone."""
    return {**issue_shape(call.state, call.base, issue), "subscribed": call.state.is_own(call.user, issue)}


@route("POST", "projects/:id/issues")
def create_issue(call: Call) -> Answer:
    project, user = call.project(), call.who()
    if "title" not in call.params:
        raise bad_parameter("title is missing")
    if not project.issues_enabled or (project.visibility == "private" and call.state.level(user, project) < GUEST):
        raise forbidden()
    at = call.state.clock()
    if call.state.level(user, project) >= OWNER:
        at = moment(call.params, "created_at") or at
    name, own = fields.title(call.params["title"]), fields.issue_fields(call)
    issue = new_issue(call.state, project, user, name, at)
    with told(call.state, issue, user, new=True):
        _fill(call, issue, user, own)
        call.state.changed(issue)
    return json_answer(full(call, issue), 201)


def _fill(call: Call, issue: Issue, user: User, own: dict[str, Any]) -> None:
    at = issue.created_at
    issue.confidential = boolean(call.params, "confidential") or False
    level = call.state.level(user, issue.project)
    # A guest may give a new issue its labels and assignees, and may not change them later: gitlab issue 412826.
    if level >= GUEST:
        names = words(call.params.get("labels"))
        known = [each for each in names if level >= PLANNER or call.state.find_label(issue.project, each)]
        labels = exclusive(call.state, ensure_labels(call.state, issue, known))
        set_labels(call.state, issue, user, labels, at)
        change_assignees(call.state, issue, user, fields.assignees(call) or [], at)
        wanted = fields.milestone(call, issue)
        issue.milestone = wanted if isinstance(wanted, Milestone) else None
        for name, value in own.items():
            setattr(issue, name, value)
    write_description(call.state, issue, user, fields.description(call.params.get("description")) or "", at)


@route("PUT", "projects/:id/issues/:iid")
def update_issue(call: Call) -> Answer:
    issue, user = call.issue(), call.who()
    if not may_edit(call.state, issue, user):
        raise forbidden()
    fields.need_one_of(call.params, CHANGEABLE)
    before = issue.description
    edit = fields.read_edit(call, issue)
    with told(call.state, issue, user):
        edit_item(call.state, issue, user, edit, call.state.clock())
        if edit.description is not UNSET and issue.description != before:
            write_description(call.state, issue, user, issue.description or "", call.state.clock())
            call.state.changed(issue)
    return json_answer(full(call, issue))


@route("POST", "projects/:id/issues/:iid/move")
def move(call: Call) -> Answer:
    project, user = call.project(), call.who()
    if not call.params.get("to_project_id"):
        raise bad_parameter("to_project_id is missing")
    wanted = integer(call.params, "to_project_id")
    issue = call.issue("Issue")
    target = call.state.projects_by_id.get(wanted or 0)
    if target is None or not call.state.can_see(user, target):
        raise not_found("Project")
    if not may_move(call.state, issue, target, user):
        raise Refusal(400, {"message": "Cannot move issue due to insufficient permissions!"})
    if target is project:
        raise Refusal(400, {"message": "Cannot move issue to project it originates from!"})
    return json_answer(full(call, move_issue(call.state, issue, target, user, call.state.clock())), 201)


@route("GET", "projects/:id/issues/:iid/closed_by")
def closed_by(call: Call) -> Answer:
    return _merge_requests(call, call.issue().merge_requests)


@route("GET", "projects/:id/issues/:iid/related_merge_requests")
def related(call: Call) -> Answer:
    return _merge_requests(call, related_merge_requests(call.state, call.issue()))


def _merge_requests(call: Call, found: list[MergeRequest]) -> Answer:
    rows = [each for each in found if call.state.can_read(call.user, each)]
    return call.page_of_bytes(rows, lambda each: merge_request_bytes(call.state, call.base, each))
