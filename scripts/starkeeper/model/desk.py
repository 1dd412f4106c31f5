"""The desk as desk.yml and people.yml describe it: trackers, rotations, managers, people."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Literal, get_args

from msgspec import Struct

from starkeeper.errors import NOWHERE, Where
from starkeeper.model.values import Interval, LabelPattern

Group = Literal["anyone", "people", "managers", "strangers", "others", "initiator", "assignees", "bot"]
"""Who did something. `people` are all but bots; `managers` are listed in desk.yml; `strangers` are people who are not;
`others` are people but the `initiator`, who opened it; `assignees` are whoever it is assigned to (of a shift, whoever
is on call in it); `bot` is the account of the run."""
GROUPS: tuple[Group, ...] = get_args(Group)
Who = Group | tuple[str, ...]
"""One of these groups, or user names."""


class Window(Struct, frozen=True):
    """The part of one day of the week (Monday is 0) in which a calendar is open, in minutes of its wall clock: from
    `starts` up to, and not including, `ends`, which is 1440 at midnight."""

    weekday: int
    starts: int
    ends: int


class Calendar(Struct, frozen=True, kw_only=True):
    """When a desk is open: windows of the week on the wall clock of a zone, and days on which it is closed.

    `holidays` are countries, or their parts (`NL`, `US-CA`), whose public holidays close it too.
    """

    name: str
    zone: str = "UTC"
    windows: tuple[Window, ...] = ()
    closed: frozenset[dt.date] = frozenset()
    holidays: tuple[str, ...] = ()


class Person(Struct, frozen=True, kw_only=True):
    """Somebody of the desk; `gitlab` is the user name there, `name` what people call them.

    `hours` are the working hours, a calendar on the clock of `zone`, None where nobody knows them; `away` are days off,
    on that clock. `slack` is the id there (`U…`), the name with its `@`, or "" where the `email` leads to it;
    `pagerduty` is the id there.
    """

    gitlab: str
    name: str = ""
    email: str = ""
    slack: str = ""
    pagerduty: str = ""
    region: str = ""
    zone: str = "UTC"
    hours: Calendar | None = None
    away: frozenset[dt.date] = frozenset()
    skills: tuple[str, ...] = ()


class Shift(Struct, frozen=True, kw_only=True):
    """The part of every day, in its rotation's zone, in which `person` is on call; it may end past midnight."""

    person: str
    starts: dt.time
    ends: dt.time
    region: str = ""


class Rotation(Struct, frozen=True, kw_only=True):
    """Who is on call when: as PagerDuty's `schedules` (ids or names) say, or without any the table of `shifts`.

    `fallback` is a handle to mention where nobody is known: never the last known person.
    """

    name: str
    zone: str = "UTC"
    shifts: tuple[Shift, ...] = ()
    schedules: tuple[str, ...] = ()
    fallback: str = ""


class ClockStart(Struct, frozen=True, kw_only=True):
    """What starts a clock, one of these: the issue was `opened`; its calendar opened then or next (`opening`); a label
    was set; or a time stands in a field of its form."""

    at: Literal["opened", "opening"] | None = None
    label: LabelPattern | None = None
    by: Who = "anyone"
    field: str = ""


class ClockStop(Struct, frozen=True, kw_only=True):
    """One thing that stops a clock for good: the issue is closed, carries a label that those meant have set, or one of
    those meant has written a comment."""

    what: Literal["closed", "label", "comment"]
    label: LabelPattern | None = None
    by: Who = "people"


class Clock(Struct, frozen=True, kw_only=True):
    """A running time of an issue, which counts only while its calendar is open, if it has one, and while the issue
    carries none of the labels in `pauses`.

    `length` is how long it may run: fixed, or by the first of the labels that the issue carries, or not set.
    """

    name: str
    starts: ClockStart
    stops: tuple[ClockStop, ...]
    calendar: str = ""
    pauses: tuple[LabelPattern, ...] = ()
    length: Interval | tuple[tuple[LabelPattern, Interval], ...] | None = None


class Tracker(Struct, frozen=True, kw_only=True):
    """A project (or a group, for a plain run) whose issues the desk handles.

    `title` is searched in each title, its named groups become fields; `form` maps a heading of the description to the
    field that its text becomes; `values` maps, per field, what people write (folded to lower case) to what rules use.
    `channel` is where its issues are announced, as `channels` of the desk call it. `choices` are the values of each
    field as people write them.
    """

    name: str
    path: str
    source: Literal["projects", "groups"] = "projects"
    title: re.Pattern[str] | None = None
    form: Mapping[str, str] = {}
    values: Mapping[str, Mapping[str, str]] = {}
    same_by: str = ""
    history_days: int = 30
    channel: str = ""
    choices: Mapping[str, tuple[str, ...]] = {}
    where: Where = NOWHERE

    @property
    def field_names(self) -> frozenset[str]:
        """Every name that `fields` can have for an issue of this tracker."""
        return frozenset(self.title.groupindex if self.title else ()) | frozenset(self.form.values())


class PipelineSchedule(Struct, frozen=True, kw_only=True):
    """When a pipeline runs, on the clock of `zone`: a sweep, or the digest of that name."""

    name: str
    cron: str
    zone: str = "UTC"
    digest: str = ""
    where: Where = NOWHERE


class Pipelines(Struct, frozen=True, kw_only=True):
    """The project whose pipelines run the desk, on its branch `ref`."""

    project: str
    ref: str = "main"
    schedules: tuple[PipelineSchedule, ...] = ()


class LabelLook(Struct, frozen=True, kw_only=True):
    """What labels of that pattern look like, "" where nothing is said; made in `trackers` whatever rules name."""

    pattern: LabelPattern
    color: str = ""
    description: str = ""
    trackers: tuple[str, ...] = ()


class Desk(Struct, frozen=True, kw_only=True):
    """Everything that the policies may name. A plain run has a desk of one tracker and nobody in it.

    `bots` are accounts of other programs: what they do is no person's doing. `sweep_minutes` is how often the schedule
    sweeps, by which a run knows what comes late. `channels` are Slack's, by the names that rules use for them: a name
    or an id there; `emoji` likewise. `slack_groups` are the ids of Slack's user groups by their handle, `services`
    those of PagerDuty by the names that rules use. `pipelines` and `labels` are for setting it up in GitLab.
    """

    trackers: Mapping[str, Tracker] = {}
    rotations: Mapping[str, Rotation] = {}
    calendars: Mapping[str, Calendar] = {}
    people: Mapping[str, Person] = {}
    clocks: Mapping[str, Clock] = {}
    managers: tuple[str, ...] = ()
    bots: tuple[str, ...] = ()
    channels: Mapping[str, str] = {}
    emoji: Mapping[str, str] = {}
    slack_groups: Mapping[str, str] = {}
    services: Mapping[str, str] = {}
    sweep_minutes: int = 10
    settings: Mapping[str, str] = {}
    max_changes: str | int | None = None
    pipelines: Pipelines | None = None
    labels: tuple[LabelLook, ...] = ()
