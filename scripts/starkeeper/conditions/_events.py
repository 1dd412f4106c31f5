"""What `label_added`, `label_removed` and `commented` share: how long ago something happened."""

from __future__ import annotations

import datetime as dt

from starkeeper.desk.intervals import ago, ahead, calendar_problems
from starkeeper.model.desk import Desk
from starkeeper.model.facts import Facts
from starkeeper.model.rules import Condition
from starkeeper.model.values import Interval


class TimedCondition(Condition, frozen=True, kw_only=True):
    """A kind about something that happened; `within` asks for at most so long ago, `older_than` for at least."""

    within: Interval | None = None
    older_than: Interval | None = None
    calendar: str = ""

    def fits(self, at: dt.datetime, facts: Facts) -> bool:
        """Whether what happened then is as long ago as is asked."""
        if self.within and at < ago(self.within, facts.now, self.calendar, facts.desk):
            return False
        return not self.older_than or at <= ago(self.older_than, facts.now, self.calendar, facts.desk)

    def turns(self, at: dt.datetime, facts: Facts) -> dt.datetime | None:
        """The next instant at which that changes."""
        asked = (each for each in (self.within, self.older_than) if each)
        turns = (ahead(each, at, self.calendar, facts.desk) for each in asked)
        # At the very end of `within` it still holds.
        later = [turn if turn > facts.now else turn + _MOMENT for turn in turns]
        return min((turn for turn in later if turn > facts.now), default=None)

    def time_problems(self, desk: Desk) -> tuple[str, ...]:
        asked = [each for each in (self.within, self.older_than) if each]
        if self.calendar and not asked:
            return ("'calendar' counts nothing here; add 'within' or 'older_than'",)
        return tuple(text for each in asked for text in calendar_problems(self.calendar, each.unit, desk))


_MOMENT = dt.timedelta(seconds=1)
