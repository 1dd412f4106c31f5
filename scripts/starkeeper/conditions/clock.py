"""Takes a clock of the desk and an issue; says whether the clock is as far as the rule asks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from starkeeper.desk.calendars import next_closing, next_opening
from starkeeper.desk.clocks import length_of, most_elapsed, read_run
from starkeeper.desk.stopwatch import Run, clock_values
from starkeeper.desk.words import duration, instant
from starkeeper.errors import nearest
from starkeeper.model.desk import Clock, Desk
from starkeeper.model.facets import Facet
from starkeeper.model.facts import Facts
from starkeeper.model.resources import Resource, ResourceType
from starkeeper.model.rules import Condition, Occasion, Rule
from starkeeper.model.values import Interval, Percent
from starkeeper.registry import CONDITIONS, Example

EXAMPLES = (
    Example(
        says="half of its length has passed (it runs for an hour in office hours)",
        yaml="{name: answer, at_least: 50%}",
        gives=True,
        resource={"created_at": "2026-12-02T09:00:00Z"},
    ),
    Example(
        says="not yet: ten of eleven minutes",
        yaml="{name: answer, at_least: 11 minutes}",
        gives=False,
        resource={"created_at": "2026-12-02T09:20:00Z"},
    ),
    Example(
        says="somebody answered, so there is nothing to remind of",
        yaml="{name: answer, at_least: 10 minutes}",
        gives=False,
        resource={"created_at": "2026-12-02T09:00:00Z"},
        notes=({"author": "emil", "body": "Kim has it.", "created_at": "2026-12-02T09:15:00Z"},),
    ),
    Example(
        says="nobody answered in time, whatever came later",
        yaml="{name: answer, breached: true}",
        gives=True,
        resource={"created_at": "2026-12-01T16:00:00Z"},
        notes=({"author": "emil", "body": "Kim has it.", "created_at": "2026-12-02T09:20:00Z"},),
    ),
    Example(
        says="it stands still for a label",
        yaml="{name: answer, breached: true}",
        gives=False,
        resource={"created_at": "2026-12-01T09:00:00Z", "labels": ("waiting",)},
        label_events=({"action": "add", "label": "waiting", "user": "emil", "created_at": "2026-12-01T09:10:00Z"},),
    ),
)


@CONDITIONS.register("clock")
class ClockCondition(Condition, frozen=True, kw_only=True):
    """A clock of desk.yml is so far on this issue.

    `at_least` and `less_than` ask how much has counted, as a time or as a share of its length; `remaining` asks
    whether at most so much is left. These three remind: they hold only while the clock runs and its calendar is open,
    so nobody is reminded of what was answered, or at night. `breached` says whether its whole length has counted, also
    of a clock that was stopped too late; `stopped` whether something has stopped it. With the name alone it has begun.

    Templates then know `clock`: its `name`, `started_at`, `due_at`, `elapsed`, `remaining`, `length`, `stopped_at` and
    `stopped_by`. An issue on which the clock begins anew after a stop has a new run, in which everything may be said
    again.
    """

    types: ClassVar[frozenset[ResourceType]] = frozenset({"issues", "merge_requests"})
    bound: ClassVar[frozenset[str]] = frozenset({"clock"})

    name: str
    at_least: Interval | Percent | None = None
    less_than: Interval | Percent | None = None
    remaining: Interval | None = None
    breached: bool | None = None
    stopped: bool | None = None

    @property
    def facets(self) -> frozenset[Facet]:
        return frozenset({"notes", "label_events"})

    def holds(self, resource: Resource, facts: Facts) -> bool:
        clock = facts.desk.clocks[self.name]
        if self._is_too_early(clock, resource, facts):
            return False
        run = read_run(clock, resource, facts)
        if run.started_at is None or run.started_at > facts.now:
            return False
        if self.stopped is not None and self.stopped is not (run.stop is not None):
            return False
        elapsed = run.elapsed(facts.now)
        if self.breached is not None and self.breached is not (run.length is not None and elapsed >= run.length):
            return False
        if not self._reminds:
            return True
        return run.is_open(facts.now) and (run.stop is None or self.stopped is True) and self._is_so_far(run, elapsed)

    def explain(self, resource: Resource, facts: Facts) -> str:
        run = read_run(facts.desk.clocks[self.name], resource, facts)
        if run.started_at is None:
            return f"{self.name} has not begun: {run.why}"
        counted = duration(run.elapsed(facts.now))
        of = f" of {duration(run.length)}" if run.length is not None else ", of no length that is known"
        return f"{self.name}: {counted}{of} since {instant(run.started_at)}{_how_it_is(run, facts.now)}"

    def binds(self, resource: Resource, facts: Facts) -> Mapping[str, Any]:
        return {"clock": clock_values(read_run(facts.desk.clocks[self.name], resource, facts), facts.now)}

    def occasions(self, resource: Resource, facts: Facts) -> tuple[Occasion, ...]:
        run = read_run(facts.desk.clocks[self.name], resource, facts)
        return (Occasion((f"run {run.number} of {self.name}",)),) if run.number > 1 else ()

    def next_change(self, resource: Resource, facts: Facts) -> dt.datetime | None:
        run = read_run(facts.desk.clocks[self.name], resource, facts)
        return min((each for each in self._turns(run, facts.now) if each and each > facts.now), default=None)

    def held_since(self, resource: Resource, facts: Facts) -> dt.datetime | None:
        run = read_run(facts.desk.clocks[self.name], resource, facts)
        amounts = [each for each in self._amounts(run) if each is not None]
        return run.rings_at(max(amounts)) if amounts else None

    def problems(self, desk: Desk, rule: Rule) -> tuple[str, ...]:
        clock = desk.clocks.get(self.name)
        if clock is None:
            remedy = nearest(self.name, desk.clocks) or "define it there under 'clocks'"
            return (f"there is no clock '{self.name}' in desk.yml; {remedy}",)
        asked = (self.at_least, self.less_than, self.remaining)
        if clock.length is None and (self.remaining or self.breached is not None or _has_share(asked)):
            return (f"clock '{self.name}' has no length; give it one in desk.yml, or ask for a time",)
        return tuple(
            f"{each.unit} are of no one length; write days or hours"
            for each in asked
            if isinstance(each, Interval) and each.unit in ("months", "years")
        )

    @property
    def _reminds(self) -> bool:
        return bool(self.at_least or self.less_than or self.remaining)

    def _is_so_far(self, run: Run, elapsed: dt.timedelta) -> bool:
        least, border = _amount(self.at_least, run), _amount(self.less_than, run)
        if (self.at_least and least is None) or (self.less_than and border is None):
            return False
        if (least is not None and elapsed < least) or (border is not None and elapsed >= border):
            return False
        return self.remaining is None or (run.length is not None and run.length - elapsed <= self.remaining.length)

    def _is_too_early(self, clock: Clock, resource: Resource, facts: Facts) -> bool:
        """Told without a request: most clocks on most issues are."""
        most = most_elapsed(clock, resource, facts)
        run = Run(name=self.name, length=length_of(clock, resource))
        wanted = [each for each in self._amounts(run) if each is not None]
        return most is not None and any(most < each for each in wanted)

    def _amounts(self, run: Run) -> Iterator[dt.timedelta | None]:
        """What must have counted for it to hold."""
        yield _amount(self.at_least, run)
        yield run.length if self.breached else None
        yield run.length - self.remaining.length if self.remaining and run.length is not None else None

    def _turns(self, run: Run, now: dt.datetime) -> Iterator[dt.datetime | None]:
        """Where the answer can change if nothing happens."""
        yield run.started_at
        for amount in (*self._amounts(run), _amount(self.less_than, run), run.length):
            yield run.reaches(amount) if amount is not None else None
        if self._reminds and run.calendar is not None:
            yield next_closing(run.calendar, now) if run.is_open(now) else next_opening(run.calendar, now)


def _how_it_is(run: Run, now: dt.datetime) -> str:
    if run.stop:
        return f"; stopped at {instant(run.stop.at)} by {run.stop.by}"
    if run.why:
        return f"; {run.why}"
    if run.is_paused:
        return "; it stands still for a label"
    due = run.due_at
    closed = "" if run.is_open(now) else "; outside its calendar it stands still"
    return (f"; due {instant(due)}" if due else "") + closed


def _amount(asked: Interval | Percent | None, run: Run) -> dt.timedelta | None:
    if isinstance(asked, Percent):
        return asked.of(run.length) if run.length is not None else None
    return asked.length if asked else None


def _has_share(asked: tuple[Interval | Percent | None, ...]) -> bool:
    return any(isinstance(each, Percent) for each in asked)
