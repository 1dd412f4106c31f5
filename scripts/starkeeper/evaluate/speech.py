"""Says whether a rule may speak on an issue, and puts what it says into one note that carries its key."""

from __future__ import annotations

import datetime as dt

from starkeeper.desk.intervals import ago
from starkeeper.model.facts import Facts
from starkeeper.model.plan import CommentStep
from starkeeper.model.resources import Resource
from starkeeper.model.rules import Renderer, Rule
from starkeeper.render.markers import find_marker, make_marker


def may_speak(rule: Rule, resource: Resource, facts: Facts) -> int | None:
    """Which time this would be, counted from 1, or None where it has been said and is not due again.

    Raises FacetNeeded where the notes of the issue were not read yet: the notes are the only memory.
    """
    said = _said(rule, resource, facts)
    if not said:
        return 1
    last = max(said)
    if rule.repeat is None or (rule.repeat.at_most is not None and last >= rule.repeat.at_most):
        return None
    return last + 1 if said[last] <= ago(rule.repeat.every, facts.now, rule.repeat.calendar, facts.desk) else None


def spoken(rule: Rule, parts: list[CommentStep], occurrence: int, render: Renderer) -> tuple[CommentStep, ...]:
    """The parts of one rule as one note, finished with its reason and its marker."""
    bodies = [part.body for part in parts if part.body]
    if not bodies:
        return ()
    key, marker = make_marker(rule.name, occurrence)
    step = CommentStep(
        rule=rule.name,
        internal=any(part.internal for part in parts),
        body=render.note(bodies, rule, marker),
        key=key,
        thread=any(part.thread for part in parts),
    )
    return (step,)


def _said(rule: Rule, resource: Resource, facts: Facts) -> dict[int, dt.datetime]:
    said: dict[int, dt.datetime] = {}
    for note in facts.notes(resource):
        marker = find_marker(note.body) if note.author == facts.bot else None
        if marker and make_marker(rule.name, marker.occurrence)[0] == marker.key:
            said.setdefault(marker.occurrence, note.created_at)
    return said
