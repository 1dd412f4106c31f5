"""Takes the notes of an issue; says whether somebody asked the bot something there that is not answered yet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from msgspec import field

from starkeeper.desk.commands import Command, commands_by, has_number, snooze_end, zone_of
from starkeeper.desk.words import instant, local_time
from starkeeper.model.desk import Desk
from starkeeper.model.facets import Facet
from starkeeper.model.facts import Facts
from starkeeper.model.people import Who, said
from starkeeper.model.resources import Resource, ResourceType
from starkeeper.model.rules import Condition, Occasion, Rule
from starkeeper.registry import CONDITIONS, Example
from starkeeper.render.markers import abouts_said

EXAMPLES = (
    Example(
        says="a manager asked it (emil is one; the bot is called desk-bot)",
        yaml="{is: snooze}",
        gives=True,
        notes=({"author": "emil", "body": "I will call them.\n\n@desk-bot snooze 2 days"},),
    ),
    Example(
        says="somebody else did",
        yaml="{is: snooze}",
        gives=False,
        notes=({"author": "ivy", "body": "@desk-bot snooze 2 days"},),
    ),
    Example(
        says="an end that can be read",
        yaml="{is: snooze, with_end: true}",
        gives=False,
        notes=({"author": "emil", "body": "@desk-bot snooze for ever"},),
    ),
    Example(
        says="a number behind it, such as a time",
        yaml="{is: agree, with_number: false}",
        gives=False,
        notes=({"author": "emil", "body": "@desk-bot agree, from 14:00"},),
    ),
    Example(
        says="none of these",
        yaml="{is_none_of: [snooze, explain]}",
        gives=True,
        notes=({"author": "emil", "body": "@desk-bot make coffee"},),
    ),
)


@CONDITIONS.register("command")
class CommandCondition(Condition, frozen=True, kw_only=True):
    """Somebody asked the bot something in a comment, in a line that begins with its name, and it has not answered yet.

    `is` are the first words of what is asked, `is_none_of` those that it is not; without both anything counts. `by` is
    said as under `label_added`; managers, where it is left out. With `with_end` the rest must, or must not, be an end
    that can be read: `2 days`, `4 hours`, `until Monday 09:00`, `until 2026-12-03`; with `with_number` there must, or
    must not, be a digit in it, emojis left aside. What the rule says is the answer, by which the command is known to be
    done, so the rule must have a comment. Each command is answered once; strangers are answered once each, whatever
    they ask.

    Templates then know `command`: `by`, `at`, `text`, `rest` (behind the words of `is`), `until`, the end,
    and `until_local`, the same on the clock of whoever asked.
    """

    types: ClassVar[frozenset[ResourceType]] = frozenset({"issues", "merge_requests", "epics"})
    bound: ClassVar[frozenset[str]] = frozenset({"command"})

    words: str | tuple[str, ...] = field(default=(), name="is")
    is_none_of: tuple[str, ...] = ()
    by: Who = "managers"
    with_end: bool | None = None
    with_number: bool | None = None

    @property
    def facets(self) -> frozenset[Facet]:
        return frozenset({"notes"})

    def holds(self, resource: Resource, facts: Facts) -> bool:
        return bool(self.occasions(resource, facts))

    def explain(self, resource: Resource, facts: Facts) -> str:
        asked = list(self._asked(resource, facts))
        if not asked:
            return f"{said(self.by)} has not asked it"
        last = asked[-1][0]
        answered = "" if self.occasions(resource, facts) else ", which is answered"
        return f"{last.by} asked it at {instant(last.at)}{answered}"

    def binds(self, resource: Resource, facts: Facts) -> Mapping[str, Any]:
        occasions = self.occasions(resource, facts)
        return occasions[0].names if occasions else {}

    def occasions(self, resource: Resource, facts: Facts) -> tuple[Occasion, ...]:
        answered = abouts_said(facts.notes(resource), facts.bot)
        found: dict[str, Occasion] = {}
        for command, rest in self._asked(resource, facts):
            about = self._about(command)
            if about not in answered:
                found.setdefault(about, Occasion((about,), {"command": _values(command, rest, facts)}))
        return tuple(found.values())

    def problems(self, desk: Desk, rule: Rule) -> tuple[str, ...]:
        if any(act.action.speaks for act in rule.actions):
            return ()
        return ("a command is known to be done by the answer, and this rule gives none; add a 'comment'",)

    def _asked(self, resource: Resource, facts: Facts) -> Iterator[tuple[Command, str]]:
        for command in commands_by(self.by, resource, facts):
            rest = self._rest(command)
            if rest is None:
                continue
            if self.with_end not in (None, snooze_end(rest, command, facts) is not None):
                continue
            if self.with_number in (None, has_number(rest)):
                yield command, rest

    def _rest(self, command: Command) -> str | None:
        words = (self.words,) if isinstance(self.words, str) else self.words
        if any(command.rest_of(_said(each)) is not None for each in self.is_none_of):
            return None
        rests = (command.rest_of(_said(each)) for each in words)
        return next((rest for rest in rests if rest is not None), None) if words else command.text

    def _about(self, command: Command) -> str:
        """Not the number of the note: an issue that moves has others."""
        if self.by == "strangers":
            return f"commands by {command.by}"
        return f"command by {command.by} at {command.at:%Y%m%d%H%M%S}"


def _said(words: str) -> str:
    """As the text of a command is: in small letters, with single blanks."""
    return " ".join(words.split()).lower()


def _values(command: Command, rest: str, facts: Facts) -> Mapping[str, Any]:
    until = snooze_end(rest, command, facts)
    local = local_time(until, zone_of(command.by, facts)) if until else ""
    said = {"by": command.by, "at": command.at, "text": command.text, "rest": rest}
    return {**said, "until": until, "until_local": local}
