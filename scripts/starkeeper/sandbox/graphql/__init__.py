"""A GraphQL request to its answer: what can be read that way; errors come with status 200."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from graphql import GraphQLError, GraphQLSchema, build_schema, graphql_sync

from starkeeper.sandbox.answers import Answer, Refusal, json_answer, no_route
from starkeeper.sandbox.api import Sent, token_of
from starkeeper.sandbox.graphql.connections import connection
from starkeeper.sandbox.graphql.nodes import Asked, issue_node, merge_request_node, user_node
from starkeeper.sandbox.params import Values
from starkeeper.sandbox.query import find_issues, find_merge_requests
from starkeeper.sandbox.records import Group, Place, Project
from starkeeper.sandbox.state import State

LONGEST_QUERY = 10_000
T = TypeVar("T")


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
    me = user_node(asked, asked.user)
    return {"currentUser": me, "project": project, "group": group, "queryComplexity": complexity}


def _project(asked: Asked, project: Project) -> dict[str, Any]:
    def issue(_info: Any, iid: str | None = None) -> Any:
        found = project.issues.get(int(iid)) if iid and iid.isdigit() else None
        return issue_node(asked, found) if found and asked.state.can_read(asked.user, found) else None

    def merge_request(_info: Any, iid: str) -> Any:
        found = project.merge_requests.get(int(iid)) if iid.isdigit() else None
        return merge_request_node(asked, found) if found and asked.state.can_read(asked.user, found) else None

    return {
        "id": f"gid://gitlab/Project/{project.id}",
        "name": project.name,
        "fullPath": project.path,
        "webUrl": f"{asked.base}/{project.path}",
        "visibility": project.visibility,
        "issue": issue,
        "issues": _issues(asked, project),
        "mergeRequest": merge_request,
        "mergeRequests": _merge_requests(asked, project),
    }


def _group(asked: Asked, group: Group) -> dict[str, Any]:
    return {
        "id": f"gid://gitlab/Group/{group.id}",
        "name": group.name,
        "fullPath": group.path,
        "webUrl": f"{asked.base}/groups/{group.path}",
        "issues": _issues(asked, group),
        "mergeRequests": _merge_requests(asked, group),
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
    "labels": "labels",
    "draft": "draft",
}


def _issues(asked: Asked, place: Place) -> Callable[..., Any]:
    def issues(_info: Any, **arguments: Any) -> Any:
        rows = _found(lambda: find_issues(asked.state, asked.user, place, _filters(arguments)))
        return connection(rows, arguments, lambda each: issue_node(asked, each))

    return issues


def _merge_requests(asked: Asked, place: Place) -> Callable[..., Any]:
    def merge_requests(_info: Any, **arguments: Any) -> Any:
        rows = _found(lambda: find_merge_requests(asked.state, asked.user, place, _filters(arguments)))
        return connection(rows, arguments, lambda each: merge_request_node(asked, each))

    return merge_requests


def _filters(arguments: Values) -> Values:
    field, _, direction = arguments.get("sort", "CREATED_DESC").lower().partition("_")
    filters = {_SAME[key]: value for key, value in arguments.items() if key in _SAME and value is not None}
    return filters | {"order_by": "title" if field == "title" else f"{field}_at", "sort": direction}


def _found(find: Callable[[], list[T]]) -> list[T]:
    try:
        return find()
    except Refusal as refusal:
        raise GraphQLError(refusal.answer.body.decode()) from None
