"""Takes a request for cover, an issue with its notes; gives how it stands and who agreed."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from msgspec import Struct, structs

from starkeeper.desk.commands import commands_by
from starkeeper.desk.cover import Span, answer_by, held_by, manager_named, span_of
from starkeeper.desk.on_call import shifts_in
from starkeeper.model.facts import Facts
from starkeeper.model.resources import Duty, Resource
from starkeeper.render.markers import abouts_said

State = Literal["unreadable", "not_theirs", "asked", "open", "agreed", "past"]
_MEANS = {"agree": True, "take": True, "decline": False}


class Seen(Struct, frozen=True, kw_only=True):
    """How a request stands. `asked` is the manager whom it names, `taker` who agreed, `declined` says that the one
    asked did not; `shifts` are those of its time, None where nobody can tell them; until `answer_by` the one asked can
    answer alone."""

    asker: str
    state: State = "unreadable"
    span: Span | None = None
    asked: str = ""
    taker: str = ""
    declined: bool = False
    shifts: tuple[Duty, ...] | None = None
    answer_by: dt.datetime | None = None


def seen_in(resource: Resource, rotation: str, facts: Facts) -> Seen:
    """How it stands now. Raises FacetNeeded, and Unanswerable where PagerDuty does not tell whose time it is."""
    asker = resource.author.username if resource.author else ""
    span = span_of(resource.fields.get("from", ""), resource.fields.get("to", ""))
    if span is None:
        return Seen(asker=asker)
    named = manager_named(resource.fields.get("asked", ""), facts)
    asked = named if named.casefold() != asker.casefold() else ""
    asked_at = _asked_at(span, resource, facts)
    answers = _answers(span, asked_at, resource, facts) if asked_at else {}
    agreed = (name for name, agrees in answers.items() if agrees and name != asker.casefold())
    seen = Seen(
        asker=asker,
        span=span,
        asked=asked,
        taker=manager_named(next(agreed, ""), facts),
        declined=answers.get(asked.casefold()) is False,
        shifts=shifts_in(rotation, facts, span.starts, span.ends) if span.starts > facts.now else None,
        answer_by=answer_by(asked_at or facts.now, span.starts) if asked else None,
    )
    return structs.replace(seen, state=_state(seen, span, facts.now))


def asking_for(span: Span) -> str:
    """What a note is about that asks for cover in that time."""
    return f"cover {span}"


def _state(seen: Seen, span: Span, now: dt.datetime) -> State:
    if span.starts <= now:
        return "past"
    # Once the override is there the time is the taker's, in PagerDuty too.
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
        agrees = _MEANS.get(command.text.rstrip(" .!"))
        by = command.by.casefold()
        if agrees is not None and agrees is not answers.get(by) and asked_at <= command.at < span.starts:
            answers.pop(by, None)
            answers[by] = agrees
    return answers


def _asked_at(span: Span, resource: Resource, facts: Facts) -> dt.datetime | None:
    """When the bot first said that it asks for that time."""
    own = (each for each in facts.notes(resource) if asking_for(span) in abouts_said((each,), facts.bot))
    return next((each.created_at for each in own), None)
