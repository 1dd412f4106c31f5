"""What a person does to the world's time: move it on, never back, for what happened has happened."""

from __future__ import annotations

import datetime as dt

from starkeeper.sandbox.clock import ahead
from starkeeper.sandbox.web.play import Done, Move, Refused, verb

# The farthest that one move goes: a slip of the keyboard in the year must not end the game.
FARTHEST = dt.timedelta(days=366)


@verb("clock")
def clock(move: Move) -> Done:
    """By a number of minutes, or to a time in UTC: whichever field the form has."""
    world, now = move.world, move.world.clock()
    by = _minutes(move.fields["minutes"]) if "minutes" in move.fields else _moment(move.field("to")) - now
    if by <= dt.timedelta(0):
        raise Refused("The clock only goes forward: choose a later time.")
    if by > FARTHEST:
        raise Refused("That is more than a year on: choose an earlier time.")
    world.clock = ahead(world.clock, by)
    world.changed()
    return Done(f"It is {world.clock():%a %-d %b %H:%M} UTC.")


def _minutes(text: str) -> dt.timedelta:
    if not text.isdecimal() or len(text) > 6:
        raise Refused("Write a number of minutes.")
    return dt.timedelta(minutes=int(text))


def _moment(text: str) -> dt.datetime:
    try:
        at = dt.datetime.fromisoformat(text)
        return at.replace(tzinfo=dt.UTC) if at.tzinfo is None else at.astimezone(dt.UTC)
    except (ValueError, OverflowError):
        raise Refused("Write the time like 2026-11-30 09:00.") from None
