"""Says whether a rule may speak on an issue, and puts what it says into one note that carries its key."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from starkeeper.desk.intervals import ago, ahead
from starkeeper.desk.words import duration, instant
from starkeeper.model.facts import Facts
from starkeeper.model.plan import CommentStep
from starkeeper.model.resources import Resource
from starkeeper.model.rules import Renderer, Rule
from starkeeper.render.markers import note_marker, said_in, said_line

_MOST_TIMES = 10_000
# A schedule is never on time to the minute; a run or two may fail.
_LATE_AFTER_SWEEPS = 3


class Turn(Struct, frozen=True):
    """Which time a rule would speak, counted from 1; None where it has said it and is not due again.

    `is_over` says that it would be due, but has spoken as often as it may.
    """

    number: int | None
    is_over: bool = False


def turn_to_speak(rule: Rule, about: tuple[str, ...], resource: Resource, facts: Facts) -> Turn:
    """Whether the rule may speak on that occasion.

    Raises FacetNeeded where the notes of the issue were not read yet: the notes are the memory. What is known of
    earlier runs counts as well, so that a note that a person deleted is not written again.
    """
    keys = (note_marker(rule.name, number, about)[0] for number in range(1, _MOST_TIMES))
    return turn_after(rule, keys, _known(resource, facts), facts)


def turn_after(rule: Rule, keys: Iterable[str], known: Mapping[str, dt.datetime], facts: Facts) -> Turn:
    """The same where `keys` are those of its times in order, and `known` is what was said, and when."""
    said = _times(rule, keys, known)
    if not said:
        return Turn(1)
    last = len(said)
    if rule.repeat is None:
        return Turn(None)
    is_due = said[-1] <= ago(rule.repeat.every, facts.now, rule.repeat.calendar, facts.desk)
    is_over = rule.repeat.at_most is not None and last >= rule.repeat.at_most
    return Turn(last + 1 if is_due and not is_over else None, is_due and is_over)


def next_turn(rule: Rule, resource: Resource, facts: Facts) -> dt.datetime | None:
    """When a rule that repeats itself may speak next; None where it does not, or no more."""
    keys = (note_marker(rule.name, number, ())[0] for number in range(1, _MOST_TIMES))
    said = _times(rule, keys, _known(resource, facts)) if rule.repeat else []
    if rule.repeat is None or not said or (rule.repeat.at_most is not None and len(said) >= rule.repeat.at_most):
        return None
    return ahead(rule.repeat.every, said[-1], rule.repeat.calendar, facts.desk)


def spoken(
    rule: Rule,
    parts: Sequence[CommentStep],
    number: int,
    about: tuple[str, ...],
    resource: Resource,
    facts: Facts,
    render: Renderer,
) -> tuple[CommentStep, ...]:
    """The parts of one rule as one note, finished with its reason and its marker."""
    bodies = [part.body for part in parts if part.body]
    if not bodies:
        return ()
    key, marker = note_marker(rule.name, number, about)
    late = late_line(rule, resource, facts) if number == 1 else ""
    earlier = said_line(_known(resource, facts))
    step = CommentStep(
        rule=rule.name,
        internal=any(part.internal for part in parts),
        body=render.note([*bodies, late], rule, f"{earlier}\n{marker}" if earlier else marker),
        key=key,
        thread=any(part.thread for part in parts),
    )
    return (step,)


def _times(rule: Rule, keys: Iterable[str], known: Mapping[str, dt.datetime]) -> list[dt.datetime]:
    """When it was said, time by time; one that is not known any more was said before the next."""
    times: list[dt.datetime] = []
    missing = 0
    for key in keys:
        if at := known.get(key):
            times += [at] * (missing + 1)
            missing = 0
        else:
            missing += 1
        # Of very many, those in the middle are not remembered.
        if missing > (max(rule.repeat.at_most or 3, len(known)) if rule.repeat else 0):
            break
    return times


def _known(resource: Resource, facts: Facts) -> dict[str, dt.datetime]:
    return {**facts.said.get(resource.key, {}), **said_in(facts.notes(resource), facts.bot)}


def late_line(rule: Rule, resource: Resource, facts: Facts) -> str:
    """What a reminder says of itself where it comes long after its time, since runs were missed."""
    times = (each.condition.held_since(resource, facts) for each in rule.conditions)
    since = max((each for each in times if each), default=None)
    if since is None or facts.now - since < _LATE_AFTER_SWEEPS * dt.timedelta(minutes=facts.desk.sweep_minutes):
        return ""
    return f"_Late by {duration(facts.now - since)}: this was due {instant(since)}._"
