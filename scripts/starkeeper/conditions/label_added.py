"""Takes the label events of a resource; says whether a label that it carries was set by those whom the rule means."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from starkeeper.model.facts import Facet, Facts
from starkeeper.model.people import Group, belongs
from starkeeper.model.resources import LabelEvent, Resource
from starkeeper.model.rules import Condition
from starkeeper.model.values import LabelPattern
from starkeeper.registry import CONDITIONS, Example

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
        says="it was taken off again",
        yaml="{label: unstarred}",
        gives=False,
        label_events=({"action": "add", "label": "unstarred", "user": "emil"},),
    ),
)


@CONDITIONS.register("label_added")
class LabelAdded(Condition, frozen=True, kw_only=True):
    """It carries this label, and the one who set it last is one of those meant.

    GitLab keeps who set and took off each label; that is read only for what carries the label and meets
    the other conditions. `by` is `anyone`, `people` (not the bot), `managers`, `strangers` (people who are no
    managers), `initiator` (who opened it), `bot`, or a list of user names. Templates then know `marked_by` and
    `marked_at`.
    """

    bound: ClassVar[frozenset[str]] = frozenset({"marked_by", "marked_at"})

    label: LabelPattern
    by: Group | tuple[str, ...] = "anyone"

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
        return f"{event.label} was set by {event.user}" if event else f"nobody knows who set {carried[0]}"

    def binds(self, resource: Resource, facts: Facts) -> Mapping[str, Any]:
        event = self._event(resource, facts)
        return {"marked_by": event.user, "marked_at": event.created_at} if event else {}

    def asks(self) -> frozenset[tuple[str, str]]:
        name = self.label.exact
        return frozenset({("labels", name)}) if name and "," not in name else frozenset()

    def _event(self, resource: Resource, facts: Facts) -> LabelEvent | None:
        for label in self.label.matching(resource.labels):
            event = _last(label, resource, facts)
            if event and belongs(event.user, self.by, resource, facts):
                return event
        return None


def _last(label: str, resource: Resource, facts: Facts) -> LabelEvent | None:
    """Who set it last; nobody where a rule before this one has just set again what somebody took off."""
    events = [each for each in facts.label_events(resource) if each.label == label]
    return events[-1] if events and events[-1].action == "add" else None
