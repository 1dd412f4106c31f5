"""What desk.yml and people.yml may hold: the records that these files are bound to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Annotated

from msgspec import Meta, field

from starkeeper.errors import NOWHERE, Where
from starkeeper.model.values import Pattern
from starkeeper.policies.grammar import Ceiling, Grammar, Word


class TrackerEntry(Grammar, frozen=True, kw_only=True):
    """A project, or a group with its projects, whose issues the desk handles."""

    project: Word | None = None
    group: Word | None = None
    title: Pattern | None = None
    form: Mapping[str, Word] = {}
    values: Mapping[str, Mapping[str, str]] = {}
    same_by: Word | None = None
    history_days: Annotated[int, Meta(ge=1, le=3650)] = 30
    where: Where = NOWHERE


class ShiftEntry(Grammar, frozen=True, kw_only=True):
    """The part of every day in which a person is on call; `to` may be past midnight."""

    person: Word
    starts: dt.time = field(name="from")
    ends: dt.time = field(name="to")
    region: str = ""
    where: Where = NOWHERE


class RotationEntry(Grammar, frozen=True, kw_only=True):
    """Who is on call when."""

    zone: Word = Word("UTC")
    fallback: str = ""
    shifts: tuple[ShiftEntry, ...] = ()


class DeskEntry(Grammar, frozen=True, kw_only=True):
    """The desk as a whole; `settings` are texts of your own choice, by name."""

    trackers: Mapping[str, TrackerEntry]
    managers: tuple[Word, ...] = ()
    rotations: Mapping[str, RotationEntry] = {}
    settings: Mapping[str, str] = {}
    max_changes: Ceiling | None = None


class PersonEntry(Grammar, frozen=True, kw_only=True):
    """Somebody of the desk; `gitlab` is the user name there."""

    gitlab: Word
    name: str = ""
    region: str = ""
    skills: tuple[str, ...] = ()


class PeopleEntry(Grammar, frozen=True, kw_only=True):
    """people.yml"""

    people: tuple[PersonEntry, ...] = ()
