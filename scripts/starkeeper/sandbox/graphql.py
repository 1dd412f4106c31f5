"""A GraphQL request to its answer: reading projects, groups, issues and their notes; errors come with status 200."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from graphql import GraphQLError, GraphQLSchema, build_schema, graphql_sync
from msgspec import Struct

from starkeeper.sandbox.answers import Answer, Refusal, json_answer, no_route
from starkeeper.sandbox.api import Sent, token_of
from starkeeper.sandbox.query import find_issues
from starkeeper.sandbox.records import PLANNER, Group, Issue, Label, Milestone, Note, Project, User
from starkeeper.sandbox.shapes import label_color
from starkeeper.sandbox.state import State

LONGEST_QUERY = 10_000
LARGEST_PAGE = 100


class Asked(Struct):
    """Who asks for what; handed to every resolver."""

    state: State
    user: User | None
    base: str


def answer_graphql(state: State, sent: Sent) -> Answer:
    """Answers a POST with `query`, `variables` and `operationName`; without GraphQL in this world, 404."""
    if not state.graphql:
        return no_route().answer
    secret = token_of(sent.headers)
    token = state.tokens.get(secret)
    if secret and (token is None or not token.scopes & {"api", "read_api"}):
        return json_answer({"errors": [{"message": "Invalid token"}]}, 401)
    try:
        asked: Any = msgspec.json.decode(sent.body)
    except msgspec.DecodeError:
        return json_answer({"errors": [{"message": "Unexpected end of document"}]})
    return _execute(Asked(state, token.user if token else None, sent.base), asked if isinstance(asked, dict) else {})


def _execute(asked: Asked, request: dict[str, Any]) -> Answer:
    query = str(request.get("query") or "")
    if len(query) > LONGEST_QUERY:
        return json_answer({"errors": [{"message": "Query too large"}]})
    done = graphql_sync(
        _schema(),
        query,
        root_value=_root(asked),
        context_value=asked,
        variable_values=request.get("variables") or {},
        operation_name=request.get("operationName"),
    )
    shown: dict[str, Any] = {} if done.data is None else {"data": done.data}
    if done.errors:
        shown["errors"] = [each.formatted for each in done.errors]
    return json_answer(shown)


@cache
def _schema() -> GraphQLSchema:
    return build_schema((Path(__file__).parent / "schema.graphql").read_text(encoding="utf-8"))


def _root(asked: Asked) -> dict[str, Any]:
    def project(_info: Any, fullPath: str) -> Any:  # noqa: N803 - GraphQL names its arguments so
        found = asked.state.projects.get(fullPath.lower())
        return _project(asked, found) if found and asked.state.can_see(asked.user, found) else None

    def group(_info: Any, fullPath: str) -> Any:  # noqa: N803 - as above
        found = asked.state.groups.get(fullPath.lower())
        return _group(asked, found) if found and asked.state.can_see(asked.user, found) else None

    complexity = {"score": 100, "limit": 250 if asked.user else 200}
    me = _user(asked, asked.user)
    return {"currentUser": me, "project": project, "group": group, "queryComplexity": complexity}


def _project(asked: Asked, project: Project) -> dict[str, Any]:
    def issue(_info: Any, iid: str | None = None) -> Any:
        found = project.issues.get(int(iid)) if iid and iid.isdigit() else None
        return _issue(asked, found) if found and asked.state.can_read(asked.user, found) else None

    return {
        "id": f"gid://gitlab/Project/{project.id}",
        "name": project.name,
        "fullPath": project.path,
        "webUrl": f"{asked.base}/{project.path}",
        "visibility": project.visibility,
        "issue": issue,
        "issues": _issues(asked, project),
    }


def _group(asked: Asked, group: Group) -> dict[str, Any]:
    return {
        "id": f"gid://gitlab/Group/{group.id}",
        "name": group.name,
        "fullPath": group.path,
        "webUrl": f"{asked.base}/groups/{group.path}",
        "issues": _issues(asked, group),
    }


_SAME = {
    "createdAfter": "created_after",
    "createdBefore": "created_before",
    "updatedAfter": "updated_after",
    "updatedBefore": "updated_before",
    "authorUsername": "author_username",
    "assigneeUsernames": "assignee_username",
    "search": "search",
    "confidential": "confidential",
    "state": "state",
    "iids": "iids",
    "iid": "iids",
    "labelName": "labels",
}


def _issues(asked: Asked, place: Project | Group) -> Callable[..., Any]:
    def issues(_info: Any, **arguments: Any) -> Any:
        field, _, direction = arguments.get("sort", "CREATED_DESC").lower().partition("_")
        params = {_SAME[key]: value for key, value in arguments.items() if key in _SAME and value is not None}
        params |= {"order_by": "title" if field == "title" else f"{field}_at", "sort": direction}
        try:
            rows = find_issues(asked.state, asked.user, place, params)
        except Refusal as refusal:
            raise GraphQLError(refusal.answer.body.decode()) from None
        return _connection(rows, arguments, lambda each: _issue(asked, each))

    return issues


def _connection(rows: Sequence[Any], arguments: dict[str, Any], shape: Callable[[Any], Any]) -> dict[str, Any]:
    """One page of rows; a cursor is the number of the row after it, disguised as GitLab disguises its own."""
    start = _offset(arguments.get("after"))
    first = arguments.get("first")
    size = LARGEST_PAGE if first is None else min(max(first, 0), LARGEST_PAGE)
    shown = rows[start : start + size]
    end = start + len(shown)
    page = {
        "hasNextPage": end < len(rows),
        "hasPreviousPage": start > 0,
        "startCursor": _cursor(start) if shown else None,
        "endCursor": _cursor(end) if shown else None,
    }
    return {"count": len(rows), "nodes": [shape(each) for each in shown], "pageInfo": page}


def _cursor(number: int) -> str:
    return base64.urlsafe_b64encode(str(number).encode()).decode()


def _offset(cursor: str | None) -> int:
    try:
        return int(base64.urlsafe_b64decode(cursor)) if cursor else 0
    except (ValueError, binascii.Error):
        raise GraphQLError("Please provide a valid cursor") from None


def _issue(asked: Asked, issue: Issue) -> dict[str, Any]:
    def reference(_info: Any, full: bool = False) -> str:
        return f"{issue.project.path if full else ''}#{issue.iid}"

    def notes(_info: Any, **arguments: Any) -> Any:
        return _connection(_notes(asked, issue, arguments), arguments, lambda each: _note(asked, each))

    def labels(_info: Any, **arguments: Any) -> Any:
        return _connection(sorted(issue.labels, key=lambda each: each.name), arguments, _label)

    def assignees(_info: Any, **arguments: Any) -> Any:
        return _connection(issue.assignees, arguments, lambda each: _user(asked, each))

    path = f"/{issue.project.path}/-/issues/{issue.iid}"
    return {
        "id": f"gid://gitlab/Issue/{issue.id}",
        "iid": str(issue.iid),
        "title": issue.title,
        "description": issue.description,
        "state": issue.state,
        "confidential": issue.confidential,
        "discussionLocked": issue.locked,
        "createdAt": _time(issue.created_at),
        "updatedAt": _time(issue.updated_at),
        "closedAt": _time(issue.closed_at),
        "dueDate": issue.due_date and f"{issue.due_date.isoformat()}T00:00:00Z",
        "webUrl": asked.base + path,
        "webPath": path,
        "reference": reference,
        "userNotesCount": issue.notes_count,
        "upvotes": issue.upvotes,
        "downvotes": issue.downvotes,
        "author": _user(asked, issue.author),
        "assignees": assignees,
        "labels": labels,
        "milestone": _milestone(issue.milestone),
        "notes": notes,
    }


def _notes(asked: Asked, issue: Issue, arguments: dict[str, Any]) -> list[Note]:
    kind = arguments.get("filter", "ALL_NOTES")
    inside = asked.user is not None and asked.state.level(asked.user, issue.project) >= PLANNER
    rows = [each for each in issue.notes if kind == "ALL_NOTES" or each.system is (kind == "ONLY_ACTIVITY")]
    rows = [each for each in rows if inside or not each.internal]
    return sorted(rows, key=lambda each: (each.created_at, each.id))


def _note(asked: Asked, note: Note) -> dict[str, Any]:
    issue = note.issue
    return {
        "id": f"gid://gitlab/Note/{note.id}",
        "body": note.body,
        "system": note.system,
        "internal": note.internal,
        "confidential": note.internal,
        "createdAt": _time(note.created_at),
        "updatedAt": _time(note.updated_at),
        "url": f"{asked.base}/{issue.project.path}/-/issues/{issue.iid}#note_{note.id}",
        "author": _user(asked, note.author),
    }


def _user(asked: Asked, user: User | None) -> dict[str, Any] | None:
    if user is None:
        return None
    about = {"id": f"gid://gitlab/User/{user.id}", "username": user.username, "name": user.name, "bot": user.bot}
    return {**about, "webUrl": f"{asked.base}/{user.username}"}


def _label(label: Label) -> dict[str, Any]:
    kind = "ProjectLabel" if label.project else "GroupLabel"
    colors = {"color": label.color, "textColor": label_color(label.color)}
    return {"id": f"gid://gitlab/{kind}/{label.id}", "title": label.name, **colors, "description": label.description}


def _milestone(milestone: Milestone | None) -> dict[str, Any] | None:
    if milestone is None:
        return None
    shape = {"id": f"gid://gitlab/Milestone/{milestone.id}", "iid": str(milestone.iid), "title": milestone.title}
    dates = {"dueDate": milestone.due_date, "startDate": milestone.start_date}
    return {**shape, "state": milestone.state} | {
        key: f"{date.isoformat()}T00:00:00Z" if date else None for key, date in dates.items()
    }


def _time(at: dt.datetime | None) -> str | None:
    """A time as GraphQL writes it: UTC, whole seconds."""
    return at.astimezone(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z") if at else None
