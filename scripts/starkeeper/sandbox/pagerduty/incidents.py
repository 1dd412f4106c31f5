"""Services and incidents: lists, opening, acknowledging, escalating and resolving."""

from __future__ import annotations

import datetime as dt
from typing import Any

from starkeeper.sandbox.answers import Answer, json_answer
from starkeeper.sandbox.pagerduty.api import PagerCall, reference_id, route
from starkeeper.sandbox.pagerduty.errors import already_open, already_resolved, invalid
from starkeeper.sandbox.pagerduty.shapes import incident_shape, service_shape
from starkeeper.sandbox.records.pagerduty import Happened, Incident, PagerUser, Service

MONTH, LONGEST = dt.timedelta(days=30), dt.timedelta(days=184)
ORDERS = ("incident_number", "created_at", "resolved_at", "urgency")


@route("GET", "services")
def list_services(call: PagerCall) -> Answer:
    """All services by name; `query` is searched in names."""
    wanted = str(call.params.get("query", "")).lower()
    found = [each for each in call.account.services.values() if wanted in each.name.lower()]
    return call.page(
        "services", sorted(found, key=lambda each: each.name), lambda each: service_shape(call.base, call.account, each)
    )


@route("GET", "incidents")
def list_incidents(call: PagerCall) -> Answer:
    """Incidents opened within a time: the last month unless told, or `date_range=all`."""
    until = call.time("until", call.state.clock())
    since = call.time("since", until - MONTH)
    if call.params.get("date_range") != "all":
        if until - since > LONGEST:
            raise invalid("Date range must be 6 months at most.")
        found = [each for each in call.account.incidents.values() if since <= each.created_at <= until]
    else:
        found = list(call.account.incidents.values())
    found = [each for each in found if _is_asked_for(call, each)]
    for field, falls in reversed(_orders(call)):
        found.sort(key=lambda each: _sort_key(each, field), reverse=falls)
    return call.page("incidents", found, lambda each: incident_shape(call.base, each))


@route("GET", "incidents/:id")
def get_incident(call: PagerCall) -> Answer:
    return json_answer({"incident": _shape(call, call.named(call.account.incidents))})


@route("POST", "incidents")
def open_incident(call: PagerCall) -> Answer:
    """A key lets only one incident of a service be open at a time."""
    call.requester()
    sent = _sent(call)
    service = call.account.services.get(reference_id(sent.get("service")))
    problems = [] if str(sent.get("title") or "").strip() else ["Title cannot be empty."]
    problems += [] if service else ["Service cannot be empty."]
    if service is None or problems:
        raise invalid(*problems)
    key = str(sent.get("incident_key") or "")
    if key and call.account.open_incident(service, key):
        raise already_open()
    return json_answer({"incident": _shape(call, _opened(call, service, key, sent))}, 201)


@route("PUT", "incidents/:id")
def update_incident(call: PagerCall) -> Answer:
    """Acknowledges, resolves, escalates, or changes title or urgency, as whom the From header names."""
    user, incident, sent = call.requester(), call.named(call.account.incidents), _sent(call)
    status = sent.get("status")
    if status not in (None, "acknowledged", "resolved", "triggered"):
        raise invalid("Status is not valid.")
    if incident.status == "resolved":
        raise already_resolved()
    now = call.state.clock()
    if status == "acknowledged":
        incident.acknowledge(user, now)
    elif status == "resolved":
        incident.resolve(user, now)
    if isinstance(sent.get("escalation_level"), int):
        incident.level = sent["escalation_level"] - 1
        incident.escalate(now)
    incident.title = str(sent.get("title") or incident.title)
    incident.urgency = "low" if sent.get("urgency", incident.urgency) == "low" else "high"
    call.state.changed()
    return json_answer({"incident": _shape(call, incident)})


def _opened(call: PagerCall, service: Service, key: str, sent: dict[str, Any]) -> Incident:
    now = call.state.clock()
    made = call.account.add_incident(service, str(sent["title"]), key, now)
    made.policy = call.account.policies.get(reference_id(sent.get("escalation_policy")), service.policy)
    made.urgency = "low" if sent.get("urgency") == "low" else "high"
    body = sent.get("body")
    made.body = str(body.get("details", "")) if isinstance(body, dict) else ""
    people = _assignees(call, sent)
    if people:
        made.direct, made.assignments = True, [Happened(each, now) for each in people]
    else:
        made.assign(now)
    call.state.changed()
    return made


def _assignees(call: PagerCall, sent: dict[str, Any]) -> list[PagerUser]:
    ids = [reference_id(each.get("assignee")) for each in sent.get("assignments") or ()]
    if any(each not in call.account.users for each in ids):
        raise invalid("Assignee not found.")
    return [call.account.users[each] for each in ids]


def _sent(call: PagerCall) -> dict[str, Any]:
    sent = call.params.get("incident")
    if not isinstance(sent, dict):
        raise invalid("Incident must be set.")
    return sent


def _is_asked_for(call: PagerCall, incident: Incident) -> bool:
    found: dict[str, list[str]] = {
        "statuses": [incident.status],
        "service_ids": [incident.service.id],
        "urgencies": [incident.urgency],
        "user_ids": [each.user.id for each in incident.assignments],
        "incident_key": [incident.incident_key],
    }
    return all(set(call.several(name)) & set(values) for name, values in found.items() if call.several(name))


def _orders(call: PagerCall) -> list[tuple[str, bool]]:
    """The fields to sort by, and whether each falls."""
    orders = [each.partition(":") for each in call.several("sort_by") or ["incident_number"]]
    if any(field not in ORDERS or way not in ("", "asc", "desc") for field, _, way in orders):
        raise invalid("Sort by is not valid.")
    return [(field, way == "desc") for field, _, way in orders]


def _sort_key(incident: Incident, field: str) -> Any:
    if field == "incident_number":
        return incident.number
    if field == "urgency":
        return incident.urgency == "high"
    at = incident.created_at if field == "created_at" else incident.resolved_at
    return at.timestamp() if at else 0


def _shape(call: PagerCall, incident: Incident) -> dict[str, Any]:
    """One incident by itself; its body comes to whoever asks for it."""
    body = {"type": "incident_body", "details": incident.body}
    return incident_shape(call.base, incident) | ({"body": body} if "body" in call.several("include") else {})
