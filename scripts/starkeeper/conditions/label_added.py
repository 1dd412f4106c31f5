"""Takes the label events of a resource; says whether a label that it carries was set by those whom the rule means."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from starkeeper.conditions._events import TimedCondition
from starkeeper.desk.words import instant
from starkeeper.model.desk import Desk
from starkeeper.model.facets import Facet
from starkeeper.model.facts import Facts
from starkeeper.model.people import Who, belongs
from starkeeper.model.resources import LabelEvent, Resource
from starkeeper.model.rules import Occasion, Rule
from starkeeper.model.values import LabelPattern
from starkeeper.registry import CONDITIONS, Example
from starkeeper.render.values import Label

EXAMPLES = (
    Example(
        says="a manager set it (emil is one)",
        yaml="{label: unstarred, by: managers}",
        gives=True,
        resource={"labels": ("unstarred",)},
        label_events=({"action": "add", "label": "unstarred", "user": "emil"},),
    ),
    Example(
        says="somebody else did",
        yaml="{label: unstarred, by: managers}",
        gives=False,
        resource={"labels": ("unstarred",)},
        label_events=({"action": "add", "label": "unstarred", "user": "ivy"},),
    ),
    Example(
        says="a manager set it, somebody else took it off and set it again: the last counts",
        yaml="{label: unstarred, by: managers}",
        gives=False,
        resource={"labels": ("unstarred",)},
        label_events=(
            {"action": "add", "label": "unstarred", "user": "emil"},
            {"action": "remove", "label": "unstarred", "user": "ivy"},
            {"action": "add", "label": "unstarred", "user": "ivy"},
        ),
    ),
    Example(
        says="set three days ago and more",
        yaml="{label: waiting, older_than: 3 days}",
        gives=True,
        resource={"labels": ("waiting",)},
        label_events=({"action": "add", "label": "waiting", "user": "emil", "created_at": "2026-11-29T09:30:00Z"},),
    ),
    Example(
        says="it was taken off again",
        yaml="{label: unstarred}",
        gives=False,
        label_events=({"action": "add", "label": "unstarred", "user": "emil"},),
    ),
)


@CONDITIONS.register("label_added")
class LabelAdded(TimedCondition, frozen=True, kw_only=True):
    """It carries this label, and the one who set it last is one of those meant.

    GitLab keeps who set and took off each label; that is read only for what carries the label and meets
    the other conditions. `by` is `anyone`, `people` (no bot), `managers`, `strangers` (people who are no managers),
    `initiator` (who opened it), `others` (people but the initiator), `assignees`, `bot`, or a list of user names. With
    `within` it was set at most so long ago, with `older_than` at least; with a `calendar` of desk.yml only the minutes
    or hours count in which it is open. Templates then know `mark`, `marked_by` and `marked_at`. What a rule says to
    `strangers` it says once for each label and person.
    """

    bound: ClassVar[frozenset[str]] = frozenset({"mark", "marked_by", "marked_at"})

    label: LabelPattern
    by: Who = "anyone"

    @property
    def facets(self) -> frozenset[Facet]:
        return frozenset({"label_events"})

    def holds(self, resource: Resource, facts: Facts) -> bool:
        return self._event(resource, facts) is not None

    def explain(self, resource: Resource, facts: Facts) -> str:
        carried = self.label.matching(resource.labels)
        if not carried:
            return "it does not carry the label"
        event = self._event(resource, facts) or _last(carried[0], resource, facts)
        if event is None:
            return f"nobody knows who set {carried[0]}"
        return f"{event.label} was set by {event.user} at {instant(event.created_at)}"

    def binds(self, resource: Resource, facts: Facts) -> Mapping[str, Any]:
        event = self._event(resource, facts)
        return _names(event) if event else {}

    def occasions(self, resource: Resource, facts: Facts) -> tuple[Occasion, ...]:
        if self.by != "strangers":
            return ()
        events = self._events(resource, facts)
        return tuple(Occasion((f"label {each.label} by {each.user}",), _names(each)) for each in events)

    def next_change(self, resource: Resource, facts: Facts) -> dt.datetime | None:
        turns = (self.turns(each.created_at, facts) for each in self._set(resource, facts))
        return min((each for each in turns if each), default=None)

    def problems(self, desk: Desk, rule: Rule) -> tuple[str, ...]:
        return self.time_problems(desk)

    def asks(self) -> frozenset[tuple[str, str]]:
        name = self.label.exact
        return frozenset({("labels", name)}) if name and "," not in name else frozenset()

    def _event(self, resource: Resource, facts: Facts) -> LabelEvent | None:
        return next(self._events(resource, facts), None)

    def _events(self, resource: Resource, facts: Facts) -> Iterator[LabelEvent]:
        return (each for each in self._set(resource, facts) if self.fits(each.created_at, facts))

    def _set(self, resource: Resource, facts: Facts) -> Iterator[LabelEvent]:
        """By those meant, however long ago."""
        for label in self.label.matching(resource.labels):
            event = _last(label, resource, facts)
            if event and belongs(event.user, self.by, resource, facts, event.created_at):
                yield event


def _names(event: LabelEvent) -> Mapping[str, Any]:
    return {"mark": Label(event.label), "marked_by": event.user, "marked_at": event.created_at}


def _last(label: str, resource: Resource, facts: Facts) -> LabelEvent | None:
    """Who set it last; nobody where a rule before this one has just set again what somebody took off."""
    events = [each for each in facts.label_events(resource) if each.label == label]
    return events[-1] if events and events[-1].action == "add" else None
