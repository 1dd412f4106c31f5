"""What becomes of one thing that a run did: the step that brings it back, or why it is left; and the words for that."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from msgspec import Struct

from starkeeper.model.facts import Facts
from starkeeper.model.journal import Entry
from starkeeper.model.plan import FieldStep
from starkeeper.model.resources import Resource, ResourceKey

Earlier = Collection[tuple[ResourceKey, str]]
"""The resources and actions that an undo of the same run has brought back before."""


class Back(Struct, frozen=True):
    """One thing that is brought back as it was, and the steps of the run that had changed it."""

    step: FieldStep
    entries: tuple[Entry, ...]


class Left(Struct, frozen=True):
    """One thing that stays as it is."""

    what: str
    why: str


class Case(Struct, frozen=True):
    """What it is decided from: the resource as it is now, all other facts, and by what name the undo goes."""

    resource: Resource
    facts: Facts
    rule: str
    earlier: Earlier = frozenset()

    def is_back(self, action: str) -> bool:
        """Whether an earlier undo brought this back, so that it is nobody's doing that it is as before."""
        return (self.resource.key, action) in self.earlier

    def who(self, username: str) -> str:
        """Who did something, where the run's own account means a run that came later."""
        return "a later run" if username == self.facts.bot else username or "somebody"

    def when(self, at: dt.datetime) -> str:
        """`at 10:04 UTC`, with the day where it is another one than today."""
        time = at.astimezone(dt.UTC)
        same_day = time.date() == self.facts.now.astimezone(dt.UTC).date()
        return f"at {time:%H:%M} UTC" if same_day else f"on {time:%Y-%m-%d} at {time:%H:%M} UTC"
