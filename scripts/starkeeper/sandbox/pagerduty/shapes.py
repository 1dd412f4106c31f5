"""Records of PagerDuty as its interface shows them: in full, or as references with an id and a summary."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from starkeeper.sandbox.records.pagerduty import (
    Incident,
    Override,
    PagerDuty,
    PagerUser,
    Policy,
    Schedule,
    Service,
    Shift,
    Turn,
)
from starkeeper.sandbox.shapes.base import Json

WEB = "https://sandbox.pagerduty.example"
_PATHS = {
    "user": "users",
    "schedule": "schedules",
    "escalation_policy": "escalation_policies",
    "service": "services",
    "incident": "incidents",
}


def reference(base: str, kind: str, record: PagerUser | Schedule | Policy | Service) -> Json:
    """A record as others name it; its name is in `summary`, and what else there is has to be asked for."""
    return _head(base, kind, record.id, record.name) | {"type": f"{kind}_reference"}


def user_shape(base: str, user: PagerUser) -> Json:
    return _head(base, "user", user.id, user.name) | {
        "name": user.name,
        "email": user.email,
        "time_zone": user.time_zone,
        "color": "green",
        "role": "user",
        "avatar_url": f"{WEB}/avatars/{user.id}.png",
        "description": None,
        "invitation_sent": False,
        "job_title": "",
        "teams": [],
        "contact_methods": [],
        "notification_rules": [],
    }


def policy_shape(base: str, policy: Policy) -> Json:
    rules = [
        {
            "id": f"{policy.id}{number}",
            "escalation_delay_in_minutes": 30,
            "targets": [_target(base, each) for each in level],
        }
        for number, level in enumerate(policy.levels)
    ]
    shown = {"name": policy.name, "escalation_rules": rules, "num_loops": 0, "services": [], "teams": []}
    return _head(base, "escalation_policy", policy.id, policy.name) | shown


def schedule_shape(base: str, account: PagerDuty, schedule: Schedule) -> Json:
    policies = [each for each in account.policies.values() if any(schedule in level for level in each.levels)]
    return _head(base, "schedule", schedule.id, schedule.name) | {
        "name": schedule.name,
        "time_zone": schedule.time_zone,
        "description": "",
        "escalation_policies": [reference(base, "escalation_policy", each) for each in policies],
        "users": [reference(base, "user", each) for each in schedule.users()],
        "teams": [],
    }


def layer_shape(base: str, schedule: Schedule, shift: Shift, number: int) -> Json:
    """A daily shift as a layer of its own, without its rendered entries."""
    zone = ZoneInfo(schedule.time_zone)
    first = dt.datetime(2026, 1, 1, shift.start.hour, shift.start.minute, tzinfo=zone)
    hours = (dt.datetime.combine(first, shift.end) - dt.datetime.combine(first, shift.start)).total_seconds()
    return {
        "id": f"{schedule.id}L{number}",
        "name": f"Layer {number}",
        "start": first.isoformat(),
        "end": None,
        "rotation_virtual_start": first.isoformat(),
        "rotation_turn_length_seconds": 86400,
        "users": [{"user": reference(base, "user", shift.user)}],
        "restrictions": [
            {
                "type": "daily_restriction",
                "start_time_of_day": shift.start.isoformat(),
                "duration_seconds": int(hours % 86400) or 86400,
            }
        ],
    }


def turn_shape(base: str, schedule: Schedule, turn: Turn) -> Json:
    """A time on call, on the clock of its schedule."""
    zone = ZoneInfo(schedule.time_zone)
    start, end = (at.astimezone(zone).isoformat(timespec="seconds") for at in (turn.start, turn.end))
    return {"start": start, "end": end, "user": reference(base, "user", turn.user)}


def override_shape(base: str, schedule: Schedule, override: Override) -> Json:
    return {"id": override.id, **turn_shape(base, schedule, override.turn)}


def service_shape(base: str, account: PagerDuty, service: Service) -> Json:
    open_ones = [each for each in account.incidents.values() if each.service is service and each.status != "resolved"]
    busy = {"triggered": "critical", "acknowledged": "warning"}
    latest = max((each.created_at for each in account.incidents.values() if each.service is service), default=None)
    shown: Json = {
        "name": service.name,
        "description": "",
        "created_at": second(service.created_at),
        "status": min((busy[each.status] for each in open_ones), default="active"),
        "auto_resolve_timeout": None,
        "acknowledgement_timeout": None,
        "escalation_policy": reference(base, "escalation_policy", service.policy),
        "incident_urgency_rule": {"type": "constant", "urgency": "high"},
        "alert_creation": "create_alerts_and_incidents",
        "integrations": [],
        "teams": [],
        "addons": [],
    }
    return _head(base, "service", service.id, service.name) | shown | _when("last_incident_timestamp", latest)


def incident_shape(base: str, incident: Incident) -> Json:
    changed = incident.changed_at or incident.created_at
    changer: PagerUser | Service = incident.changed_by or incident.service
    kind = "user" if incident.changed_by else "service"
    shown: Json = {
        "incident_number": incident.number,
        "title": incident.title,
        "created_at": second(incident.created_at),
        "updated_at": second(changed),
        "status": incident.status,
        "incident_key": incident.incident_key,
        "urgency": incident.urgency,
        "service": reference(base, "service", incident.service),
        "escalation_policy": reference(base, "escalation_policy", incident.policy),
        "assigned_via": "direct_assignment" if incident.direct else "escalation_policy",
        "assignments": [
            {"at": second(each.at), "assignee": reference(base, "user", each.user)} for each in incident.assignments
        ],
        "acknowledgements": [
            {"at": second(each.at), "acknowledger": reference(base, "user", each.user)}
            for each in incident.acknowledgements
            if incident.status == "acknowledged"
        ],
        "last_status_change_at": second(changed),
        "last_status_change_by": reference(base, kind, changer),
        "resolved_at": second(incident.resolved_at) if incident.resolved_at else None,
        "incident_type": {"name": "incident_default"},
        "alert_counts": {"all": 0, "triggered": 0, "resolved": 0},
        "is_mergeable": True,
        "pending_actions": [],
        "teams": [],
    }
    return _head(base, "incident", incident.id, f"[#{incident.number}] {incident.title}") | shown


def second(at: dt.datetime) -> str:
    """A time as PagerDuty writes it: UTC, whole seconds, a Z."""
    return at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _head(base: str, kind: str, id: str, summary: str) -> Json:
    path = f"{_PATHS[kind]}/{id}"
    return {"id": id, "type": kind, "summary": summary, "self": f"{base}/{path}", "html_url": f"{WEB}/{path}"}


def _target(base: str, target: Schedule | PagerUser) -> Json:
    return reference(base, "schedule" if isinstance(target, Schedule) else "user", target)


def _when(key: str, at: dt.datetime | None) -> Json:
    return {key: second(at)} if at else {}
