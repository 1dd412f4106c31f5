"""One request to PagerDuty as data, and the time that it is about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from msgspec import Struct

SERVICE = "PagerDuty"


class Ask(Struct, frozen=True):
    """What to read; `kind` is how it is counted, `about` names it in errors."""

    kind: str
    path: str
    about: str
    query: Mapping[str, str | Sequence[str]] = {}


def moment(at: dt.datetime) -> str:
    """An instant as PagerDuty reads it."""
    return f"{at.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"
