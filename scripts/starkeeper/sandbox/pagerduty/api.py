"""A request for PagerDuty to its answer: who asks, which route it is, and what PagerDuty would say."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import unquote

from msgspec import Struct

from starkeeper.sandbox.answers import Answer, Refusal, json_answer
from starkeeper.sandbox.api import Sent
from starkeeper.sandbox.pagerduty.errors import PagerDutyError, invalid, no_such_requester, not_found, unauthorized
from starkeeper.sandbox.pagerduty.throttle import count_request, limit_headers
from starkeeper.sandbox.params import Values, moment, read_params, words
from starkeeper.sandbox.records.pagerduty import PagerDuty, PagerUser
from starkeeper.sandbox.shapes.base import Json
from starkeeper.sandbox.state import State

PREFIX = "/pagerduty/"
USUAL_LIMIT, MOST, LAST_ROW = 25, 100, 10_000
RowT = TypeVar("RowT")


class PagerCall(Struct):
    """A request of somebody who may make it; `parts` are the variable parts of the path, `base` has no slash."""

    state: State
    params: Values
    parts: dict[str, str]
    base: str
    sender: str

    @property
    def account(self) -> PagerDuty:
        return self.state.pagerduty

    def requester(self) -> PagerUser:
        """Whose address the From header gives, which is needed to change incidents."""
        for each in self.account.users.values():
            if self.sender and each.email.lower() == self.sender.strip().lower():
                return each
        raise no_such_requester()

    def named(self, table: Mapping[str, RowT]) -> RowT:
        """The record whose id the path gives."""
        found = table.get(self.parts["id"])
        if found is None:
            raise not_found()
        return found

    def several(self, name: str) -> list[str]:
        """The values of a parameter such as `statuses[]`."""
        return words(self.params.get(name))

    def time(self, name: str, default: dt.datetime) -> dt.datetime:
        try:
            return moment(self.params, name) or default
        except Refusal:
            raise invalid(f"{name.capitalize()} is not a valid time.") from None

    def page(self, key: str, rows: list[RowT], shape: Callable[[RowT], Json]) -> Answer:
        """One page of a list; what there is in all is counted on demand only."""
        offset, limit = self._number("offset", 0), min(self._number("limit", USUAL_LIMIT), MOST)
        if offset + limit > LAST_ROW:
            raise invalid(f"Offset and limit must be {LAST_ROW} at most together.")
        shown = [shape(each) for each in rows[offset : offset + limit]]
        total = len(rows) if self.params.get("total") == "true" else None
        more = offset + limit < len(rows)
        return json_answer({key: shown, "limit": limit, "offset": offset, "more": more, "total": total})

    def _number(self, name: str, default: int) -> int:
        text = str(self.params.get(name, default))
        if not text.isdigit():
            raise invalid(f"{name.capitalize()} must be a number.")
        return int(text)


Handler = Callable[[PagerCall], Answer]
_ROUTES: list[tuple[str, re.Pattern[str], Handler]] = []


def route(method: str, path: str) -> Callable[[Handler], Handler]:
    """Registers what answers a path such as `incidents/:id`."""
    pattern = re.compile(PREFIX + re.sub(r":(\w+)", r"(?P<\1>[^/]+)", path))

    def remember(handler: Handler) -> Handler:
        _ROUTES.append((method, pattern, handler))
        return handler

    return remember


def answer_pagerduty(state: State, sent: Sent) -> Answer:
    """Carries one request out; the caller holds the world's lock."""
    secret = _secret(sent.headers)
    try:
        if secret not in state.pagerduty.tokens:
            raise unauthorized()
        count_request(state, secret)
        found = _routed(state, sent)
    except PagerDutyError as error:
        found = error.answer
    if secret in state.pagerduty.tokens:
        found.headers = {**limit_headers(state, secret), **found.headers}
    return found


def _routed(state: State, sent: Sent) -> Answer:
    method = "GET" if sent.method == "HEAD" else sent.method
    for allowed, pattern, handler in _ROUTES:
        found = pattern.fullmatch(sent.path)
        if found and allowed == method:
            parts = {name: unquote(value) for name, value in found.groupdict().items()}
            sender = sent.headers.get("from", "")
            return handler(PagerCall(state, _params(sent), parts, sent.base + PREFIX.rstrip("/"), sender))
    raise not_found()


def _params(sent: Sent) -> Values:
    try:
        return read_params(sent.query, sent.body, sent.headers.get("content-type", ""))
    except Refusal:
        raise invalid("The body is no JSON.") from None


def _secret(headers: Mapping[str, str]) -> str:
    """The key from `Token token=…`; quotes around it are allowed."""
    found = re.fullmatch(r"Token token=\"?([^\"\s]+)\"?", headers.get("authorization", "").strip(), re.IGNORECASE)
    return found[1] if found else ""


def reference_id(value: Any) -> str:
    """The id in a reference such as `{"id": …, "type": "service_reference"}`."""
    return str(value.get("id", "")) if isinstance(value, dict) else ""
