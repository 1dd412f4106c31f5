"""Takes a time, now or one of the resource; says whether a calendar is open then."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar, Literal

from starkeeper.desk.calendars import is_open, next_closing, next_opening
from starkeeper.errors import nearest
from starkeeper.model.desk import Desk
from starkeeper.model.facts import Facts
from starkeeper.model.resources import EVERY_TYPE, Resource, ResourceType
from starkeeper.model.rules import Condition, Rule
from starkeeper.registry import CONDITIONS, Example

EXAMPLES = (
    Example(says="now, a Wednesday at 09:30 UTC, within 09:00-17:00", yaml="{calendar: office_hours}", gives=True),
    Example(
        says="it was opened on a Sunday",
        yaml="{calendar: office_hours, at: created_at}",
        gives=False,
        resource={"created_at": "2026-11-29T10:00:00Z"},
    ),
    Example(
        says="a time that it does not have is within nothing",
        yaml="{calendar: office_hours, at: closed_at}",
        gives=False,
    ),
)


@CONDITIONS.register("within")
class Within(Condition, frozen=True, kw_only=True):
    """A calendar of desk.yml is open: now, or at a time of the resource.

    The end of a window is outside it. For what arrived while the calendar was closed put it under `none_of`.
    """

    types: ClassVar[frozenset[ResourceType]] = frozenset(EVERY_TYPE)

    calendar: str
    at: Literal["now", "created_at", "updated_at", "closed_at"] = "now"

    def holds(self, resource: Resource, facts: Facts) -> bool:
        at = self._at(resource, facts)
        return at is not None and is_open(facts.desk.calendars[self.calendar], at)

    def explain(self, resource: Resource, facts: Facts) -> str:
        at, calendar = self._at(resource, facts), facts.desk.calendars[self.calendar]
        if at is None:
            return f"{self.at} is not set"
        if is_open(calendar, at):
            return f"{self.calendar} is open at {at:%Y-%m-%d %H:%M} UTC"
        opens = next_opening(calendar, at)
        return f"{self.calendar} is closed at {at:%Y-%m-%d %H:%M} UTC and opens at {opens:%Y-%m-%d %H:%M} UTC"

    def next_change(self, resource: Resource, facts: Facts) -> dt.datetime | None:
        if self.at != "now":
            return None
        calendar = facts.desk.calendars[self.calendar]
        return next_closing(calendar, facts.now) if is_open(calendar, facts.now) else next_opening(calendar, facts.now)

    def problems(self, desk: Desk, rule: Rule) -> tuple[str, ...]:
        if self.calendar in desk.calendars:
            return ()
        remedy = nearest(self.calendar, desk.calendars) or "define it there under 'calendars'"
        return (f"there is no calendar '{self.calendar}' in desk.yml; {remedy}",)

    def _at(self, resource: Resource, facts: Facts) -> dt.datetime | None:
        at: dt.datetime | None = facts.now if self.at == "now" else getattr(resource, self.at)
        return at
