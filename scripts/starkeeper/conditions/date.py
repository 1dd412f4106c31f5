"""Takes a time of a resource; says whether it is further back, or less far back, than an interval."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import lru_cache
from typing import Annotated, ClassVar, Literal

from msgspec import Meta

from starkeeper.desk.intervals import ago, ahead, calendar_problems
from starkeeper.model.desk import Desk
from starkeeper.model.facts import Facts
from starkeeper.model.resources import RESOURCE_TYPES, Resource, ResourceType
from starkeeper.model.rules import Condition, Rule
from starkeeper.model.values import Interval, IntervalType
from starkeeper.registry import CONDITIONS, Example

EXAMPLES = (
    Example(
        says="quiet for five days and more (now is 2026-12-02 09:30 UTC in all examples)",
        yaml="{attribute: updated_at, condition: older_than, interval_type: days, interval: 5}",
        gives=True,
        resource={"updated_at": "2026-11-26T23:59:59Z"},
    ),
    Example(
        says="days are whole days of UTC: the border is the midnight before",
        yaml="{attribute: updated_at, condition: older_than, interval_type: days, interval: 5}",
        gives=False,
        resource={"updated_at": "2026-11-27T00:00:01Z"},
    ),
    Example(
        says="minutes and hours are exact",
        yaml="{attribute: created_at, condition: newer_than, interval_type: minutes, interval: 30}",
        gives=True,
        resource={"created_at": "2026-12-02T09:00:00Z"},
    ),
    Example(
        says="an issue that was never closed has no such time",
        yaml="{attribute: closed_at, condition: older_than, interval_type: months, interval: 1}",
        gives=False,
    ),
    Example(
        says="a merge request that was merged lately",
        yaml="{attribute: merged_at, condition: newer_than, interval_type: days, interval: 3}",
        gives=True,
        resource={"type": "merge_requests", "state": "merged", "merged_at": "2026-12-01T12:00:00Z"},
    ),
    Example(
        says="a branch without a commit for half a year",
        yaml="{attribute: committed_date, condition: older_than, interval_type: months, interval: 6}",
        gives=True,
        resource={"type": "branches", "committed_date": "2026-05-01T12:00:00Z"},
    ),
)


_USUAL = ("created_at", "updated_at", "closed_at")
_TIMES: Mapping[ResourceType, tuple[str, ...]] = {
    "merge_requests": (*_USUAL, "merged_at"),
    "branches": ("committed_date", "authored_date"),
}


@CONDITIONS.register("date")
class Date(Condition, frozen=True, kw_only=True):
    """A time of it is older, or newer, than an interval before now.

    Minutes and hours are exact. From days on, as in gitlab-triage, the border is a midnight of UTC: `older_than` 5
    days means before the day that began five days ago, so between five and six days. Months and years are counted on
    the calendar; the 31st less a month is the last day of the month before. A time that it does not have is neither
    older nor newer. `merged_at` is for merge requests; a branch has `committed_date` and `authored_date`, those of its
    last commit, and no others.

    With a `calendar` of desk.yml only the minutes or hours count in which it is open.

    `filter_in_ruby` is accepted for files written for gitlab-triage and changes nothing.
    """

    types: ClassVar[frozenset[ResourceType]] = frozenset(RESOURCE_TYPES)

    attribute: Literal["created_at", "updated_at", "closed_at", "merged_at", "committed_date", "authored_date"]
    condition: Literal["older_than", "newer_than"]
    interval_type: IntervalType
    interval: Annotated[int, Meta(ge=0)]
    filter_in_ruby: bool = False
    calendar: str = ""

    def holds(self, resource: Resource, facts: Facts) -> bool:
        at = self._time(resource)
        if at is None:
            return False
        border = self._border(facts)
        return at <= border if self.condition == "older_than" else at >= border

    def explain(self, resource: Resource, facts: Facts) -> str:
        at = self._time(resource)
        seen = f"{at:%Y-%m-%d %H:%M} UTC" if at else "not set"
        return f"{self.attribute} is {seen}, the border {self._border(facts):%Y-%m-%d %H:%M} UTC"

    def next_change(self, resource: Resource, facts: Facts) -> dt.datetime | None:
        at = self._time(resource)
        if at is None:
            return None
        turn = ahead(Interval(self.interval, self.interval_type), at, self.calendar, facts.desk)
        if turn.year == dt.MAXYEAR or self.calendar or self.interval_type in ("minutes", "hours"):
            return turn if turn > facts.now else turn + dt.timedelta(seconds=1) if turn == facts.now else None
        # The border is a midnight, so it is crossed at one, that day or one of the next.
        midnight = max(turn, facts.now).replace(hour=0, minute=0, second=0, microsecond=0)
        later = midnight + dt.timedelta(days=1)
        passed = facts.now > turn + dt.timedelta(days=3)
        return None if passed else midnight if midnight > facts.now else later

    def problems(self, desk: Desk, rule: Rule) -> tuple[str, ...]:
        known = _TIMES.get(rule.type, _USUAL)
        if self.attribute in known:
            return calendar_problems(self.calendar, self.interval_type, desk)
        return (f"'{self.attribute}' is no time of {rule.type.replace('_', ' ')}; write {' or '.join(known)}",)

    def _time(self, resource: Resource) -> dt.datetime | None:
        at: dt.datetime | None = getattr(resource, self.attribute, None)
        return at

    def _border(self, facts: Facts) -> dt.datetime:
        if self.calendar:
            return ago(Interval(self.interval, self.interval_type), facts.now, self.calendar, facts.desk)
        return _border(self.interval, self.interval_type, facts.now)


# Asked of every resource in a list, and the same for all of them.
@lru_cache(maxsize=256)
def _border(interval: int, interval_type: IntervalType, now: dt.datetime) -> dt.datetime:
    border = Interval(interval, interval_type).before(now)
    if interval_type in ("minutes", "hours"):
        return border
    return border.replace(hour=0, minute=0, second=0, microsecond=0)
