"""Faults in Slack's own form, for `world.faults`."""

from __future__ import annotations

import re

from starkeeper.sandbox.faults import Fault

_JSON = "application/json; charset=utf-8"


def refused(method: str, error: str, *, times: int = 1, after_effect: bool = False) -> Fault:
    """Status 200 and `ok` false; `internal_error` or `fatal_error` may come although the call was carried out."""
    return _fault(method, error, 200, {}, times, after_effect)


def rate_limited(method: str, *, retry_after: int = 1, times: int = 1) -> Fault:
    return _fault(method, "ratelimited", 429, {"Retry-After": str(retry_after)}, times, False)


def _fault(method: str, error: str, status: int, headers: dict[str, str], times: int, after_effect: bool) -> Fault:
    return Fault(
        "*",
        f"/slack/api/{re.escape(method)}$",
        times=times,
        status=status,
        body=f'{{"ok":false,"error":"{error}"}}',
        headers={"Content-Type": _JSON, **headers},
        after_effect=after_effect,
    )
