"""Takes a request for cover, an issue with its notes; gives how it stands and who agreed."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from msgspec import Struct, structs

from starkeeper.desk.commands import Command, commands_by, has_number
from starkeeper.desk.cover import Span, answer_by, held_by, manager_named, span_of, stands_in
from starkeeper.desk.on_call import shifts_in
from starkeeper.desk.rotations import BACK
from starkeeper.model.facts import Facts
from starkeeper.model.people import editor, initiator
from starkeeper.model.resources import Duty, Resource
from starkeeper.render.markers import abouts_said

State = Literal["unreadable", "unconfirmed", "not_theirs", "asked", "open", "agreed", "covered", "by_hand", "past"]
_MEANS = {"agree": True, "take": True, "decline": False}


class Seen(Struct, frozen=True, kw_only=True):
    """How a request stands. `asker` is who asks, `is_known` whether that is certain, `editor` who else edited it.

    `asked` is the manager whom it names, `taker` who agreed, `declined` says that the one asked did not; `shifts` are
    those of its time, None where nobody can tell them; until `answer_by` the one asked can answer alone. `is_by_hand`
    says that this run cannot put anybody on call.
    """

    asker: str
    editor: str = ""
    is_known: bool = True
    state: State = "unreadable"
    span: Span | None = None
    asked: str = ""
    taker: str = ""
    declined: bool = False
    shifts: tuple[Duty, ...] | None = None
    answer_by: dt.datetime | None = None
    is_by_hand: bool = False


def seen_in(resource: Resource, rotation: str, facts: Facts) -> Seen:
    """How it stands now. Raises FacetNeeded, and Unanswerable where PagerDuty does not tell whose time it is."""
    asker = resource.author.username if resource.author else ""
    span = span_of(resource.fields.get("from", ""), resource.fields.get("to", ""))
    if span is None:
        return Seen(asker=asker)
    named = manager_named(resource.fields.get("asked", ""), facts.desk)
    asked = named if named.casefold() != asker.casefold() else ""
    asked_at = _asked_at(span, resource, facts)
    answers = _answers(span, asked_at, resource, facts) if asked_at else {}
    agreed = (name for name, agrees in answers.items() if agrees and name != asker.casefold())
    taker = manager_named(next(agreed, ""), facts.desk)
    # What was agreed in time may have been set just before the beginning.
    is_told = span.starts > (facts.now - BACK if taker else facts.now)
    seen = Seen(
        asker=asker,
        editor=editor(resource, facts),
        is_known=bool(initiator(resource, facts)),
        span=span,
        asked=asked,
        taker=taker,
        declined=answers.get(asked.casefold()) is False,
        shifts=shifts_in(rotation, facts, span.starts, span.ends) if is_told else None,
        answer_by=answer_by(asked_at or facts.now, span.starts) if asked else None,
        is_by_hand="pagerduty" not in facts.systems or not facts.desk.rotations[rotation].schedules,
    )
    return structs.replace(seen, state=_state(seen, span, facts.now))


def asking_for(span: Span) -> str:
    """What a note is about that asks for cover in that time."""
    return f"cover {span}"


def _state(seen: Seen, span: Span, now: dt.datetime) -> State:
    is_confirmed = seen.is_known and not seen.editor
    if seen.taker and seen.is_by_hand and is_confirmed:
        return "by_hand"
    if seen.taker and stands_in(seen.taker, seen.asker, span, seen.shifts or ()):
        return "covered"
    if span.starts <= now:
        return "past"
    # Nobody is taken off call on the word of another.
    if not is_confirmed:
        return "unconfirmed"
    # Of two schedules one may have got its override, and the other not yet.
    if seen.shifts is not None and not held_by((seen.asker, seen.taker), span, seen.shifts):
        return "not_theirs"
    if seen.taker:
        return "agreed"
    return "asked" if seen.answer_by and now < seen.answer_by and not seen.declined else "open"


def _answers(span: Span, asked_at: dt.datetime, resource: Resource, facts: Facts) -> dict[str, bool]:
    """The last answer of each manager on that time, by user name in small letters, in the order in which they gave it;
    who says the same again gave it before."""
    answers: dict[str, bool] = {}
    for command in commands_by("managers", resource, facts):
        agrees = _meant(command)
        by = command.by.casefold()
        if agrees is not None and agrees is not answers.get(by) and asked_at <= command.at < span.starts:
            answers.pop(by, None)
            answers[by] = agrees
    return answers


def _meant(command: Command) -> bool | None:
    """Whether it is a yes or a no, by its first word; None for another, and where a number, such as a time, follows."""
    rests = ((command.rest_of(word), agrees) for word, agrees in _MEANS.items())
    return next((agrees for rest, agrees in rests if rest is not None and not has_number(rest)), None)


def _asked_at(span: Span, resource: Resource, facts: Facts) -> dt.datetime | None:
    """When the bot first said that it asks for that time."""
    own = (each for each in facts.notes(resource) if asking_for(span) in abouts_said((each,), facts.bot))
    return next((each.created_at for each in own), None)
