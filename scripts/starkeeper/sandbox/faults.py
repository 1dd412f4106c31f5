"""Faults on demand: which requests go wrong, how often, and whether they still take effect."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from msgspec import Struct, field

THROTTLED = "This endpoint has been requested too many times. Try again later."


class Fault(Struct):
    """The next `times` requests that match go wrong.

    `method` is one of HTTP's or "*"; `path` is a regular expression, searched in the path as it was sent. With
    `after_effect` the request is carried out first and only its answer is spoilt. `drop` closes the connection
    without an answer. `keep_rows` answers well but leaves all rows of a list after so many out, as a list that ends
    early does; `total` then says what X-Total claims. `skip` lets so many matching requests pass first.
    """

    method: str
    path: str
    times: int = 1
    status: int = 500
    body: str | bytes = '{"message":"500 Internal Server Error"}'
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": "application/json"})
    after_effect: bool = False
    drop: bool = False
    keep_rows: int | None = None
    total: int | None = None
    skip: int = 0

    def matches(self, method: str, path: str) -> bool:
        return self.times > 0 and self.method in ("*", method) and re.search(self.path, path) is not None


def next_fault(faults: Iterable[Fault], method: str, path: str) -> Fault | None:
    """The first fault that this request meets; it is counted."""
    for fault in faults:
        if not fault.matches(method, path):
            continue
        if fault.skip > 0:
            fault.skip -= 1
            continue
        fault.times -= 1
        return fault
    return None


def too_many_requests(method: str, path: str, *, retry_after: int = 1, times: int = 1, form: str = "plain") -> Fault:
    """A 429 in one of GitLab's three forms: `plain` (the request limiter), `older` or `newer` (a limit per action)."""
    bodies = {
        "plain": "Retry later\n",
        "older": '{"message":{"error":"' + THROTTLED + '"}}',
        "newer": '{"message":"' + THROTTLED + '"}',
    }
    kind = "text/plain" if form == "plain" else "application/json"
    headers = {"Content-Type": kind, "Retry-After": str(retry_after)}
    return Fault(method, path, times=times, status=429, body=bodies[form], headers=headers)


def server_error(method: str, path: str, *, times: int = 1, after_effect: bool = False, status: int = 500) -> Fault:
    """A 5xx; with `after_effect` the request was carried out although the answer says otherwise."""
    body = '{"message":"' + str(status) + ' Internal Server Error"}'
    return Fault(method, path, times=times, status=status, body=body, after_effect=after_effect)


def dropped(method: str, path: str, *, times: int = 1, after_effect: bool = True) -> Fault:
    """The connection ends without an answer."""
    return Fault(method, path, times=times, drop=True, after_effect=after_effect)


def html_page(method: str, path: str, *, times: int = 1, status: int = 200) -> Fault:
    """A web page where JSON was expected, as a proxy or a sign-in page sends it."""
    headers = {"Content-Type": "text/html; charset=utf-8"}
    page = "<!DOCTYPE html><html><body>Sign in</body></html>"
    return Fault(method, path, times=times, status=status, body=page, headers=headers)


def cut_list(method: str, path: str, *, rows: int, total: int | None = None, times: int = 1) -> Fault:
    """A page of a list that ends early although its headers promise more."""
    return Fault(method, path, times=times, keep_rows=rows, total=total)
