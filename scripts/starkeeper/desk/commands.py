"""Takes the notes of an issue; gives what people ask the bot in them, and until when an issue is snoozed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from msgspec import Struct

from starkeeper.model.facts import Facts
from starkeeper.model.people import Who, belongs
from starkeeper.model.resources import Note, Resource

MOST_DAYS = 90
"""Longer than so many days nothing can be snoozed: it would be forgotten."""
COMMAND_ATTRIBUTES = frozenset({"by", "at", "text", "rest", "until", "until_local"})
"""What templates see of a command."""

# Of backticks none may follow in the line; the last is GitLab's quote of several lines.
_FENCE = re.compile(r"[ ]{0,3}(```+(?=[^`]*$)|~~~+|>>>+(?=\s*$))")
_AMOUNT = re.compile(r"(?:for )?(\d{1,4}) ?(m|min|minute|h|hour|d|day|w|week)s?")
_DATE = re.compile(r"until (\d{4}-\d\d-\d\d)(?:[ t](\d\d:\d\d))?")
_DAY = re.compile(
    r"until (?:(tomorrow)|(mon|tue|wed|thu|fri|sat|sun)(?:day|sday|nesday|rsday|urday)?)(?: (\d\d?:\d\d))?"
)
_EMOJI = re.compile(r":[a-z0-9_+-]+:")
_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


class Command(Struct, frozen=True):
    """What somebody asked the bot, and when: `text` in small letters with single blanks, without the bot's name.

    It is somebody's text. `internal` says that the note could be read by members only.
    """

    by: str
    at: dt.datetime
    text: str
    internal: bool = False

    def rest_of(self, words: str) -> str | None:
        """What stands behind those words, and the stop behind them; None where it is not them that were said."""
        found = re.match(rf"{re.escape(words)}(?![\w']|-\w)(?:[.,:;!?]+(?=\s|$))?\s*(.*)", self.text)
        return found[1] if found else None


def commands_by(by: Who, resource: Resource, facts: Facts) -> tuple[Command, ...]:
    """What those meant asked the bot in the notes of the resource, oldest first: the first in each note counts.

    A line asks the bot when it begins with its name; code and quotes ask nothing.
    """
    if not facts.bot:
        return ()
    notes = (each for each in facts.notes(resource) if not each.system and _is_persons(each, facts))
    mine = (each for each in notes if belongs(each.author, by, resource, facts, each.created_at))
    return tuple(found for each in mine if (found := _command_in(each, facts.bot)))


def has_number(text: str) -> bool:
    """Whether there is a digit in it, the name of an emoji (`:+1:`) left aside."""
    return any(each.isdigit() for each in _EMOJI.sub("", text))


def says_something(note: Note, facts: Facts) -> bool:
    """Whether a comment is for people: one that only asks the bot is not."""
    lines = [line for line in note.body.splitlines() if line.strip()]
    return not facts.bot or not lines or not all(_asked_in(line, facts.bot) for line in lines)


def snoozed_until(resource: Resource, facts: Facts) -> dt.datetime | None:
    """Until when a manager has snoozed the resource; None where nobody has, or where it is over.

    The last word counts: a later snooze replaces an earlier one, and `unsnooze` ends it.
    """
    until = last_snooze(resource, facts)
    return until if until and until > facts.now else None


def last_snooze(resource: Resource, facts: Facts) -> dt.datetime | None:
    """When the last snooze ends, or ended, also by `unsnooze`; None where there was none."""
    until: dt.datetime | None = None
    for command in commands_by("managers", resource, facts):
        if command.rest_of("unsnooze") is not None:
            until = min(until, command.at) if until else None
        elif (rest := command.rest_of("snooze")) is not None:
            until = snooze_end(rest, command, facts) or until
    return until


def snooze_end(text: str, command: Command, facts: Facts) -> dt.datetime | None:
    """The instant that `2 days`, `until Monday 09:00` or `until 2026-12-03` means, on the clock of whoever said it.

    None where it means none, one that had passed when it was said, or one more than MOST_DAYS ahead. A day alone is its
    beginning.
    """
    local = command.at.astimezone(ZoneInfo(zone_of(command.by, facts)))
    try:
        end = _end(" ".join(text.split()).strip(" .!"), local)
    except (ValueError, OverflowError):
        return None
    if end is None or not command.at < end <= command.at + dt.timedelta(days=MOST_DAYS):
        return None
    return end.astimezone(dt.UTC)


def zone_of(name: str, facts: Facts) -> str:
    """The zone on whose clock somebody lives, UTC where people.yml does not say."""
    people = (each for each in facts.desk.people.values() if each.gitlab.casefold() == name.casefold())
    return next((each.zone for each in people), "UTC")


def _is_persons(note: Note, facts: Facts) -> bool:
    return note.author.casefold() != facts.bot.casefold()


def _command_in(note: Note, bot: str) -> Command | None:
    for line in _said_lines(note.body):
        if found := _asked_in(line, bot):
            return Command(note.author, note.created_at, " ".join(found[1].split()).lower()[:200], note.internal)
    return None


def _asked_in(line: str, bot: str) -> re.Match[str] | None:
    return re.match(rf" {{0,3}}@{re.escape(bot)}(?![\w.-]*\w)[,:]?(.*)", line, re.IGNORECASE)


def _said_lines(body: str) -> Iterator[str]:
    """The lines outside code fences."""
    fence = ""
    for line in body.splitlines():
        mark = _FENCE.match(line)
        if mark and (not fence or (mark[1][0] == fence[0] and len(mark[1]) >= len(fence))):
            fence = "" if fence else mark[1]
        elif not fence:
            yield line


def _end(text: str, at: dt.datetime) -> dt.datetime | None:
    if found := _AMOUNT.fullmatch(text):
        unit, length = _UNITS[found[2][0]], dt.timedelta(**{_UNITS[found[2][0]]: int(found[1])})
        # Hours pass alike for everybody; a day ends at the same time of the clock, whatever was done to it.
        return at + length if unit in ("days", "weeks") else (at.astimezone(dt.UTC) + length).astimezone(at.tzinfo)
    if found := _DATE.fullmatch(text):
        return _on(dt.date.fromisoformat(found[1]), found[2], at)
    if found := _DAY.fullmatch(text):
        ahead = 1 if found[1] else (_WEEK.index(found[2]) - at.weekday()) % 7 or 7
        return _on(at.date() + dt.timedelta(days=ahead), found[3], at)
    return None


def _on(day: dt.date, clock: str | None, at: dt.datetime) -> dt.datetime:
    hours, minutes = (int(each) for each in (clock or "0:00").split(":"))
    return dt.datetime.combine(day, dt.time(hours, minutes), at.tzinfo)
