"""Takes services; gives the incidents of each that are not resolved, and those of the last day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from starkeeper.connectors.pagerduty.asks import Ask, moment
from starkeeper.connectors.pagerduty.wire import WireIncident, utc
from starkeeper.model.desk import Desk
from starkeeper.model.requests import Reading
from starkeeper.model.resources import Page, Place

if TYPE_CHECKING:
    from starkeeper.connectors.pagerduty.client import Client
    from starkeeper.connectors.pagerduty.names import Names
    from starkeeper.connectors.pagerduty.people import People

_RECENT = dt.timedelta(days=1)


def read_pages(
    client: Client, services: Names, people: People, desk: Desk, names: Sequence[str], now: dt.datetime
) -> Reading[tuple[Page, ...]]:
    """All services together, oldest incident first. Raises ConnectorError where a request fails."""
    named = services.ids_of({name: (desk.services[name],) for name in names})
    incidents = _incidents(client, named.all_ids, now)
    reading: Reading[tuple[Page, ...]] = Reading(
        {}, {Place("services", name): why for name, why in named.failed.items()}
    )
    for name, ids in named.ids.items():
        found = (each for each in incidents if each.service.id in ids)
        reading.found[Place("services", name)] = tuple(_page(each, people) for each in found)
    return reading


def _incidents(client: Client, services: Sequence[str], now: dt.datetime) -> list[WireIncident]:
    """Each once; PagerDuty takes either a status or a time, so it is asked twice."""
    if not services:
        return []
    unresolved = {"statuses[]": ("triggered", "acknowledged"), "date_range": "all"}
    recent = {"since": moment(now - _RECENT), "until": moment(now)}
    found = [*_list(client, services, unresolved), *_list(client, services, recent)]
    # The later answer is the truer one where something happened in between.
    return sorted(
        {each.id: each for each in found}.values(), key=lambda each: (utc(each.created_at), each.incident_number)
    )


def _list(client: Client, services: Sequence[str], which: Mapping[str, str | Sequence[str]]) -> list[WireIncident]:
    query = {
        "service_ids[]": services,
        "include[]": ("assignees", "acknowledgers"),
        "sort_by": "created_at:asc",
        **which,
    }
    return client.read_all(
        Ask("pagerduty incidents", "/incidents", "reading incidents", query), "incidents", WireIncident
    )


def _page(incident: WireIncident, people: People) -> Page:
    users = [each.acknowledger for each in incident.acknowledgements] + [each.assignee for each in incident.assignments]
    return Page(
        number=incident.incident_number,
        title=incident.title or "",
        status=incident.status,
        created_at=utc(incident.created_at),
        people=tuple(dict.fromkeys(map(people.name, users))),
        web_url=incident.html_url or "",
    )
