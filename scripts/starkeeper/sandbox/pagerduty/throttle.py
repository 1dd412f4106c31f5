"""The limit of requests a minute of each key, told in the headers of every answer."""

from __future__ import annotations

import datetime as dt

from starkeeper.sandbox.pagerduty.errors import too_many
from starkeeper.sandbox.state import State

USUAL_LIMIT = 960


def count_request(state: State, secret: str) -> None:
    """Counts a request in the world's current minute; PagerDutyError once there are too many."""
    start, used = _window(state, secret)
    state.pagerduty.request_counts[secret] = (start, used + 1)
    most = state.pagerduty.requests_per_minute
    if most is not None and used >= most:
        raise too_many()


def limit_headers(state: State, secret: str) -> dict[str, str]:
    """`ratelimit-reset` is how many seconds are left; PagerDuty sends no Retry-After.

    Without a limit the usual one is named and never comes near its end, for the world's clock may stand still.
    """
    start, used = _window(state, secret)
    most = state.pagerduty.requests_per_minute
    limit, observed = (most, used) if most else (USUAL_LIMIT, (used - 1) % (USUAL_LIMIT // 2) + 1)
    left = start + dt.timedelta(minutes=1) - state.clock()
    return {
        "ratelimit-limit": str(limit),
        "ratelimit-remaining": str(max(limit - observed, 0)),
        "ratelimit-reset": str(max(int(left.total_seconds()), 1)),
    }


def _window(state: State, secret: str) -> tuple[dt.datetime, int]:
    start = state.clock().replace(second=0, microsecond=0)
    kept = state.pagerduty.request_counts.get(secret)
    return kept if kept is not None and kept[0] == start else (start, 0)
