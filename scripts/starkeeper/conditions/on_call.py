"""Takes a rotation; says whether it is known who is on call in it, whether it is one of these, and whether assigned."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from starkeeper.desk.on_call import next_shift, shift_of, who_is_on_call
from starkeeper.desk.rotations import AHEAD
from starkeeper.desk.words import short_instant
from starkeeper.errors import nearest
from starkeeper.model.desk import Desk
from starkeeper.model.facets import Facet
from starkeeper.model.facts import Facts
from starkeeper.model.resources import EVERY_TYPE, Resource, ResourceType
from starkeeper.model.rules import Condition, Rule
from starkeeper.registry import CONDITIONS, Example

EXAMPLES = (
    Example(
        says="now, at 09:30 UTC, it is known who is on call",
        yaml="{rotation: support_manager, known: true}",
        gives=True,
    ),
    Example(says="so it is not unknown", yaml="{rotation: support_manager, known: false}", gives=False),
    Example(
        says="one of these people is on call, as PagerDuty says",
        yaml="{rotation: paged, person: [amber, aoi]}",
        gives=True,
        duties={"paged": ({"person": "amber", "starts": "2026-12-02T08:00:00Z", "ends": "2026-12-02T16:00:00Z"},)},
    ),
    Example(
        says="whom PagerDuty has on call is not in people.yml",
        yaml="{rotation: paged, known: false}",
        gives=True,
        duties={
            "paged": ({"person": "", "name": "Lee", "starts": "2026-12-02T08:00:00Z", "ends": "2026-12-02T16:00:00Z"},)
        },
    ),
    Example(
        says="whoever is on call is among the assignees",
        yaml="{rotation: support_manager, assigned: true}",
        gives=True,
        resource={"assignees": ("kim", "emil")},
    ),
    Example(
        says="the assignee was on call before",
        yaml="{rotation: support_manager, assigned: true}",
        gives=False,
        resource={"assignees": ("aoi",)},
    ),
)


@CONDITIONS.register("on_call")
class OnCallNow(Condition, frozen=True, kw_only=True):
    """Who is on call now in a rotation of desk.yml, as PagerDuty or the table of shifts has it.

    `known` asks whether there is anybody, `person` whether it is one of these user names, `assigned` whether they are
    among the assignees; every line that is given must be true. With the rotation alone somebody must be on call.

    Nobody is known where no shift is now, where people.yml does not know who has it, and where PagerDuty could not be
    asked. Then nobody is assigned either.
    """

    types: ClassVar[frozenset[ResourceType]] = frozenset(EVERY_TYPE)

    rotation: str
    known: bool | None = None
    person: tuple[str, ...] = ()
    assigned: bool | None = None

    @property
    def facets(self) -> frozenset[Facet]:
        return frozenset({"duties"})

    def holds(self, resource: Resource, facts: Facts) -> bool:
        person = (who_is_on_call(self.rotation, facts) or "").casefold()
        if self.person and person not in {each.removeprefix("@").casefold() for each in self.person}:
            return False
        assignees = {each.username.casefold() for each in resource.assignees}
        if self.assigned is not None and self.assigned is not (person in assignees):
            return False
        return self._known is None or self._known is bool(person)

    def explain(self, resource: Resource, facts: Facts) -> str:
        duty = shift_of(self.rotation, facts)
        who = "nobody" if duty is None else duty.person or "somebody whom people.yml does not know"
        until = self.next_change(resource, facts)
        # What is further ahead than the look-up goes is no end of a shift.
        ends = f" until {short_instant(until, facts.now)}" if until and until < facts.now + AHEAD else ""
        return f"{who} is on call in {self.rotation}{ends}"

    def next_change(self, resource: Resource, facts: Facts) -> dt.datetime | None:
        now, coming = shift_of(self.rotation, facts), next_shift(self.rotation, facts)
        return now.ends if now else coming.starts if coming else None

    def problems(self, desk: Desk, rule: Rule) -> tuple[str, ...]:
        if self.rotation not in desk.rotations:
            remedy = nearest(self.rotation, desk.rotations) or "define it there under 'rotations'"
            return (f"there is no rotation '{self.rotation}' in desk.yml; {remedy}",)
        if self.known is False and self.person:
            return ("nobody of these is on call where that is not known; take out one of 'known' and 'person'",)
        if self.assigned is not None and rule.type in ("epics", "branches", "slack_messages"):
            return (f"{rule.type.replace('_', ' ')} have no assignees; take out 'assigned'",)
        return ()

    @property
    def _known(self) -> bool | None:
        asks_nothing = self.known is None and not self.person and self.assigned is None
        return True if asks_nothing else self.known
