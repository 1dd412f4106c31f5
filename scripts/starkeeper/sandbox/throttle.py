"""The limit of requests a minute: its headers on every answer, and the refusal of what is too many."""

from __future__ import annotations

import datetime as dt

from starkeeper.sandbox.answers import Answer
from starkeeper.sandbox.shapes.base import stamp
from starkeeper.sandbox.state import State

USUAL_LIMIT = 2000


def limit_headers(state: State, secret: str) -> dict[str, str]:
    """The RateLimit headers; where no limit is set they name the usual one and never come near its end.

    A client that brakes before a limit would otherwise wait for nothing, and the world's clock may stand still.
    """
    limit = state.requests_per_minute or USUAL_LIMIT
    start, used = _window(state, secret)
    observed = used if state.requests_per_minute else (used - 1) % (limit // 2) + 1
    ends = start + dt.timedelta(minutes=1)
    return {
        "RateLimit-Limit": str(limit),
        "RateLimit-Name": "throttle_authenticated_api",
        "RateLimit-Observed": str(observed),
        "RateLimit-Remaining": str(max(limit - observed, 0)),
        "RateLimit-Reset": str(int(ends.timestamp())),
    }


def refuse_when_too_many(state: State, secret: str) -> Answer | None:
    """Counts a request of this token in the world's current minute; a 429 once there are too many."""
    start, used = _window(state, secret)
    state.request_counts[secret] = (start, used + 1)
    if state.requests_per_minute is None or used < state.requests_per_minute:
        return None
    wait = max(int((start + dt.timedelta(minutes=1) - state.clock()).total_seconds()), 1)
    headers = limit_headers(state, secret)
    headers |= {"Retry-After": str(wait), "Content-Type": "text/plain"}
    headers["RateLimit-ResetTime"] = stamp(start + dt.timedelta(minutes=1)) or ""
    return Answer(429, b"Retry later\n", headers)


def _window(state: State, secret: str) -> tuple[dt.datetime, int]:
    start = state.clock().replace(second=0, microsecond=0)
    kept = state.request_counts.get(secret)
    return kept if kept is not None and kept[0] == start else (start, 0)
