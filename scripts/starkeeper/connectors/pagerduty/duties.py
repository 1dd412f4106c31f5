"""Takes rotations; gives who is on call in each, from a day before now to two days after, as PagerDuty says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

from starkeeper.connectors.pagerduty.asks import SERVICE, Ask, moment
from starkeeper.connectors.pagerduty.wire import ScheduleAnswer, WireOnCall, utc
from starkeeper.desk.rotations import AHEAD, BACK, joined
from starkeeper.errors import ConnectorError
from starkeeper.model.desk import Desk
from starkeeper.model.requests import Reading
from starkeeper.model.resources import Duty, Place

if TYPE_CHECKING:
    from starkeeper.connectors.pagerduty.client import Client
    from starkeeper.connectors.pagerduty.names import Names
    from starkeeper.connectors.pagerduty.people import People


def read_duties(
    client: Client, schedules: Names, people: People, desk: Desk, rotations: Sequence[str], now: dt.datetime
) -> Reading[tuple[Duty, ...]]:
    """All of them in one request. Raises ConnectorError where that fails."""
    named = schedules.ids_of({name: desk.rotations[name].schedules for name in rotations})
    on_calls = _on_calls(client, named.all_ids, now)
    reading: Reading[tuple[Duty, ...]] = Reading(
        {}, {Place("rotations", name): why for name, why in named.failed.items()}
    )
    for name, ids in named.ids.items():
        try:
            for silent in sorted(set(ids) - {_schedule(each) for each in on_calls}):
                _check(client, silent, name)
        except ConnectorError as error:
            reading.failed[Place("rotations", name)] = error
            continue
        found = [each for each in on_calls if _schedule(each) in ids]
        reading.found[Place("rotations", name)] = joined(_duty(each, people, now) for each in found)
    return reading


def _on_calls(client: Client, ids: Sequence[str], now: dt.datetime) -> list[WireOnCall]:
    if not ids:
        # PagerDuty would tell of everybody.
        return []
    query = {
        "schedule_ids[]": ids,
        "since": moment(now - BACK),
        "until": moment(now + AHEAD),
        "include[]": "users",
    }
    return client.read_all(
        Ask("pagerduty on-calls", "/oncalls", "reading who is on call", query), "oncalls", WireOnCall
    )


def _check(client: Client, id: str, rotation: str) -> None:
    """Of a schedule that names nobody for days: that it exists, and that PagerDuty would tell of it.

    What no escalation policy uses is not among the on-calls, whoever has a shift in it.
    """
    about = f"reading the schedule '{id}' of rotation '{rotation}'"
    try:
        schedule = client.read(Ask("pagerduty schedules", f"/schedules/{id}", about), ScheduleAnswer).schedule
    except ConnectorError as error:
        if error.status != 404:
            raise
        advice = "write its name or its id as PagerDuty shows it into desk.yml"
        raise ConnectorError(SERVICE, about, "there is none of that id", advice, status=404) from None
    if not schedule.escalation_policies:
        found = "no escalation policy uses it, and then PagerDuty tells nobody who is on call"
        raise ConnectorError(SERVICE, about, found, "add it to an escalation policy there")


def _schedule(on_call: WireOnCall) -> str:
    return on_call.schedule.id if on_call.schedule else ""


def _duty(on_call: WireOnCall, people: People, now: dt.datetime) -> Duty:
    """What has no end is cut off where the look-up ends."""
    person = people.find(on_call.user)
    return Duty(
        person=person.gitlab if person else "",
        starts=utc(on_call.start) if on_call.start else now - BACK,
        ends=utc(on_call.end) if on_call.end else now + AHEAD,
        name="" if person else people.name(on_call.user),
        region=person.region if person else "",
    )
