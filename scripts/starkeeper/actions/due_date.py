"""Takes an issue on which a rule holds; gives the day on which it is to fall due."""

from __future__ import annotations

import datetime as dt
import re
from typing import ClassVar, Self

from msgspec import Struct

from starkeeper.desk.days import day_ahead
from starkeeper.model.plan import DueDateStep, Step
from starkeeper.model.resources import ResourceType
from starkeeper.model.rules import Action, Match, Renderer
from starkeeper.model.values import Interval
from starkeeper.registry import ACTIONS, Example

EXAMPLES = (
    Example(says="a day", yaml="2026-12-24", gives=[{"action": "due_date", "due_date": "2026-12-24"}]),
    Example(says="already so, nothing to do", yaml="2026-12-24", gives=[], resource={"due_date": "2026-12-24"}),
    Example(
        says="so long from today (2026-12-02)",
        yaml="{in: 3 days}",
        gives=[{"action": "due_date", "due_date": "2026-12-05"}],
    ),
    Example(says="a day that is set stays", yaml="{in: 3 days}", gives=[], resource={"due_date": "2026-12-24"}),
    Example(
        says="taken away",
        yaml="None",
        gives=[{"action": "due_date", "due_date": None}],
        resource={"due_date": "2026-12-24"},
    ),
)


class Day(Struct, frozen=True):
    """A day, or with `None` no day at all."""

    date: dt.date | None

    @classmethod
    def parse(cls, text: str) -> Self:
        if text == "None":
            return cls(None)
        try:
            if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
                return cls(dt.date.fromisoformat(text))
        except ValueError:
            raise ValueError(f"there is no day {text}; check the month and the day") from None
        raise ValueError(f"'{text}' is no day; write year, month and day like 2026-12-24, or None")


class Ahead(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"interval": "in"}):
    """`in` is how long from today, by the days of UTC; only where no day is set, or it would move every day."""

    interval: Interval


@ACTIONS.register("due_date")
class SetDueDate(Action, frozen=True):
    """Sets the day on which the issue falls due: a date, `None` to take it away, or `{in: 3 days}` from today.

    A date is written `2026-12-24` and takes the place of another one; `{in: …}` is for issues without one.
    """

    types: ClassVar[frozenset[ResourceType]] = frozenset({"issues"})

    value: Day | Ahead

    def plan(self, rule: str, match: Match, render: Renderer) -> tuple[Step, ...]:
        wanted = self._day(match)
        return () if match.resource.due_date == wanted else (DueDateStep(rule=rule, due_date=wanted),)

    def _day(self, match: Match) -> dt.date | None:
        if isinstance(self.value, Ahead):
            return match.resource.due_date or day_ahead(match.facts.now, self.value.interval)
        return self.value.date
