"""Takes the day on which something falls due; says whether it is near, far or past, as the rule asks."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar, Literal

from msgspec import Struct

from starkeeper.desk.days import day_ahead
from starkeeper.model.desk import Desk
from starkeeper.model.facts import Facts
from starkeeper.model.resources import Resource, ResourceType
from starkeeper.model.rules import Condition, Rule
from starkeeper.model.values import Interval
from starkeeper.registry import CONDITIONS, Example

EXAMPLES = (
    Example(says="none is set", yaml="None", gives=True),
    Example(says="some day is set", yaml="Any", gives=True, resource={"due_date": "2026-12-24"}),
    Example(
        says="within a week (today is 2026-12-02)",
        yaml="{within: 7 days}",
        gives=True,
        resource={"due_date": "2026-12-09"},
    ),
    Example(
        says="what has passed is within it too",
        yaml="{within: 7 days}",
        gives=True,
        resource={"due_date": "2026-11-20"},
    ),
    Example(says="without a day it is not", yaml="{within: 7 days}", gives=False),
    Example(says="further ahead", yaml="{beyond: 7 days}", gives=False, resource={"due_date": "2026-12-09"}),
    Example(says="today is not yet overdue", yaml="overdue", gives=False, resource={"due_date": "2026-12-02"}),
    Example(
        says="overdue for three days", yaml="{overdue_by: 3 days}", gives=True, resource={"due_date": "2026-11-29"}
    ),
)


class Due(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """It falls due, and every line that is given must be true.

    `within`: at most so far ahead, or it has passed; `beyond`: further ahead; `overdue_by`: at least so long ago.
    """

    within: Interval | None = None
    beyond: Interval | None = None
    overdue_by: Interval | None = None


@CONDITIONS.register("due_date")
class DueDate(Condition, frozen=True):
    """The day on which it falls due: `None`, `Any`, `overdue`, or how far ahead or past it is.

    Days are those of UTC: with `{within: 7 days}` it holds through the seventh day from today, and from the first day
    after it the thing is overdue. Without a day only `None` holds.
    """

    types: ClassVar[frozenset[ResourceType]] = frozenset({"issues", "epics"})

    value: Literal["None", "Any", "overdue"] | Due

    def holds(self, resource: Resource, facts: Facts) -> bool:
        if resource.due_date is None:
            return self.value == "None"
        if isinstance(self.value, Due):
            return _is_as_asked(resource.due_date, self.value, facts.now)
        return self.value == "Any" or (self.value == "overdue" and resource.due_date < facts.now.date())

    def explain(self, resource: Resource, facts: Facts) -> str:
        day = resource.due_date
        return f"it falls due on {day}; today is {facts.now.date()}" if day else "it has no due date"

    def problems(self, desk: Desk, rule: Rule) -> tuple[str, ...]:
        return ("'due_date' asks nothing; write None, Any, overdue or {within: 7 days}",) if self.value == Due() else ()

    def asks(self) -> frozenset[tuple[str, str]]:
        # GitLab has no day of ours for `overdue`: its own may begin at another hour.
        return frozenset({("due_date", "0")}) if self.value == "None" else frozenset()


def _is_as_asked(day: dt.date, asked: Due, now: dt.datetime) -> bool:
    if asked.within and day > day_ahead(now, asked.within):
        return False
    if asked.beyond and day <= day_ahead(now, asked.beyond):
        return False
    return not asked.overdue_by or (day < now.date() and day <= asked.overdue_by.before(now).date())
