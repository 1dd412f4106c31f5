"""Events to webhooks: one HTTP request each, in order, in the background and without the world's lock."""

from __future__ import annotations

import datetime as dt
import http.client
import uuid
from urllib.parse import urlsplit

import msgspec

from starkeeper.sandbox.records import Delivery, Hook
from starkeeper.sandbox.shapes.base import Json, encode
from starkeeper.sandbox.shapes.pipelines import MOST_FAILURES, alert_status
from starkeeper.sandbox.state import State

TIMEOUT_SECONDS = 10
LONGEST_PAUSE = dt.timedelta(days=1)
HEADERS = {
    "issues_events": "Issue Hook",
    "confidential_issues_events": "Confidential Issue Hook",
    "note_events": "Note Hook",
    "confidential_note_events": "Confidential Note Hook",
}


def deliver(state: State, hook: Hook, event: str, body: Json) -> None:
    """Queues an event for a hook; the caller holds the world's lock, and `body` is not changed any more.

    Only this machine is called, by the world's own address, 127.0.0.1 or localhost. For any other hook it is kept in
    the world's `deliveries` that nothing was sent.
    """
    data = encode(body)
    state.background.add("hooks", lambda: _send(state, Delivery(hook.id, event, body), hook, data))


def _send(state: State, delivery: Delivery, hook: Hook, data: bytes) -> None:
    with state.lock:
        url, headers, refused = hook.full_url, _headers(state, hook, delivery.event), _refused(state, hook)
    status = 0 if refused else _post(url, headers, data)
    with state.lock:
        state.deliveries.append(msgspec.structs.replace(delivery, status=status, refused=refused))
        if not refused:
            _count(state, hook, 200 <= status < 400)


def _refused(state: State, hook: Hook) -> str:
    if hook.id not in hook.project.hooks:
        return "the hook is gone"
    if (status := alert_status(hook, state.clock())) != "executable":
        return f"the hook is {status.replace('_', ' ')}"
    own = urlsplit(state.url).hostname
    return "" if urlsplit(hook.full_url).hostname in (own, "127.0.0.1", "localhost") else "it leads off this machine"


def _headers(state: State, hook: Hook, event: str) -> dict[str, str]:
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "GitLab/18.6.0-ee",
        "Idempotency-Key": str(uuid.uuid4()),
        "X-Gitlab-Event": HEADERS[event],
        "X-Gitlab-Webhook-UUID": str(uuid.uuid4()),
        "X-Gitlab-Instance": state.url,
        "X-Gitlab-Event-UUID": str(uuid.uuid4()),
    }
    return {**hook.custom_headers, **headers, **({"X-Gitlab-Token": hook.token} if hook.token else {})}


def _post(url: str, headers: dict[str, str], data: bytes) -> int:
    """The status of the answer, 0 for none; redirections are not followed."""
    address = urlsplit(url)
    secure = address.scheme == "https"
    kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
    connection = kind(address.hostname or "", address.port, timeout=TIMEOUT_SECONDS)
    try:
        connection.request("POST", address._replace(scheme="", netloc="", fragment="").geturl() or "/", data, headers)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()


def _count(state: State, hook: Hook, well: bool) -> None:
    """Gives a hook that fails too often a rest: a minute first, then twice as long each time."""
    hook.failures = 0 if well else hook.failures + 1
    hook.until = None
    if hook.failures >= MOST_FAILURES:
        pause = min(dt.timedelta(minutes=2 ** min(hook.failures - MOST_FAILURES, 20)), LONGEST_PAUSE)
        hook.until = state.clock() + pause
    state.changed()
