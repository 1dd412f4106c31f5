"""Takes the notes of a resource; says whether somebody whom the rule means wrote one, and what it says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from starkeeper.conditions._events import TimedCondition
from starkeeper.desk.commands import says_something
from starkeeper.desk.words import instant
from starkeeper.model.desk import Desk
from starkeeper.model.facets import Facet
from starkeeper.model.facts import Facts
from starkeeper.model.people import Who, belongs, said
from starkeeper.model.resources import Note, Resource
from starkeeper.model.rules import Rule
from starkeeper.model.values import LabelPattern, Pattern
from starkeeper.registry import CONDITIONS, Example

EXAMPLES = (
    Example(
        says="a manager wrote something (emil is one)",
        yaml="{by: managers}",
        gives=True,
        notes=({"author": "emil", "body": "Kim has it."},),
    ),
    Example(
        says="a comment without the words that are asked for",
        yaml="{by: managers, matching: '(?i)agreed path:'}",
        gives=False,
        notes=({"author": "emil", "body": "Kim has it."},),
    ),
    Example(
        says="what the bot and GitLab itself write is no comment of a person",
        yaml="{by: people}",
        gives=False,
        notes=({"author": "desk-bot", "body": "Hello"}, {"author": "emil", "body": "assigned", "system": True}),
    ),
)


@CONDITIONS.register("commented")
class Commented(TimedCondition, frozen=True, kw_only=True):
    """One of those meant wrote a comment, and with `matching` a regular expression is found in it.

    `by` and how long ago it was (`within`, `older_than`, `calendar`) are said as under `label_added`; with `after` it
    came after that label was set last. The newest such comment counts; templates then know `commented_by` and
    `commented_at`, and the named groups of the pattern become `fields`. What GitLab writes itself, and
    what only asks the bot something, is no comment.
    """

    bound: ClassVar[frozenset[str]] = frozenset({"commented_by", "commented_at"})

    by: Who = "people"
    matching: Pattern | None = None
    after: LabelPattern | None = None

    @property
    def facets(self) -> frozenset[Facet]:
        return frozenset({"notes", "label_events"} if self.after else {"notes"})

    def holds(self, resource: Resource, facts: Facts) -> bool:
        return self._comment(resource, facts) is not None

    def explain(self, resource: Resource, facts: Facts) -> str:
        comment = self._comment(resource, facts)
        if comment is None:
            return f"no such comment by {said(self.by)}"
        return f"{comment.author} wrote one at {instant(comment.created_at)}"

    def binds(self, resource: Resource, facts: Facts) -> Mapping[str, Any]:
        comment = self._comment(resource, facts)
        if comment is None:
            return {}
        names: dict[str, Any] = {"commented_by": comment.author, "commented_at": comment.created_at}
        found = self.matching.compiled.search(comment.body) if self.matching else None
        groups = {key: text.strip() for key, text in found.groupdict().items() if text} if found else {}
        return {**names, "fields": groups}

    def next_change(self, resource: Resource, facts: Facts) -> dt.datetime | None:
        turns = (self.turns(each.created_at, facts) for each in self._written(resource, facts))
        return min((each for each in turns if each), default=None)

    def problems(self, desk: Desk, rule: Rule) -> tuple[str, ...]:
        return self.time_problems(desk)

    def _comment(self, resource: Resource, facts: Facts) -> Note | None:
        return next((each for each in self._written(resource, facts) if self.fits(each.created_at, facts)), None)

    def _written(self, resource: Resource, facts: Facts) -> Iterator[Note]:
        """The newest first, however long ago."""
        for note in reversed(facts.notes(resource)):
            if note.system or not says_something(note, facts):
                continue
            if not belongs(note.author, self.by, resource, facts, note.created_at):
                continue
            if self.matching is not None and not self.matching.compiled.search(note.body):
                continue
            if self.after is None or _is_after(self.after, note, resource, facts):
                yield note


def _is_after(label: LabelPattern, note: Note, resource: Resource, facts: Facts) -> bool:
    events = (each for each in facts.label_events(resource) if each.action == "add" and each.label)
    set_at = [each.created_at for each in events if label.matches((each.label or "",))]
    return bool(set_at) and note.created_at >= set_at[-1]
