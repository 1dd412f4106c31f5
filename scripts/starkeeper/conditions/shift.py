"""Takes a shift and the time; says whether it has begun for so long, or begins so soon."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from starkeeper.desk.words import duration
from starkeeper.model.desk import Desk
from starkeeper.model.facts import Facts
from starkeeper.model.resources import Resource, ResourceType, ShiftOnCall
from starkeeper.model.rules import Condition, Rule
from starkeeper.model.values import Interval
from starkeeper.registry import CONDITIONS, Example

_AT_HALF_PAST_NINE = {"type": "shifts", "created_at": "2026-12-02T08:00:00Z", "ends_at": "2026-12-02T16:00:00Z"}
EXAMPLES = (
    Example(
        says="it began at 08:00 and is on at 09:30", yaml="{begun: 30 minutes}", gives=True, resource=_AT_HALF_PAST_NINE
    ),
    Example(says="it has not been on for two hours", yaml="{begun: 2 hours}", gives=False, resource=_AT_HALF_PAST_NINE),
    Example(
        says="it begins within the hour",
        yaml="{begins_within: 1 hour}",
        gives=True,
        resource={**_AT_HALF_PAST_NINE, "created_at": "2026-12-02T10:00:00Z"},
    ),
)


@CONDITIONS.register("shift")
class Shift(Condition, frozen=True, kw_only=True):
    """The shift is on and began at least so long ago (`begun`), or it is yet to begin, so soon (`begins_within`)."""

    types: ClassVar[frozenset[ResourceType]] = frozenset({"shifts"})

    begun: Interval | None = None
    begins_within: Interval | None = None

    def holds(self, resource: Resource, facts: Facts) -> bool:
        if not isinstance(resource, ShiftOnCall):
            return False
        if self.begun is not None:
            return resource.created_at <= self.begun.before(facts.now) and facts.now < resource.ends_at
        assert self.begins_within is not None
        return self.begins_within.before(resource.created_at) <= facts.now < resource.created_at

    def explain(self, resource: Resource, facts: Facts) -> str:
        since = facts.now - resource.created_at
        return f"it begins in {duration(-since)}" if since < dt.timedelta(0) else f"it began {duration(since)} ago"

    def next_change(self, resource: Resource, facts: Facts) -> dt.datetime | None:
        if not isinstance(resource, ShiftOnCall):
            return None
        asked = self.begun or self.begins_within
        assert asked is not None
        sign = 1 if self.begun else -1
        turns = (resource.created_at + sign * asked.length, resource.created_at, resource.ends_at)
        return min((each for each in turns if each > facts.now), default=None)

    def problems(self, desk: Desk, rule: Rule) -> tuple[str, ...]:
        if (self.begun is None) is (self.begins_within is None):
            return ("'shift' asks one thing; write {begun: 30 minutes} or {begins_within: 30 minutes}",)
        asked = self.begun or self.begins_within
        assert asked is not None
        return ("'shift' counts minutes, hours or days",) if asked.unit in ("months", "years") else ()
