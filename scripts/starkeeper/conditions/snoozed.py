"""Takes the notes of an issue; says whether a manager has snoozed it."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from starkeeper.desk.commands import last_snooze, snoozed_until
from starkeeper.desk.words import instant
from starkeeper.model.facets import Facet
from starkeeper.model.facts import Facts
from starkeeper.model.resources import Resource, ResourceType
from starkeeper.model.rules import Condition
from starkeeper.registry import CONDITIONS, Example

EXAMPLES = (
    Example(
        says="a manager said so half an hour ago (the bot is called desk-bot)",
        yaml="true",
        gives=True,
        notes=({"author": "emil", "body": "@desk-bot snooze 2 hours", "created_at": "2026-12-02T09:00:00Z"},),
    ),
    Example(
        says="the time is over",
        yaml="true",
        gives=False,
        notes=({"author": "emil", "body": "@desk-bot snooze 10 minutes", "created_at": "2026-12-02T09:00:00Z"},),
    ),
    Example(
        says="nobody did, so a reminder may go out",
        yaml="false",
        gives=True,
    ),
    Example(
        says="who is no manager cannot",
        yaml="true",
        gives=False,
        notes=({"author": "ivy", "body": "@desk-bot snooze 2 hours", "created_at": "2026-12-02T09:00:00Z"},),
    ),
)


@CONDITIONS.register("snoozed")
class Snoozed(Condition, frozen=True):
    """A manager has told the bot to be quiet on it for a time that is not over: `@bot snooze 2 days`.

    Reminders ask for `snoozed: false`. The comment itself is what is remembered: who deletes it, or writes
    `@bot unsnooze`, ends it. Clocks run on. At most 90 days count.
    """

    types: ClassVar[frozenset[ResourceType]] = frozenset({"issues", "merge_requests", "epics"})

    value: bool

    @property
    def facets(self) -> frozenset[Facet]:
        return frozenset({"notes"})

    def holds(self, resource: Resource, facts: Facts) -> bool:
        return (snoozed_until(resource, facts) is not None) is self.value

    def explain(self, resource: Resource, facts: Facts) -> str:
        until = snoozed_until(resource, facts)
        return f"snoozed until {instant(until)}" if until else "not snoozed"

    def held_since(self, resource: Resource, facts: Facts) -> dt.datetime | None:
        return None if self.value else last_snooze(resource, facts)

    def next_change(self, resource: Resource, facts: Facts) -> dt.datetime | None:
        return snoozed_until(resource, facts)
