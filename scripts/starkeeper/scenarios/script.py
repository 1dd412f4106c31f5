"""A scenario as it is played: every time is known, every name was looked up, and each expectation knows its place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from starkeeper.errors import Where
from starkeeper.scenarios.grammar import (
    Assigns,
    Closes,
    Comments,
    Corrects,
    DeletesNote,
    EditsNote,
    Fails,
    FillsIn,
    Labels,
    Opens,
    Override,
    Reacts,
    Reopens,
    Replies,
    Retitles,
    Unreacts,
    Works,
    Writes,
)

IssueAct = Comments | Labels | Closes | Reopens | Retitles | Corrects | Assigns | DeletesNote | EditsNote
MessageAct = Reacts | Unreacts | Replies
SlackAct = MessageAct | Writes
Outage = Fails | Works
Act = Opens | IssueAct | SlackAct | Override | Outage
"""What somebody does, or what befalls a system."""


class Check(Struct, frozen=True):
    """One thing expected of an issue, such as its `labels`; without an issue, that `nothing` was changed at all, or all
    that was said in `slack`."""

    where: Where
    issue: str
    what: str
    wanted: Any


class Expect(Struct, frozen=True):
    """All that is expected at one point."""

    checks: tuple[Check, ...]


class Sweep(Struct, frozen=True):
    """The desk sweeps, once or several times; `is_series` says that these are the times of a schedule."""

    where: Where
    times: tuple[dt.datetime, ...]
    is_series: bool = False


class Digest(Struct, frozen=True):
    """A digest of that name is run."""

    where: Where
    name: str


Deed = Act | FillsIn | Sweep | Digest | Expect


class Step(Struct, frozen=True, kw_only=True):
    """What happens from a time on, in order; not played where it waits for a system."""

    where: Where
    at: dt.datetime
    deeds: tuple[Deed, ...]
    waits_for: tuple[str, ...] = ()


class Given(Struct, frozen=True, kw_only=True):
    """Who holds which rotation all the time, the policy files that count (all of them where none is named), and the
    systems that are not connected."""

    on_call: Mapping[str, str] = {}
    policies: tuple[str, ...] = ()
    without: frozenset[str] = frozenset()


class Scenario(Struct, frozen=True, kw_only=True):
    """One scenario of a file."""

    name: str
    where: Where
    given: Given
    steps: tuple[Step, ...]
