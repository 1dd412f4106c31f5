"""PagerDuty as the sweeps of a scenario see it: the table of a rotation, but for those who stand in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from typing import Any

from msgspec import Struct, structs

from starkeeper.desk.on_call import span_in
from starkeeper.desk.rotations import AHEAD, BACK, duties_of, joined
from starkeeper.model.desk import Desk
from starkeeper.model.facets import Facet
from starkeeper.model.plan import OverrideStep
from starkeeper.model.requests import Reading
from starkeeper.model.resources import Duty, Place, Subject
from starkeeper.scenarios.chat import silence

SERVICE = "PagerDuty"


class StandIn(Struct, frozen=True):
    """Somebody has a rotation for a time, whoever's turn it is."""

    rotation: str
    person: str
    starts: dt.datetime
    ends: dt.datetime


class TablePager:
    """A PagerDuty whose schedules are the tables of desk.yml; one that `is_silent` fails, whatever is asked.

    `overrides` is where it keeps who stands in, the latest last.
    """

    def __init__(self, desk: Desk, overrides: list[StandIn], now: dt.datetime, *, is_silent: bool = False) -> None:
        self._desk = desk
        self._overrides = overrides
        self._now = now
        self._is_silent = is_silent

    def read_facet(self, facet: Facet, subjects: Collection[Subject]) -> Reading[Any]:
        """No scenario has incidents yet."""
        if self._is_silent:
            return Reading({}, dict.fromkeys(subjects, silence(SERVICE, f"reading {facet}")))
        return Reading({each: self._asked(each) if facet == "duties" else () for each in subjects}, {})

    def override(self, step: OverrideStep) -> None:
        if self._is_silent:
            raise silence(SERVICE, f"writing an override in rotation '{step.rotation}'")
        made = StandIn(step.rotation, step.person, step.starts, step.ends)
        if made not in self._overrides:
            self._overrides.append(made)

    def _asked(self, subject: Subject) -> tuple[Duty, ...]:
        if isinstance(subject, Place):
            return self._duties(subject.path, self._now - BACK, self._now + AHEAD)
        return self._duties(subject.project, *span_in(subject))

    def _duties(self, rotation: str, since: dt.datetime, until: dt.datetime) -> tuple[Duty, ...]:
        days = (since + number * BACK for number in range((until - since) // BACK + 2))
        duties = list(joined(each for day in days for each in duties_of(self._desk.rotations[rotation], day)))
        for each in (each for each in self._overrides if each.rotation == rotation):
            stand_in = Duty(person=each.person, starts=each.starts, ends=each.ends)
            duties = [left for duty in duties for left in _outside(duty, stand_in)] + [stand_in]
        return joined(self._known(each) for each in duties if each.ends > since and each.starts < until)

    def _known(self, duty: Duty) -> Duty:
        """By their id or address in people.yml, as PagerDuty's own people are; region and name as these have them."""
        person = self._desk.people.get(duty.person)
        if person and (person.pagerduty or person.email):
            return structs.replace(duty, region=person.region)
        return structs.replace(duty, person="", name=duty.person, region="")


def _outside(duty: Duty, other: Duty) -> Iterator[Duty]:
    """What is left of a time beside another."""
    if duty.starts < other.starts:
        yield structs.replace(duty, ends=min(duty.ends, other.starts))
    if duty.ends > other.ends:
        yield structs.replace(duty, starts=max(duty.starts, other.ends))
