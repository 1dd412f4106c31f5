"""PagerDuty's JSON to records of its own shape: bytes of an answer in, rows out."""

from __future__ import annotations

import datetime as dt
from typing import Literal, TypeVar

import msgspec
from msgspec import Raw, Struct

from starkeeper.connectors.pagerduty.asks import SERVICE
from starkeeper.errors import ConnectorError

T = TypeVar("T")

# Fields that we do not know are passed over. What PagerDuty may leave out or send as null has a default here.


class WireReference(Struct, gc=False):
    id: str
    name: str | None = None
    summary: str | None = None


class WireUser(Struct, gc=False):
    """A user, or a reference to one: then without an address."""

    id: str
    name: str | None = None
    summary: str | None = None
    email: str | None = None


class WireOnCall(Struct, gc=False):
    """Somebody's time at a level of an escalation policy; without a start or an end it is open there."""

    user: WireUser
    schedule: WireReference | None = None
    start: dt.datetime | None = None
    end: dt.datetime | None = None


class WireAssignment(Struct, gc=False):
    assignee: WireUser


class WireAcknowledgement(Struct, gc=False):
    """Who acknowledged: a user, or a service that did by itself."""

    acknowledger: WireUser


class WireIncident(Struct, gc=False):
    id: str
    incident_number: int
    status: Literal["triggered", "acknowledged", "resolved"]
    created_at: dt.datetime
    service: WireReference
    title: str | None = None
    assignments: list[WireAssignment] = []
    acknowledgements: list[WireAcknowledgement] = []
    html_url: str | None = None


class WireSchedule(Struct, gc=False):
    escalation_policies: list[WireReference] = []


class ScheduleAnswer(Struct, gc=False):
    schedule: WireSchedule


class WireEntry(Struct, gc=False):
    """Somebody's time in a schedule, overrides included."""

    user: WireReference
    start: dt.datetime
    end: dt.datetime


class WireFinal(Struct, gc=False):
    rendered_schedule_entries: list[WireEntry] = []


class WireRendered(Struct, gc=False):
    final_schedule: WireFinal


class RenderedAnswer(Struct, gc=False):
    schedule: WireRendered


class WireWritten(Struct, gc=False):
    """What became of one of the overrides that were sent."""

    status: int = 201


class UsersAnswer(Struct, gc=False):
    users: list[WireUser]


def decode(content: bytes | Raw, shape: type[T], about: str) -> T:
    """The body of an answer as PagerDuty documents it; raises ConnectorError where it is another."""
    try:
        return msgspec.json.decode(content, type=shape)
    except msgspec.ValidationError as error:
        # The message of msgspec can hold a value; the path to it cannot.
        path = str(error).rpartition(" - at `")[2].rstrip("`") if " - at `" in str(error) else "$"
        found = f"the answer is not what PagerDuty documents, at {path}"
    except (msgspec.DecodeError, UnicodeDecodeError):
        found = "the answer is not whole, or not JSON"
    raise ConnectorError(SERVICE, about, found, "is PAGERDUTY_API_URL the address of PagerDuty's API?")


def utc(at: dt.datetime) -> dt.datetime:
    """The same instant in UTC."""
    return at.replace(tzinfo=dt.UTC) if at.tzinfo is None else at.astimezone(dt.UTC)
