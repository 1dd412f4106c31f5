"""Issues: lists of a project, of a group and of everything; reading, opening and changing one."""

from __future__ import annotations

from typing import Any

from msgspec import UNSET, UnsetType

from starkeeper.sandbox.answers import Answer, bad_parameter, forbidden, invalid, json_answer, not_found
from starkeeper.sandbox.api import Call, route
from starkeeper.sandbox.changes import (
    Edit,
    change_assignees,
    edit_issue,
    ensure_labels,
    exclusive,
    may_edit,
    set_labels,
)
from starkeeper.sandbox.issue_shapes import issue_bytes, issue_shape
from starkeeper.sandbox.params import boolean, date, integer, moment, numbers, one_of, words
from starkeeper.sandbox.query import find_issues
from starkeeper.sandbox.records import GUEST, OWNER, PLANNER, Group, Issue, Milestone, Project, User
from starkeeper.sandbox.shapes import Json
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
    "issue_type",
]
MOST_IN_TITLE, MOST_IN_DESCRIPTION = 255, 1_048_576


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
    return _list(call, call.project())


def _list(call: Call, place: Project | Group | None) -> Answer:
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
    title = _title(call.params["title"])
    at = call.state.clock()
    if call.state.level(user, project) >= OWNER:
        at = moment(call.params, "created_at") or at
    issue = Issue(call.state.number("issue"), project.last_iid + 1, project, title, at, at, user)
    project.last_iid = issue.iid
    project.issues[issue.iid] = issue
    _fill(call, issue, user)
    call.state.changed(issue)
    return json_answer(full(call, issue), 201)


def _fill(call: Call, issue: Issue, user: User) -> None:
    at = issue.created_at
    issue.confidential = boolean(call.params, "confidential") or False
    level = call.state.level(user, issue.project)
    # A guest may give a new issue its labels and assignees, and may not change them later: gitlab issue 412826.
    if level >= GUEST:
        names = words(call.params.get("labels"))
        known = [each for each in names if level >= PLANNER or call.state.find_label(issue.project, each)]
        labels = exclusive(call.state, ensure_labels(call.state, issue, known))
        set_labels(call.state, issue, user, labels, at)
        change_assignees(call.state, issue, user, _assignees(call) or [], at)
        issue.due_date = date(call.params, "due_date")
        milestone = _milestone(call, issue)
        issue.milestone = milestone if isinstance(milestone, Milestone) else None
    write_description(call.state, issue, user, _description(call.params.get("description")) or "", at)


@route("PUT", "projects/:id/issues/:iid")
def update_issue(call: Call) -> Answer:
    issue, user = call.issue(), call.who()
    if not may_edit(call.state, issue, user):
        raise forbidden()
    if not any(each in call.params for each in CHANGEABLE):
        listed = ", ".join(CHANGEABLE)
        raise bad_parameter(f"{listed} are missing, at least one parameter must be provided")
    before = issue.description
    edit = _edit(call, issue)
    edit_issue(call.state, issue, user, edit, call.state.clock())
    if edit.description is not UNSET and issue.description != before:
        write_description(call.state, issue, user, issue.description or "", call.state.clock())
        call.state.changed(issue)
    return json_answer(full(call, issue))


def _edit(call: Call, issue: Issue) -> Edit:
    params = call.params
    event = one_of(params, "state_event", ("close", "reopen"), "")
    locked, confidential = boolean(params, "discussion_locked"), boolean(params, "confidential")
    return Edit(
        labels=words(params["labels"]) if "labels" in params else UNSET,
        add_labels=words(params.get("add_labels")),
        remove_labels=words(params.get("remove_labels")),
        state_event=event or UNSET,
        assignees=UNSET if (people := _assignees(call)) is None else people,
        title=_title(params["title"]) if "title" in params else UNSET,
        description=_description(params["description"]) if "description" in params else UNSET,
        confidential=UNSET if confidential is None else confidential,
        locked=UNSET if locked is None else locked,
        due_date=date(params, "due_date") if "due_date" in params else UNSET,
        milestone=_milestone(call, issue),
        weight=integer(params, "weight") if "weight" in params and call.state.edition == "premium" else UNSET,
    )


def _title(value: Any) -> str:
    title = str(value or "").strip()
    if not title:
        raise invalid(title=["can't be blank"])
    if len(title) > MOST_IN_TITLE:
        raise invalid(title=[f"is too long (maximum is {MOST_IN_TITLE} characters)"])
    return title


def _description(value: Any) -> str | None:
    if value is not None and len(str(value)) > MOST_IN_DESCRIPTION:
        raise invalid(description=["is too long (maximum is 1 MiB)"])
    return None if value is None else str(value)


def _assignees(call: Call) -> list[User] | None:
    """The people to assign, None where the request says nothing of them; unknown ids are left out."""
    if "assignee_ids" in call.params:
        wanted = numbers(call.params, "assignee_ids")
    elif "assignee_id" in call.params:
        wanted = [integer(call.params, "assignee_id") or 0]
    else:
        return None
    return [call.state.users_by_id[each] for each in wanted if each in call.state.users_by_id]


def _milestone(call: Call, issue: Issue) -> Milestone | UnsetType | None:
    if "milestone_id" not in call.params:
        return UNSET
    wanted = integer(call.params, "milestone_id")
    return next((each for each in call.state.milestones_of(issue.project) if each.id == wanted), None)
