"""Takes channels and rotations that rules look at; gives their messages and shifts, read beside GitLab."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from typing import Any, Protocol

from msgspec import structs

from starkeeper.desk.rotations import duties_of
from starkeeper.errors import ConnectorError
from starkeeper.model.desk import Desk, Rotation
from starkeeper.model.facets import Facet
from starkeeper.model.facts import Facts, TrackerFailure
from starkeeper.model.policies import Policies
from starkeeper.model.requests import Reading
from starkeeper.model.resources import (
    Duty,
    Place,
    Resource,
    ResourceKey,
    ResourceType,
    ShiftOnCall,
    Subject,
    User,
)
from starkeeper.model.services import Services

OF_SLACK: frozenset[Facet] = frozenset({"messages", "replies", "slack_account"})
OF_PAGERDUTY: frozenset[Facet] = frozenset({"duties", "pages"})
MESSAGE_DAYS = 3
"""How old a message may be at which rules for messages still look."""
WRONG_NAME = (403, 404)
"""The statuses by which a service says that there is no such place for this token."""
_DAY = dt.timedelta(days=1)


class Listing(Protocol):
    """Is told what was read to its end."""

    def listed(self, tracker: str, type: ResourceType, resources: int) -> None: ...


def read_beside(facet: Facet, subjects: Collection[Subject], services: Services, since: dt.datetime) -> Reading[Any]:
    """One facet of Slack or PagerDuty. What is not connected fails for each subject."""
    if facet in OF_SLACK and services.slack is not None:
        return services.slack.read_facet(facet, subjects, since)
    if facet in OF_PAGERDUTY and services.pagerduty is not None:
        return services.pagerduty.read_facet(facet, subjects)
    off = ConnectorError("Slack" if facet in OF_SLACK else "PagerDuty", facet, "it is not connected")
    return Reading({}, dict.fromkeys(subjects, off))


def with_beside(
    facts: Facts, places: Iterable[tuple[str, ResourceType]], policies: Policies, services: Services, progress: Listing
) -> Facts:
    """The facts with the messages of those channels and the shifts of those rotations among the resources."""
    spoken = _spoken_in(policies)
    for name, type in places:
        try:
            if type == "shifts":
                facts, found = _with_shifts(facts, policies.desk.rotations[name], services)
            else:
                facts, found = _with_messages(facts, name, services, is_spoken_in=name in spoken)
        except ConnectorError as error:
            facts = _without(facts, name, type, error)
            continue
        progress.listed(name, type, len(found))
        facts = structs.replace(facts, resources=(*facts.resources, *found))
    return facts


def _without(facts: Facts, name: str, type: ResourceType, error: ConnectorError) -> Facts:
    """Nothing is looked at there, and whoever asks for it later is told the same."""
    failure = TrackerFailure(name, type, str(error))
    facet: Facet = "duties" if type == "shifts" else "messages"
    place = Place("rotations" if type == "shifts" else "channels", name)
    unread = {**facts.unread, (facet, place): (str(error), error.status in WRONG_NAME)}
    return structs.replace(facts, failures=(*facts.failures, failure), unread=unread)


def _with_messages(
    facts: Facts, channel: str, services: Services, *, is_spoken_in: bool
) -> tuple[Facts, tuple[Resource, ...]]:
    """One in which rules say something is read once, as far back as what was said about any open issue can stand."""
    recent = facts.now - MESSAGE_DAYS * _DAY
    since = min(recent, facts.slack_since) if is_spoken_in else recent
    facts, messages = _read_into(facts, "messages", Place("channels", channel), services, since)
    return facts, tuple(each for each in messages if each.created_at >= recent)


def _with_shifts(facts: Facts, rotation: Rotation, services: Services) -> tuple[Facts, tuple[Resource, ...]]:
    if not rotation.schedules or services.pagerduty is None:
        return facts, shifts_of(rotation, duties_of(rotation, facts.now), facts.desk, facts.now)
    facts, duties = _read_into(facts, "duties", Place("rotations", rotation.name), services, facts.now)
    return facts, shifts_of(rotation, duties, facts.desk, facts.now)


def _read_into(
    facts: Facts, facet: Facet, place: Place, services: Services, since: dt.datetime
) -> tuple[Facts, tuple[Any, ...]]:
    """What was read stands in the facts as well, for whoever asks for it later. Raises ConnectorError."""
    reading = read_beside(facet, [place], services, since)
    if place in reading.failed:
        raise reading.failed[place]
    known: tuple[Any, ...] = reading.found[place]
    read = {**facts.read, facet: {**facts.read.get(facet, {}), place: known}}
    return structs.replace(facts, read=read), known


def _spoken_in(policies: Policies) -> frozenset[str]:
    """The channels in which rules say something: those that they name, and those of trackers."""
    acts = [act for rule in policies.rules for act in (*rule.actions, *(rule.repeat.then if rule.repeat else ()))]
    inner = [each for act in acts for each in (act, *act.action.acts())]
    named = {channel for act in inner for channel in act.action.channels}
    return frozenset(named | {each.channel for each in policies.desk.trackers.values()})


def shifts_of(rotation: Rotation, known: Iterable[Duty], desk: Desk, now: dt.datetime) -> tuple[ShiftOnCall, ...]:
    """The shifts of a rotation that begin within a day of now, before or after."""
    # What began earlier is cut where the window begins, and would look like another shift at each run.
    near = ((before, duty) for before, duty in _pairs(known) if abs(duty.starts - now) < _DAY)
    return tuple(_shift(rotation, duty, before, desk) for before, duty in near)


def shift_key(rotation: str, starts: dt.datetime) -> ResourceKey:
    """What names a shift."""
    return ResourceKey(rotation, 0, "shifts", starts.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%MZ"))


def _pairs(duties: Iterable[Duty]) -> Iterable[tuple[Duty | None, Duty]]:
    """Each with the one before it, whoever has it."""
    before: Duty | None = None
    for duty in duties:
        yield before, duty
        before = duty


def _shift(rotation: Rotation, duty: Duty, before: Duty | None, desk: Desk) -> ShiftOnCall:
    key = shift_key(rotation.name, duty.starts)
    regions = tuple(_region(each, desk) for each in (before, duty))
    words = " to ".join(each for each in regions if each)
    return ShiftOnCall(
        tracker=rotation.name,
        project=rotation.name,
        name=key.name,
        title=f"{duty.starts:%Y-%m-%d %H:%M} UTC {words}".strip(),
        created_at=duty.starts,
        updated_at=duty.starts,
        ends_at=duty.ends,
        author=User(before.person) if before and before.person else None,
        assignees=(User(duty.person),) if duty.person else (),
        region_before=regions[0],
        region=regions[1],
    )


def _region(duty: Duty | None, desk: Desk) -> str:
    if duty is None:
        return ""
    person = desk.people.get(duty.person)
    return duty.region or (person.region if person else "")
