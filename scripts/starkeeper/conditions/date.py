"""Takes a time of an issue; says whether it is further back, or less far back, than an interval."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from msgspec import Meta

from starkeeper.model.facts import Facts
from starkeeper.model.resources import Issue
from starkeeper.model.rules import Condition
from starkeeper.model.values import Interval, IntervalType
from starkeeper.registry import CONDITIONS, Example

EXAMPLES = (
    Example(
        says="quiet for five days and more (now is 2026-12-02 09:30 UTC in all examples)",
        yaml="{attribute: updated_at, condition: older_than, interval_type: days, interval: 5}",
        gives=True,
        issue={"updated_at": "2026-11-26T23:59:59Z"},
    ),
    Example(
        says="days are whole days of UTC: the border is the midnight before",
        yaml="{attribute: updated_at, condition: older_than, interval_type: days, interval: 5}",
        gives=False,
        issue={"updated_at": "2026-11-27T00:00:01Z"},
    ),
    Example(
        says="minutes and hours are exact",
        yaml="{attribute: created_at, condition: newer_than, interval_type: minutes, interval: 30}",
        gives=True,
        issue={"created_at": "2026-12-02T09:00:00Z"},
    ),
    Example(
        says="an issue that was never closed has no such time",
        yaml="{attribute: closed_at, condition: older_than, interval_type: months, interval: 1}",
        gives=False,
    ),
)


@CONDITIONS.register("date")
class Date(Condition, frozen=True, kw_only=True):
    """A time of the issue is older, or newer, than an interval before now.

    Minutes and hours are exact. From days on, as in gitlab-triage, the border is a midnight of UTC: `older_than` 5
    days means before the day that began five days ago, so between five and six days. Months and years are counted on
    the calendar; the 31st less a month is the last day of the month before. A time that the issue does not have is
    neither older nor newer.

    `filter_in_ruby` is accepted for files written for gitlab-triage and changes nothing.
    """

    attribute: Literal["created_at", "updated_at", "closed_at"]
    condition: Literal["older_than", "newer_than"]
    interval_type: IntervalType
    interval: Annotated[int, Meta(ge=0)]
    filter_in_ruby: bool = False

    def holds(self, issue: Issue, facts: Facts) -> bool:
        at: dt.datetime | None = getattr(issue, self.attribute)
        if at is None:
            return False
        border = self._border(facts.now)
        return at <= border if self.condition == "older_than" else at >= border

    def explain(self, issue: Issue, facts: Facts) -> str:
        at: dt.datetime | None = getattr(issue, self.attribute)
        seen = f"{at:%Y-%m-%d %H:%M} UTC" if at else "not set"
        return f"{self.attribute} is {seen}, the border {self._border(facts.now):%Y-%m-%d %H:%M} UTC"

    def _border(self, now: dt.datetime) -> dt.datetime:
        border = Interval(self.interval, self.interval_type).before(now)
        if self.interval_type in ("minutes", "hours"):
            return border
        return border.replace(hour=0, minute=0, second=0, microsecond=0)
