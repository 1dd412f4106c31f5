"""Takes what people wrote and labelled; says whether the last of it is long ago."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from starkeeper.desk.intervals import ago, ahead, calendar_problems
from starkeeper.model.desk import Desk
from starkeeper.model.facets import Facet
from starkeeper.model.facts import Facts
from starkeeper.model.people import Who, belongs, said
from starkeeper.model.resources import Resource
from starkeeper.model.rules import Condition, Rule
from starkeeper.model.values import Interval
from starkeeper.registry import CONDITIONS, Example

EXAMPLES = (
    Example(
        says="somebody wrote yesterday",
        yaml="{within: 7 days}",
        gives=True,
        resource={"created_at": "2026-11-01T09:00:00Z"},
        notes=({"author": "ivy", "body": "Any news?", "created_at": "2026-12-01T09:00:00Z"},),
    ),
    Example(
        says="what the bot and GitLab itself write is nobody's activity",
        yaml="{within: 7 days}",
        gives=False,
        resource={"created_at": "2026-11-01T09:00:00Z"},
        notes=({"author": "desk-bot", "body": "Hello"}, {"author": "emil", "body": "assigned", "system": True}),
    ),
    Example(
        says="nobody for a week",
        yaml="{none_within: 7 days}",
        gives=True,
        resource={"created_at": "2026-11-01T09:00:00Z"},
        notes=({"author": "ivy", "body": "Any news?", "created_at": "2026-11-20T09:00:00Z"},),
    ),
    Example(
        says="who sets a label is there, too",
        yaml="{none_within: 7 days, by: managers}",
        gives=False,
        resource={"created_at": "2026-11-01T09:00:00Z"},
        label_events=({"action": "add", "label": "seen", "user": "emil", "created_at": "2026-12-01T09:00:00Z"},),
    ),
    Example(
        says="in open hours: from Monday 16:00 to Wednesday 09:30 office hours are nine and a half",
        yaml="{none_within: 9 hours, calendar: office_hours}",
        gives=True,
        resource={"created_at": "2026-11-30T16:00:00Z"},
    ),
    Example(says="what was opened just now is not quiet", yaml="{none_within: 7 days}", gives=False),
)


@CONDITIONS.register("human_activity")
class HumanActivity(Condition, frozen=True, kw_only=True):
    """Somebody opened it, wrote, or set or took off a label within a time, or (`none_within`) nobody did.

    `by` is said as under `label_added`. Unlike `date` with `updated_at`, what the bot does starts no clock anew. The
    time is exact, also in days; with a `calendar` of desk.yml only the minutes or hours count in which it is open.
    Notes and label events are read only where the other conditions hold and what is known
    already does not decide it.
    """

    within: Interval | None = None
    none_within: Interval | None = None
    by: Who = "people"
    calendar: str = ""

    @property
    def facets(self) -> frozenset[Facet]:
        return frozenset({"notes", "label_events"})

    def holds(self, resource: Resource, facts: Facts) -> bool:
        interval = self.within or self.none_within
        if interval is None:
            return False
        border = ago(interval, facts.now, self.calendar, facts.desk)
        return any(at >= border for at, _ in self._acts(resource, facts)) is (self.within is not None)

    def explain(self, resource: Resource, facts: Facts) -> str:
        acts = list(self._acts(resource, facts))
        if not acts:
            return f"nothing by {said(self.by)}"
        at, who = max(acts)
        return f"{who} was the last, at {at:%Y-%m-%d %H:%M} UTC"

    def next_change(self, resource: Resource, facts: Facts) -> dt.datetime | None:
        interval, acts = self.within or self.none_within, [at for at, _ in self._acts(resource, facts)]
        if interval is None or not acts:
            return None
        turn = ahead(interval, max(acts), self.calendar, facts.desk)
        # At the border itself it still counts, unless a calendar was closed there.
        return turn if turn > facts.now or turn.year == dt.MAXYEAR else turn + dt.timedelta(seconds=1)

    def problems(self, desk: Desk, rule: Rule) -> tuple[str, ...]:
        interval = self.within or self.none_within
        if interval is not None and (self.within is None) is not (self.none_within is None):
            return calendar_problems(self.calendar, interval.unit, desk)
        return ("'human_activity' needs one of 'within' and 'none_within'; write {within: 7 days}",)

    def _acts(self, resource: Resource, facts: Facts) -> Iterator[tuple[dt.datetime, str]]:
        """When somebody whom the policy means did something, and who: what costs nothing first."""
        if resource.author and belongs(resource.author.username, self.by, resource, facts, resource.created_at):
            yield resource.created_at, resource.author.username
        for note in facts.notes(resource):
            if not note.system and belongs(note.author, self.by, resource, facts, note.created_at):
                yield note.created_at, note.author
        for event in facts.label_events(resource):
            if belongs(event.user, self.by, resource, facts, event.created_at):
                yield event.created_at, event.user
