"""Says whether a rule may speak on an issue, and puts what it says into one note that carries its key."""

from __future__ import annotations

import datetime as dt

from starkeeper.model.facts import Facts
from starkeeper.model.plan import CommentStep
from starkeeper.model.resources import Issue
from starkeeper.model.rules import Renderer, Rule
from starkeeper.render.markers import find_marker, make_marker


def may_speak(rule: Rule, issue: Issue, facts: Facts) -> int | None:
    """Which time this would be, counted from 1, or None where it has been said and is not due again.

    Raises FacetNeeded where the notes of the issue were not read yet: the notes are the only memory.
    """
    said = _said(rule, issue, facts)
    if not said:
        return 1
    last = max(said)
    if rule.repeat is None or (rule.repeat.at_most is not None and last >= rule.repeat.at_most):
        return None
    return last + 1 if said[last] <= rule.repeat.every.before(facts.now) else None


def spoken(rule: Rule, parts: list[CommentStep], occurrence: int, render: Renderer) -> tuple[CommentStep, ...]:
    """The parts of one rule as one note, finished with its reason and its marker."""
    if not parts:
        return ()
    key, _ = make_marker(rule.name, occurrence)
    body = render.note([part.body for part in parts], rule, occurrence)
    return (CommentStep(rule=rule.name, internal=any(part.internal for part in parts), body=body, key=key),)


def _said(rule: Rule, issue: Issue, facts: Facts) -> dict[int, dt.datetime]:
    said: dict[int, dt.datetime] = {}
    for note in facts.notes(issue):
        marker = find_marker(note.body) if note.author == facts.bot else None
        if marker and make_marker(rule.name, marker.occurrence)[0] == marker.key:
            said.setdefault(marker.occurrence, note.created_at)
    return said
