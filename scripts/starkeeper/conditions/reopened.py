"""Takes the state events of a resource; says whether those whom the rule means opened it again after it was closed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, ClassVar

from starkeeper.conditions._events import TimedCondition
from starkeeper.desk.words import instant
from starkeeper.model.desk import Desk
from starkeeper.model.facets import Facet
from starkeeper.model.facts import Facts
from starkeeper.model.people import Who, belongs, said
from starkeeper.model.resources import Resource, StateEvent
from starkeeper.model.rules import Occasion, Rule
from starkeeper.registry import CONDITIONS, Example

EXAMPLES = (
    Example(
        says="the bot closed it, and a person opened it again",
        yaml="{by: people}",
        gives=True,
        state_events=({"state": "closed", "user": "desk-bot"}, {"state": "reopened", "user": "ivy"}),
    ),
    Example(
        says="a person opened it again, and the bot did so last",
        yaml="{by: people}",
        gives=False,
        state_events=(
            {"state": "closed", "user": "emil"},
            {"state": "reopened", "user": "ivy"},
            {"state": "closed", "user": "emil"},
            {"state": "reopened", "user": "desk-bot"},
        ),
    ),
    Example(
        says="that somebody closed it again since does not matter: `state` asks for that",
        yaml="{by: people}",
        gives=True,
        resource={"state": "closed"},
        state_events=(
            {"state": "closed", "user": "desk-bot"},
            {"state": "reopened", "user": "ivy"},
            {"state": "closed", "user": "ivy"},
        ),
    ),
    Example(
        says="a rule before this one has just opened it again",
        yaml="{by: people}",
        gives=False,
        state_events=({"state": "closed", "user": "emil"},),
    ),
    Example(
        says="opened again two days ago and more",
        yaml="{by: people, older_than: 2 days}",
        gives=True,
        state_events=(
            {"state": "closed", "user": "desk-bot", "created_at": "2026-11-28T09:00:00Z"},
            {"state": "reopened", "user": "emil", "created_at": "2026-11-29T09:00:00Z"},
        ),
    ),
    Example(says="it was never closed", yaml="{by: people}", gives=False),
)


@CONDITIONS.register("reopened")
class Reopened(TimedCondition, frozen=True, kw_only=True):
    """It was closed once, and the one who opened it again last is one of those meant.

    Under `none_of` it keeps a rule from closing what a person opened again. Whether it is open now is asked with
    `state`. `by` and how long ago it was (`within`, `older_than`, `calendar`) are said as under `label_added`.
    Templates then know `reopened_by` and `reopened_at`. What a rule says it says once for each time that it was opened
    again. That costs a request for each resource that meets the conditions before this one: write it last.
    """

    bound: ClassVar[frozenset[str]] = frozenset({"reopened_by", "reopened_at"})

    by: Who = "anyone"

    @property
    def facets(self) -> frozenset[Facet]:
        return frozenset({"state_events"})

    def holds(self, resource: Resource, facts: Facts) -> bool:
        return self._event(resource, facts) is not None

    def explain(self, resource: Resource, facts: Facts) -> str:
        events = _reopenings(resource, facts)
        if not events:
            return "nobody opened it again"
        meant = "" if self._event(resource, facts) else f", and {said(self.by)} was asked for"
        return f"{events[-1].user} opened it again at {instant(events[-1].created_at)}{meant}"

    def binds(self, resource: Resource, facts: Facts) -> Mapping[str, Any]:
        event = self._event(resource, facts)
        return {"reopened_by": event.user, "reopened_at": event.created_at} if event else {}

    def occasions(self, resource: Resource, facts: Facts) -> tuple[Occasion, ...]:
        return (Occasion((f"reopening {len(_reopenings(resource, facts))}",)),)

    def next_change(self, resource: Resource, facts: Facts) -> dt.datetime | None:
        events = _reopenings(resource, facts)
        return self.turns(events[-1].created_at, facts) if events else None

    def problems(self, desk: Desk, rule: Rule) -> tuple[str, ...]:
        return self.time_problems(desk)

    def _event(self, resource: Resource, facts: Facts) -> StateEvent | None:
        event = next(reversed(_reopenings(resource, facts)), None)
        if event is None or not belongs(event.user, self.by, resource, facts, event.created_at):
            return None
        return event if self.fits(event.created_at, facts) else None


def _reopenings(resource: Resource, facts: Facts) -> list[StateEvent]:
    """The oldest first; none where a rule before this one has just opened it again, for that was no person."""
    events = facts.state_events(resource)
    if events and events[-1].state == "closed" and resource.state == "opened":
        return []
    # An epic is `opened` again; what nothing precedes is the first opening of something.
    again = events[:1] if events and events[0].state == "reopened" else ()
    return [*again, *(each for each in events[1:] if each.state in ("opened", "reopened"))]
