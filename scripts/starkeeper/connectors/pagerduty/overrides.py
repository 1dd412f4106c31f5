"""Takes who is to be on call instead of whom, and when; sees to it by overrides of the schedules that have the one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct, structs

from starkeeper.connectors.pagerduty.asks import SERVICE, Ask, moment
from starkeeper.connectors.pagerduty.wire import RenderedAnswer, WireWritten, decode, utc
from starkeeper.desk.words import instant
from starkeeper.errors import ConnectorError
from starkeeper.model.plan import OverrideStep

if TYPE_CHECKING:
    from starkeeper.connectors.pagerduty.client import Client

_CREATED = 201


class Part(Struct, frozen=True):
    """A part of the time in which a schedule has somebody on call."""

    schedule: str
    user: str
    starts: dt.datetime
    ends: dt.datetime


def set_override(
    client: Client, schedules: Sequence[str], user: str, other: str, sender: str, step: OverrideStep
) -> None:
    """Sets what is not there yet. All is looked at before anything is written. Raises ConnectorError."""
    about = f"setting an override in rotation '{step.rotation}'"
    if not sender:
        advice = "set it to the e-mail address of a user there, in whose name overrides are set"
        raise ConnectorError(SERVICE, about, "PAGERDUTY_FROM is not set", advice)
    parts = [each for id in schedules for each in _parts(client, id, step.starts, step.ends, about)]
    _check(parts, (user, other), step, about)
    for part in _joined(each for each in parts if each.user == other):
        _write(client, structs.replace(part, user=user), sender, about)


def _parts(client: Client, schedule: str, since: dt.datetime, until: dt.datetime, about: str) -> list[Part]:
    """Who is on call in a schedule in that time, overrides included."""
    query = {"since": moment(since), "until": moment(until)}
    answer = client.read(Ask("pagerduty schedules", f"/schedules/{schedule}", about, query), RenderedAnswer)
    return [
        Part(schedule, each.user.id, max(utc(each.start), since), min(utc(each.end), until))
        for each in answer.schedule.final_schedule.rendered_schedule_entries
    ]


def _check(parts: Iterable[Part], users: Collection[str], step: OverrideStep, about: str) -> None:
    """Raises ConnectorError where the time is not all theirs: an override of a third person is not overridden."""
    parts = list(parts)
    reached = _reached(parts, users, step.starts)
    if reached >= step.ends:
        return
    if any(each.starts <= reached < each.ends for each in parts):
        found = f"somebody else stands in there at {instant(reached)}"
        raise ConnectorError(SERVICE, about, found, "settle it with them, and set it by hand")
    found = f"nobody is on call there at {instant(reached)}, so there is nothing to override"
    raise ConnectorError(SERVICE, about, found, "set it by hand, or correct the times")


def _reached(parts: Iterable[Part], users: Collection[str], since: dt.datetime) -> dt.datetime:
    """Until when one of them is on call without a pause."""
    for part in sorted(parts, key=_beginning):
        if part.user in users and part.starts <= since:
            since = max(since, part.ends)
    return since


def _joined(parts: Iterable[Part]) -> list[Part]:
    """What goes on in the same schedule as one."""
    found: list[Part] = []
    for part in parts:
        if found and found[-1].schedule == part.schedule and found[-1].ends == part.starts:
            found[-1] = structs.replace(found[-1], ends=part.ends)
        else:
            found.append(part)
    return found


def _write(client: Client, part: Part, sender: str, about: str) -> None:
    override = {
        "start": moment(part.starts),
        "end": moment(part.ends),
        "user": {"id": part.user, "type": "user_reference"},
    }
    answer = client.write(
        Ask("pagerduty overrides", f"/schedules/{part.schedule}/overrides", about),
        {"overrides": [override]},
        sender,
        is_done=lambda: _is_there(client, part, about),
    )
    refused = [each for each in decode(answer, list[WireWritten], about) if each.status != _CREATED] if answer else []
    if refused:
        found = f"PagerDuty did not take it (status {refused[0].status})"
        raise ConnectorError(SERVICE, about, found, "set it by hand; is it still to come?")


def _is_there(client: Client, part: Part, about: str) -> bool:
    there = _parts(client, part.schedule, part.starts, part.ends, about)
    return _reached(there, (part.user,), part.starts) >= part.ends


def _beginning(part: Part) -> dt.datetime:
    return part.starts
