"""Takes a message of the bot as a stage keeps it; gives it as a person sees it, the same on every stage."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from starkeeper.model.desk import Desk
from starkeeper.model.resources import Mark
from starkeeper.scenarios.accounts import everybody_told
from starkeeper.scenarios.names import name_of_reference
from starkeeper.scenarios.stage import Spoken


def spoken(
    desk: Desk,
    *,
    channel: str,
    thread: str,
    mark: Mark | None,
    text: str,
    at: dt.datetime,
    edited: bool,
    reactions: Mapping[str, tuple[str, ...]],
    names: Mapping[str, str],
) -> Spoken:
    """`channel` is what Slack calls it, `names` are those of people by their account."""
    return Spoken(
        channel=next((name for name, there in desk.channels.items() if there == channel), channel),
        thread=thread,
        about=name_of_reference(mark.about, desk) if mark else "",
        role=mark.role if mark else "",
        text=text,
        at=at.replace(microsecond=0),
        edited=edited,
        told=everybody_told(text, names, desk),
        reactions=reactions,
    )


def thread_name(mark: Mark | None, called: str) -> str:
    """What scenarios call the first message of a thread."""
    return called or (mark.role if mark else "") or "message"


def in_order(said: Iterable[Spoken], desk: Desk) -> tuple[Spoken, ...]:
    """Oldest first, and of one second by channel, so that it does not matter in which order a stage keeps channels."""
    places = {name: place for place, name in enumerate(desk.channels)}
    return tuple(sorted(said, key=lambda each: (each.at, places[each.channel])))
