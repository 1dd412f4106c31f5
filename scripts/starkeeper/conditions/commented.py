"""Takes the notes of a resource; says whether somebody whom the rule means wrote one, and what it says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from starkeeper.model.facts import Facet, Facts
from starkeeper.model.people import Group, belongs, said
from starkeeper.model.resources import Note, Resource
from starkeeper.model.rules import Condition
from starkeeper.model.values import Pattern
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
class Commented(Condition, frozen=True, kw_only=True):
    """One of those meant wrote a comment, and with `matching` a regular expression is found in it.

    `by` is said as under `label_added`. The newest such comment counts; templates then know `commented_by` and
    `commented_at`, and the named groups of the pattern become `fields`. What GitLab writes itself is no comment.
    """

    bound: ClassVar[frozenset[str]] = frozenset({"commented_by", "commented_at"})

    by: Group | tuple[str, ...] = "people"
    matching: Pattern | None = None

    @property
    def facets(self) -> frozenset[Facet]:
        return frozenset({"notes"})

    def holds(self, resource: Resource, facts: Facts) -> bool:
        return self._comment(resource, facts) is not None

    def explain(self, resource: Resource, facts: Facts) -> str:
        comment = self._comment(resource, facts)
        if comment is None:
            return f"no such comment by {said(self.by)}"
        return f"{comment.author} wrote one at {comment.created_at:%Y-%m-%d %H:%M} UTC"

    def binds(self, resource: Resource, facts: Facts) -> Mapping[str, Any]:
        comment = self._comment(resource, facts)
        if comment is None:
            return {}
        names: dict[str, Any] = {"commented_by": comment.author, "commented_at": comment.created_at}
        found = self.matching.compiled.search(comment.body) if self.matching else None
        groups = {key: text.strip() for key, text in found.groupdict().items() if text} if found else {}
        return {**names, "fields": groups}

    def _comment(self, resource: Resource, facts: Facts) -> Note | None:
        for note in reversed(facts.notes(resource)):
            if note.system or not belongs(note.author, self.by, resource, facts):
                continue
            if self.matching is None or self.matching.compiled.search(note.body):
                return note
        return None
