"""A request to an answer: who asks, which route it is, and what GitLab would say."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import unquote

from msgspec import Struct

from starkeeper.sandbox.answers import (
    Answer,
    Refusal,
    expired,
    forbidden,
    insufficient_scope,
    json_answer,
    no_route,
    not_found,
    unauthorized,
)
from starkeeper.sandbox.paging import after_cursor, one_page
from starkeeper.sandbox.params import Values, read_params
from starkeeper.sandbox.records import MAINTAINER, Epic, Group, Issue, Item, MergeRequest, Place, Project, User
from starkeeper.sandbox.state import State

ItemT = TypeVar("ItemT", bound=Item)
# Where a trigger token in the body is what counts.
OPEN = re.compile(r"/api/v4/projects/[^/]+/(?:ref/.+/)?trigger/pipeline")


class Sent(Struct):
    """A request as it arrived: `path` still percent-encoded, header names in lower case, `base` scheme and host."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes
    base: str


class Call(Struct):
    """A request on its way to an answer; `user` is None for a visitor, `parts` are the variable parts of the path."""

    state: State
    user: User | None
    base: str
    path: str
    params: Values
    parts: dict[str, str]
    headers: Mapping[str, str] = {}

    def who(self) -> User:
        """The user, where a visitor is refused."""
        if self.user is None:
            raise unauthorized()
        return self.user

    def project(self) -> Project:
        found = self.state.find_project(self.parts["id"])
        if found is None or not self.state.can_see(self.user, found):
            raise not_found("Project")
        return found

    def group(self) -> Group:
        found = self.state.find_group(self.parts["id"])
        if found is None or not self.state.can_see(self.user, found):
            raise not_found("Group")
        return found

    def managed_project(self, level: int = MAINTAINER) -> Project:
        """The project of the path, for those who have this level of access in it; all others are refused."""
        user, project = self.who(), self.project()
        if self.state.level(user, project) < level:
            raise forbidden()
        return project

    def place(self) -> Place:
        return self.project() if self.parts["place"] == "projects" else self.group()

    def issue(self, kind: str = "") -> Issue:
        """The issue of the path; one that the user cannot read is not found, as in GitLab."""
        return self._readable(self.project().issues, kind)

    def merge_request(self, kind: str = "") -> MergeRequest:
        """The merge request of the path, likewise."""
        return self._readable(self.project().merge_requests, kind)

    def licensed_group(self) -> Group:
        """The group of the path, where this edition has epics; they are for those who signed in."""
        self.who()
        group = self.group()
        if self.state.edition == "free":
            raise forbidden()
        return group

    def epic(self) -> Epic:
        """The epic of the path by its number in the group, likewise."""
        return self._readable(self.licensed_group().epics, "")

    def item(self) -> Item:
        """What the path of notes, events or reactions is about."""
        if "epic" in self.parts:
            return self._epic_by_id(self.licensed_group())
        if "kind" not in self.parts:
            return self.epic()
        return self.issue("Issue") if self.parts["kind"] == "issues" else self.merge_request("MergeRequest")

    def _epic_by_id(self, group: Group) -> Epic:
        for each in group.epics.values():
            if str(each.id) == self.parts["epic"] and self.state.can_read(self.user, each):
                return each
        raise not_found("Epic")

    def _readable(self, items: Mapping[int, ItemT], kind: str) -> ItemT:
        iid = self.parts["iid"]
        found = items.get(int(iid)) if iid.isdigit() else None
        if found is None or not self.state.can_read(self.user, found):
            raise not_found(kind)
        return found

    def page(self, rows: list[Any], shape: Callable[[Any], Any]) -> Answer:
        """One page of a list; only its own rows are turned into JSON."""
        shown, headers = one_page(rows, self.params, self.base + self.path)
        return json_answer([shape(each) for each in shown], headers=headers)

    def page_of_bytes(self, rows: list[Any], shape: Callable[[Any], bytes]) -> Answer:
        shown, headers = one_page(rows, self.params, self.base + self.path)
        return Answer(200, b"[" + b",".join([shape(each) for each in shown]) + b"]", headers)

    def keyset_page(self, rows: list[Any], order: Callable[[Any], Any], shape: Callable[[Any], bytes]) -> Answer:
        """The rows after the cursor; each page says where the next one begins, and nobody counts."""
        shown, headers = after_cursor(rows, order, self.params, self.base + self.path)
        return Answer(200, b"[" + b",".join([shape(each) for each in shown]) + b"]", headers)


Handler = Callable[[Call], Answer]
_ROUTES: dict[str, list[tuple[re.Pattern[str], Handler]]] = {}


def route(method: str, path: str) -> Callable[[Handler], Handler]:
    """Registers a handler for a path below /api/v4, such as `projects/:id/issues/:iid`."""
    pattern = re.compile("/api/v4/" + re.sub(r"(?<!\?):(\w+)", r"(?P<\1>[^/]+)", path))

    def remember(handler: Handler) -> Handler:
        _ROUTES.setdefault(method, []).append((pattern, handler))
        return handler

    return remember


def item_route(method: str, tail: str, epic: str = "epic") -> Callable[[Handler], Handler]:
    """Registers a handler for what hangs on issues, merge requests and epics alike, such as `notes`.

    Most such routes name an epic by its global id; with `epic="iid"` it is named by its number in the group.
    """

    def remember(handler: Handler) -> Handler:
        route(method, f"projects/:id/(?P<kind>issues|merge_requests)/:iid/{tail}")(handler)
        return route(method, f"groups/:id/(?:-/)?epics/:{epic}/{tail}")(handler)

    return remember


def answer(state: State, sent: Sent) -> Answer:
    """Carries one request out; the caller holds the world's lock."""
    try:
        user = _signed_in(state, sent)
        method = "GET" if sent.method == "HEAD" else sent.method
        for pattern, handler in _ROUTES.get(method, ()):
            if found := pattern.fullmatch(sent.path.removesuffix(".json")):
                parts = {key: unquote(value) for key, value in found.groupdict().items() if value is not None}
                params = read_params(sent.query, sent.body, sent.headers.get("content-type", ""))
                return handler(Call(state, user, sent.base, sent.path, params, parts, sent.headers))
        raise no_route()
    except Refusal as refusal:
        return refusal.answer


def _signed_in(state: State, sent: Sent) -> User | None:
    """Whom the token stands for. A wrong token is refused even where none was needed."""
    secret = token_of(sent.headers)
    if OPEN.fullmatch(sent.path):
        return None
    if not secret:
        if sent.method not in ("GET", "HEAD"):
            raise unauthorized()
        return None
    token = state.tokens.get(secret)
    if token is None:
        raise unauthorized()
    if token.expires_at and token.expires_at <= state.clock().date():
        raise expired()
    reading = sent.method in ("GET", "HEAD")
    if "api" not in token.scopes and not (reading and "read_api" in token.scopes):
        raise insufficient_scope()
    return token.user


def token_of(headers: Mapping[str, str]) -> str:
    """The secret of a request, from whichever header carries it."""
    bearer = headers.get("authorization", "")
    return headers.get("private-token") or (bearer[7:].strip() if bearer.lower().startswith("bearer ") else "")
