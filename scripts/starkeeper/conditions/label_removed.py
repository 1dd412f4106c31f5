"""Takes the label events of a resource; says whether a label that it lacks was taken off by those who are meant."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from starkeeper.conditions._events import TimedCondition
from starkeeper.desk.words import instant
from starkeeper.model.desk import Desk
from starkeeper.model.facets import Facet
from starkeeper.model.facts import Facts
from starkeeper.model.people import Who, belongs, said
from starkeeper.model.resources import LabelEvent, Resource
from starkeeper.model.rules import Rule
from starkeeper.model.values import LabelPattern
from starkeeper.registry import CONDITIONS, Example

EXAMPLES = (
    Example(
        says="a manager took it off (emil is one)",
        yaml="{label: waiting, by: managers}",
        gives=True,
        label_events=(
            {"action": "add", "label": "waiting", "user": "ivy"},
            {"action": "remove", "label": "waiting", "user": "emil"},
        ),
    ),
    Example(
        says="it is there again",
        yaml="{label: waiting}",
        gives=False,
        resource={"labels": ("waiting",)},
        label_events=(
            {"action": "remove", "label": "waiting", "user": "emil"},
            {"action": "add", "label": "waiting", "user": "ivy"},
        ),
    ),
    Example(
        says="a rule before this one has just set it again",
        yaml="{label: waiting}",
        gives=False,
        resource={"labels": ("waiting",)},
        label_events=({"action": "remove", "label": "waiting", "user": "emil"},),
    ),
    Example(says="it was never there", yaml="{label: waiting}", gives=False),
)


@CONDITIONS.register("label_removed")
class LabelRemoved(TimedCondition, frozen=True, kw_only=True):
    """It carried this label once and does not now, and the one who took it off last is one of those meant.

    `by` and how long ago it was (`within`, `older_than`, `calendar`) are said as under `label_added`. Templates then
    know `unmarked_by` and `unmarked_at`. The label events of all that meet the other conditions are read, a request
    each.
    """

    bound: ClassVar[frozenset[str]] = frozenset({"unmarked_by", "unmarked_at"})

    label: LabelPattern
    by: Who = "anyone"

    @property
    def facets(self) -> frozenset[Facet]:
        return frozenset({"label_events"})

    def holds(self, resource: Resource, facts: Facts) -> bool:
        return self._event(resource, facts) is not None

    def explain(self, resource: Resource, facts: Facts) -> str:
        event = next(_removals(self.label, resource, facts), None)
        if event is None:
            return f"nobody took '{self.label.source}' off, or it is there again"
        meant = "" if self._event(resource, facts) else f", and {said(self.by)} was asked for"
        return f"{event.label} was taken off by {event.user} at {instant(event.created_at)}{meant}"

    def binds(self, resource: Resource, facts: Facts) -> Mapping[str, Any]:
        event = self._event(resource, facts)
        return {"unmarked_by": event.user, "unmarked_at": event.created_at} if event else {}

    def next_change(self, resource: Resource, facts: Facts) -> dt.datetime | None:
        turns = (self.turns(each.created_at, facts) for each in _removals(self.label, resource, facts))
        return min((each for each in turns if each), default=None)

    def problems(self, desk: Desk, rule: Rule) -> tuple[str, ...]:
        return self.time_problems(desk)

    def _event(self, resource: Resource, facts: Facts) -> LabelEvent | None:
        for event in _removals(self.label, resource, facts):
            if belongs(event.user, self.by, resource, facts, event.created_at) and self.fits(event.created_at, facts):
                return event
        return None


def _removals(label: LabelPattern, resource: Resource, facts: Facts) -> Iterator[LabelEvent]:
    """The last event of each label that is gone, the newest first."""
    last: dict[str, LabelEvent] = {}
    for event in facts.label_events(resource):
        if event.label is not None and label.matches((event.label,)):
            last[event.label] = event
    gone = (each for name, each in last.items() if each.action == "remove" and name not in resource.labels)
    return iter(sorted(gone, key=lambda each: each.created_at, reverse=True))
