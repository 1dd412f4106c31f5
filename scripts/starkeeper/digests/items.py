"""Takes issues that a list chose; gives what a digest tells of each: when it falls due, who had the last word."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from starkeeper.desk.clocks import read_run
from starkeeper.digests.about import About
from starkeeper.model.facts import Facts
from starkeeper.model.people import belongs
from starkeeper.model.resources import Note, Resource
from starkeeper.model.rules import Match
from starkeeper.render.redact import redacted, redacted_others
from starkeeper.render.values import username


class Item(Struct, frozen=True, kw_only=True):
    """One issue, with the names of a rule and what else is told of it; `due_at` is None where nothing runs on it."""

    match: Match
    is_new: bool
    due_at: dt.datetime | None
    is_overdue: bool
    due_in_shift: bool
    last_word: Note | None

    def names(self, *, is_hidden: bool) -> Mapping[str, Any]:
        """What templates see; where the text does not stay within (`is_hidden`), of a confidential issue only where it
        is and when it falls due."""
        of_due = {"due_at": self.due_at, "is_overdue": self.is_overdue, "due_in_shift": self.due_in_shift}
        others = {
            "is_new": self.is_new,
            "last_word_by": username(self.last_word.author) if self.last_word else None,
            "last_word_at": self.last_word.created_at if self.last_word else None,
        }
        if is_hidden:
            return {**self.match.names, **of_due, **others}
        if self.match.resource.confidential:
            return {**redacted({**self.match.names, **others}), **of_due}
        return {**redacted_others(self.match.names), **of_due, **others}


def item_of(match: Match, clocks: Sequence[str], about: About, facts: Facts) -> Item:
    """Raises FacetNeeded where a clock or the notes must be read for it."""
    resource = match.resource
    due_at = min(_dues(resource, clocks, facts), default=None)
    return Item(
        match=match,
        is_new=resource.created_at >= about.began_before,
        due_at=due_at,
        is_overdue=due_at is not None and due_at <= facts.now,
        due_in_shift=due_at is not None and about.starts_at <= due_at < about.ends_at,
        last_word=_last_word(resource, facts),
    )


def by_urgency(item: Item) -> tuple[bool, dt.datetime, dt.datetime, int]:
    """What falls due first comes first, what has no time last, the oldest before the others."""
    resource = item.match.resource
    return item.due_at is None, item.due_at or resource.created_at, resource.created_at, resource.iid


def _dues(resource: Resource, clocks: Sequence[str], facts: Facts) -> Iterator[dt.datetime]:
    for name in clocks:
        run = read_run(facts.desk.clocks[name], resource, facts)
        if run.started_at is not None and run.stop is None and run.due_at is not None:
            yield run.due_at


def _last_word(resource: Resource, facts: Facts) -> Note | None:
    """What a person wrote last; who opened it has not answered it."""
    said = (each for each in facts.notes(resource) if not each.system)
    return max(
        (each for each in said if belongs(each.author, "people", resource, facts)),
        key=lambda note: note.created_at,
        default=None,
    )
