"""The desk as desk.yml and people.yml describe it: trackers, rotations, managers, people."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

from starkeeper.errors import NOWHERE, Where


class Person(Struct, frozen=True, kw_only=True):
    """Somebody of the desk; `gitlab` is the user name there, `name` what people call them."""

    gitlab: str
    name: str = ""
    region: str = ""
    skills: tuple[str, ...] = ()


class Shift(Struct, frozen=True, kw_only=True):
    """The part of every day, in its rotation's zone, in which `person` is on call; it may end past midnight."""

    person: str
    starts: dt.time
    ends: dt.time
    region: str = ""


class Rotation(Struct, frozen=True, kw_only=True):
    """Who is on call when. `fallback` is a handle to mention where nobody is known: never the last known person."""

    name: str
    zone: str = "UTC"
    shifts: tuple[Shift, ...] = ()
    fallback: str = ""


class Window(Struct, frozen=True):
    """The part of one day of the week (Monday is 0) in which a calendar is open, in minutes of its wall clock: from
    `starts` up to, and not including, `ends`, which is 1440 at midnight."""

    weekday: int
    starts: int
    ends: int


class Calendar(Struct, frozen=True, kw_only=True):
    """When a desk is open: windows of the week on the wall clock of a zone, and days on which it is closed."""

    name: str
    zone: str = "UTC"
    windows: tuple[Window, ...] = ()
    closed: frozenset[dt.date] = frozenset()


class Tracker(Struct, frozen=True, kw_only=True):
    """A project (or a group, for a plain run) whose issues the desk handles.

    `title` is searched in each title, its named groups become fields; `form` maps a heading of the description to the
    field that its text becomes; `values` maps, per field, what people write (folded to lower case) to what rules use.
    """

    name: str
    path: str
    source: Literal["projects", "groups"] = "projects"
    title: re.Pattern[str] | None = None
    form: Mapping[str, str] = {}
    values: Mapping[str, Mapping[str, str]] = {}
    same_by: str = ""
    history_days: int = 30
    where: Where = NOWHERE

    @property
    def field_names(self) -> frozenset[str]:
        """Every name that `fields` can have for an issue of this tracker."""
        return frozenset(self.title.groupindex if self.title else ()) | frozenset(self.form.values())


class Desk(Struct, frozen=True, kw_only=True):
    """Everything that the policies may name. A plain run has a desk of one tracker and nobody in it."""

    trackers: Mapping[str, Tracker] = {}
    rotations: Mapping[str, Rotation] = {}
    calendars: Mapping[str, Calendar] = {}
    people: Mapping[str, Person] = {}
    managers: tuple[str, ...] = ()
    settings: Mapping[str, str] = {}
    max_changes: str | int | None = None
