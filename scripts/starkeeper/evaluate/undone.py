"""Says whether a rule keeps off a resource because what it did there was undone."""

from __future__ import annotations

from starkeeper.model.facts import Facts
from starkeeper.model.resources import Resource
from starkeeper.model.rules import Rule
from starkeeper.render.undone import UNDONE_LABEL, undone_in


def is_undone(rule: Rule, resource: Resource, facts: Facts) -> bool:
    """Whether a note of the run's own account says so of this very text of the rule, and the label still stands.

    Raises FacetNeeded where the notes of a resource with that label were not read yet; any other costs nothing.
    """
    if not rule.digest or UNDONE_LABEL not in resource.labels:
        return False
    return any(rule.digest in undone_in(note.body) for note in facts.notes(resource) if note.author == facts.bot)
