"""What PagerDuty keeps: people, schedules and their overrides, escalation policies, services and incidents."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Literal
from zoneinfo import ZoneInfo

from msgspec import Struct, field

Status = Literal["triggered", "acknowledged", "resolved"]
Urgency = Literal["high", "low"]


class PagerUser(Struct, eq=False):
    """An account."""

    id: str
    name: str
    email: str
    time_zone: str = "Etc/UTC"


class Shift(Struct, frozen=True):
    """The same hours of every day, on the clock of its schedule; an end at or before the start is on the next day."""

    user: PagerUser
    start: dt.time
    end: dt.time


class Turn(Struct, frozen=True):
    """One time on call, from `start` until before `end`."""

    user: PagerUser
    start: dt.datetime
    end: dt.datetime


class Override(Struct, frozen=True):
    """Somebody stands in for whoever the schedule names."""

    id: str
    turn: Turn


class Schedule(Struct, eq=False):
    """Who is on call when: daily `shifts`, single `entries`, and `overrides`, the latest of which counts."""

    id: str
    name: str
    time_zone: str = "UTC"
    shifts: list[Shift] = field(default_factory=list)
    entries: list[Turn] = field(default_factory=list)
    overrides: list[Override] = field(default_factory=list)

    def turns(self, since: dt.datetime, until: dt.datetime) -> list[Turn]:
        """Everybody's turns that touch this time, whole ones, in order; an override cuts out what it covers."""
        found = [*self.entries, *self._daily(since, until)]
        for override in self.overrides:
            found = [part for each in found for part in _without(each, override.turn)] + [override.turn]
        touching = [each for each in found if each.end > since and (each.start <= since or each.start < until)]
        return _joined(sorted(touching, key=lambda each: each.start))

    def on_call(self, at: dt.datetime) -> PagerUser | None:
        return next((each.user for each in self.turns(at, at) if each.start <= at < each.end), None)

    def users(self) -> list[PagerUser]:
        """Everybody whom the schedule names, overrides left out."""
        people = [each.user for each in self.shifts] + [each.user for each in self.entries]
        return list({each.id: each for each in people}.values())

    def _daily(self, since: dt.datetime, until: dt.datetime) -> Iterator[Turn]:
        zone = ZoneInfo(self.time_zone)
        day, last = since.astimezone(zone).date() - dt.timedelta(2), until.astimezone(zone).date() + dt.timedelta(1)
        while day <= last:
            for each in self.shifts:
                ends = day if each.end > each.start else day + dt.timedelta(1)
                start, end = (dt.datetime.combine(on, at, zone) for on, at in ((day, each.start), (ends, each.end)))
                yield Turn(each.user, start.astimezone(dt.UTC), end.astimezone(dt.UTC))
            day += dt.timedelta(1)


class Policy(Struct, eq=False):
    """An escalation policy: its levels are asked one after the other, all schedules and people of a level at once."""

    id: str
    name: str
    levels: list[list[Schedule | PagerUser]] = field(default_factory=list)


class Service(Struct, eq=False):
    """What incidents are about, and who is asked when there is one."""

    id: str
    name: str
    policy: Policy
    created_at: dt.datetime


class Happened(Struct, frozen=True):
    """Somebody was assigned, or acknowledged, at a time."""

    user: PagerUser
    at: dt.datetime


class Incident(Struct, eq=False):
    """An incident; `level` is the level of its policy that is asked now, from 1; a resolved one has no assignments.

    `direct` marks one that was assigned to people by name, and so never asks its policy.
    """

    id: str
    number: int
    title: str
    service: Service
    policy: Policy
    created_at: dt.datetime
    incident_key: str
    status: Status = "triggered"
    urgency: Urgency = "high"
    body: str = ""
    level: int = 1
    direct: bool = False
    assignments: list[Happened] = field(default_factory=list)
    acknowledgements: list[Happened] = field(default_factory=list)
    changed_at: dt.datetime | None = None
    changed_by: PagerUser | None = None
    escalated_at: dt.datetime | None = None
    resolved_at: dt.datetime | None = None

    def assign(self, at: dt.datetime) -> None:
        """Asks whom the present level of the policy names; nobody where there is no such level."""
        asked = self.policy.levels[self.level - 1 : self.level]
        users = [each.on_call(at) if isinstance(each, Schedule) else each for level in asked for each in level]
        self.assignments = [Happened(each, at) for each in users if each]

    def acknowledge(self, user: PagerUser, at: dt.datetime) -> None:
        self.acknowledgements.append(Happened(user, at))
        self._became("acknowledged", user, at)

    def escalate(self, at: dt.datetime) -> None:
        """Asks the next level; the last one stays asked."""
        self.level = min(self.level + 1, max(len(self.policy.levels), 1))
        self.acknowledgements, self.escalated_at = [], at
        self.assign(at)
        self._became("triggered", None, at)

    def resolve(self, user: PagerUser | None, at: dt.datetime) -> None:
        self.assignments, self.resolved_at = [], at
        self._became("resolved", user, at)

    def _became(self, status: Status, user: PagerUser | None, at: dt.datetime) -> None:
        self.status, self.changed_by, self.changed_at = status, user, at


class PagerDuty:
    """An account of PagerDuty; `requests_per_minute` is its limit for each token, by the world's clock."""

    def __init__(self) -> None:
        self.users: dict[str, PagerUser] = {}
        self.schedules: dict[str, Schedule] = {}
        self.policies: dict[str, Policy] = {}
        self.services: dict[str, Service] = {}
        self.incidents: dict[str, Incident] = {}
        self.tokens: set[str] = set()
        self.requests_per_minute: int | None = None
        self.request_counts: dict[str, tuple[dt.datetime, int]] = {}
        self._numbers: Counter[str] = Counter()

    def new_id(self, kind: str) -> str:
        self._numbers[kind] += 1
        return f"P{kind[:2].upper()}{self._numbers[kind]:04}"

    def find_user(self, key: str) -> PagerUser | None:
        """By id, by name, or by e-mail address or what stands before its @."""
        wanted = key.lower()
        for each in self.users.values():
            address = each.email.lower()
            if wanted in (each.id.lower(), each.name.lower(), address, address.partition("@")[0]):
                return each
        return None

    def add_incident(self, service: Service, title: str, key: str, at: dt.datetime, id: str = "") -> Incident:
        """A triggered incident that nobody is assigned to yet; without a key it gets one of its own."""
        number = len(self.incidents) + 1
        made = Incident(
            id or self.new_id("incident"), number, title, service, service.policy, at, key or f"{number:032x}"
        )
        self.incidents[made.id] = made
        return made

    def open_incident(self, service: Service, key: str) -> Incident | None:
        """The incident of this service and key that is not resolved."""
        for each in self.incidents.values():
            if each.service is service and each.incident_key == key and each.status != "resolved":
                return each
        return None


def _without(turn: Turn, gone: Turn) -> list[Turn]:
    """What is left of a turn when another time is cut out of it."""
    if gone.end <= turn.start or turn.end <= gone.start:
        return [turn]
    parts = (Turn(turn.user, turn.start, gone.start), Turn(turn.user, gone.end, turn.end))
    return [each for each in parts if each.start < each.end]


def _joined(turns: Iterable[Turn]) -> list[Turn]:
    """One turn of what one person has without a pause, as PagerDuty shows it."""
    joined: list[Turn] = []
    for each in turns:
        if joined and joined[-1].user is each.user and joined[-1].end >= each.start:
            before = joined.pop()
            each = Turn(each.user, before.start, max(before.end, each.end))
        joined.append(each)
    return joined
