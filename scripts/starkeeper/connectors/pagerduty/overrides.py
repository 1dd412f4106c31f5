"""Takes who is to be on call instead, and when; sees to it by overrides of the schedules that have that time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from starkeeper.connectors.pagerduty.asks import SERVICE, Ask, moment
from starkeeper.connectors.pagerduty.wire import (
    OverridesAnswer,
    RenderedAnswer,
    WireEntry,
    WireWritten,
    decode,
    utc,
)
from starkeeper.desk.words import instant
from starkeeper.errors import ConnectorError
from starkeeper.model.plan import OverrideStep

if TYPE_CHECKING:
    from starkeeper.connectors.pagerduty.client import Client

_CREATED = 201


class Part(Struct, frozen=True):
    """A part of the time, all of which one schedule has."""

    schedule: str
    starts: dt.datetime
    ends: dt.datetime


def set_override(client: Client, schedules: Sequence[str], user: str, sender: str, step: OverrideStep) -> None:
    """Sets what is not there yet. All is looked at before anything is written. Raises ConnectorError."""
    about = f"setting an override in rotation '{step.rotation}'"
    if not sender:
        advice = "set it to the e-mail address of a user there, in whose name overrides are set"
        raise ConnectorError(SERVICE, about, "PAGERDUTY_FROM is not set", advice)
    missing = [part for part in _parts(client, schedules, step, about) if not _is_there(client, part, user, about)]
    for part in missing:
        _write(client, part, user, sender, about)


def _parts(client: Client, schedules: Sequence[str], step: OverrideStep, about: str) -> list[Part]:
    """The time, cut where another schedule takes over."""
    entries = [(id, each) for id in schedules for each in _entries(client, id, step.starts, step.ends, about)]
    parts: list[Part] = []
    reached = step.starts
    while reached < step.ends:
        here = [(id, utc(each.end)) for id, each in entries if utc(each.start) <= reached < utc(each.end)]
        if not here:
            found = f"nobody is on call there at {instant(reached)}, so there is nothing to override"
            raise ConnectorError(SERVICE, about, found, "set it by hand, or correct the times")
        id, ends = max(here, key=lambda each: each[1])
        ends = min(ends, step.ends)
        if parts and parts[-1].schedule == id:
            parts[-1] = Part(id, parts[-1].starts, ends)
        else:
            parts.append(Part(id, reached, ends))
        reached = ends
    return parts


def _entries(client: Client, id: str, since: dt.datetime, until: dt.datetime, about: str) -> list[WireEntry]:
    """Who is on call in a schedule, overrides included."""
    query = {"since": moment(since), "until": moment(until)}
    answer = client.read(Ask("pagerduty schedules", f"/schedules/{id}", about, query), RenderedAnswer)
    return answer.schedule.final_schedule.rendered_schedule_entries


def _is_there(client: Client, part: Part, user: str, about: str) -> bool:
    """Whether the person stands in all that time; raises ConnectorError where somebody else does in any of it."""
    query = {"since": moment(part.starts), "until": moment(part.ends)}
    ask = Ask("pagerduty overrides", f"/schedules/{part.schedule}/overrides", about, query)
    there = client.read(ask, OverridesAnswer).overrides
    if any(each.user.id != user for each in there):
        found = f"somebody else stands in there between {instant(part.starts)} and {instant(part.ends)}"
        raise ConnectorError(SERVICE, about, found, "settle it with them, and set it by hand")
    return any(utc(each.start) <= part.starts and utc(each.end) >= part.ends for each in there)


def _write(client: Client, part: Part, user: str, sender: str, about: str) -> None:
    override = {
        "start": moment(part.starts),
        "end": moment(part.ends),
        "user": {"id": user, "type": "user_reference"},
    }
    answer = client.write(
        Ask("pagerduty overrides", f"/schedules/{part.schedule}/overrides", about),
        {"overrides": [override]},
        sender,
        is_done=lambda: _is_there(client, part, user, about),
    )
    refused = [each for each in decode(answer, list[WireWritten], about) if each.status != _CREATED] if answer else []
    if refused:
        found = f"PagerDuty did not take it (status {refused[0].status})"
        raise ConnectorError(SERVICE, about, found, "set it by hand; is it still to come?")
