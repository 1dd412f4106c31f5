"""What desk.yml and people.yml may hold: the records that these files are bound to."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal, Self

from msgspec import Meta, Struct, field

from starkeeper.errors import NOWHERE, Where
from starkeeper.model.desk import Group
from starkeeper.model.values import Interval, LabelPattern, Pattern
from starkeeper.policies.grammar import Ceiling, DeskGrammar, Word


class TrackerEntry(DeskGrammar, frozen=True, kw_only=True):
    """A project, or a group with its projects, whose issues the desk handles and announces in a `channel` of Slack."""

    project: Word | None = None
    group: Word | None = None
    channel: Word | None = None
    title: Pattern | None = None
    form: Mapping[str, Word] = {}
    values: Mapping[str, Mapping[str, str]] = {}
    same_by: Word | None = None
    history_days: Annotated[int, Meta(ge=1, le=3650)] = 30
    where: Where = NOWHERE


class ShiftEntry(DeskGrammar, frozen=True, kw_only=True):
    """The part of every day in which a person is on call; `to` may be past midnight."""

    person: Word
    starts: dt.time = field(name="from")
    ends: dt.time = field(name="to")
    region: str = ""
    where: Where = NOWHERE


class RotationEntry(DeskGrammar, frozen=True, kw_only=True):
    """Who is on call when: as the `schedules` of PagerDuty say, by their names or ids, or as a table of `shifts` says.

    With both the table counts where PagerDuty is not connected. `fallback` is mentioned where nobody is known.
    """

    zone: Word = Word("UTC")
    fallback: str = ""
    schedules: tuple[Word, ...] = ()
    shifts: tuple[ShiftEntry, ...] = ()


class Hours(Struct, frozen=True):
    """From one time of the day to another, such as `09:00-17:30`, in minutes; past midnight where it ends earlier."""

    starts: int
    ends: int

    @classmethod
    def parse(cls, text: str) -> Self:
        found = re.fullmatch(r"\s*(\d\d?):(\d\d)\s*-\s*(\d\d?):(\d\d)\s*", text, re.ASCII)
        numbers = [int(each) for each in found.groups()] if found else []
        if not found or max(numbers[1], numbers[3]) > 59 or numbers[0] > 23 or numbers[2] * 60 + numbers[3] > 1440:
            raise ValueError(f"'{text}' are no hours; write them like '09:00-17:30'")
        starts, ends = numbers[0] * 60 + numbers[1], numbers[2] * 60 + numbers[3]
        if starts == ends:
            raise ValueError(f"'{text}' ends when it begins; the whole day is '00:00-24:00'")
        return cls(starts, ends)

    def __str__(self) -> str:
        return "-".join(f"{minutes // 60:02}:{minutes % 60:02}" for minutes in (self.starts, self.ends))


class WeekEntry(DeskGrammar, frozen=True, kw_only=True):
    """The hours of each day of the week; what a day says itself, `[]` too, counts instead of `weekdays` (Monday to
    Friday), and this instead of `every_day`."""

    every_day: Hours | tuple[Hours, ...] | None = None
    weekdays: Hours | tuple[Hours, ...] | None = None
    mon: Hours | tuple[Hours, ...] | None = None
    tue: Hours | tuple[Hours, ...] | None = None
    wed: Hours | tuple[Hours, ...] | None = None
    thu: Hours | tuple[Hours, ...] | None = None
    fri: Hours | tuple[Hours, ...] | None = None
    sat: Hours | tuple[Hours, ...] | None = None
    sun: Hours | tuple[Hours, ...] | None = None


class CalendarEntry(DeskGrammar, frozen=True, kw_only=True):
    """When the desk is open, on the wall clock of `zone`; `closed` are days on which it is not, and so are the public
    `holidays` of countries such as `NL`, or of parts of them such as `US-CA`."""

    zone: Word = Word("UTC")
    hours: WeekEntry = field(name="open")
    closed: tuple[dt.date, ...] = ()
    holidays: tuple[Word, ...] = ()
    where: Where = NOWHERE


class StartEntry(DeskGrammar, frozen=True, kw_only=True):
    """A `label` that is set, by anyone unless `by` says by whom, or a `field` of the form that holds a time: one of
    them."""

    label: LabelPattern | None = None
    by: Group | tuple[Word, ...] | None = None
    field: Word | None = None


class StopEntry(DeskGrammar, frozen=True, kw_only=True):
    """A `label` that the issue carries, set by people, which no bot is, unless `by` says by whom, or a `comment` of
    those that it names: one of them."""

    label: LabelPattern | None = None
    by: Group | tuple[Word, ...] | None = None
    comment: Group | tuple[Word, ...] | None = None


class ClockEntry(DeskGrammar, frozen=True, kw_only=True):
    """A running time of an issue. It counts while its `calendar` is open, if it has one, and while the issue carries
    none of the labels in `pauses`.

    It `starts` when the issue was opened, when its calendar opens next (`opening`), with a label or at the time in a
    field. Whichever of `stops` comes first stops it for good. `length` is how long it may run: one for all issues, or
    by the first of the labels that the issue carries.
    """

    calendar: Word | None = None
    starts: Literal["opened", "opening"] | StartEntry = "opened"
    stops: Literal["closed"] | StopEntry | tuple[Literal["closed"] | StopEntry, ...]
    pauses: tuple[LabelPattern, ...] = ()
    length: Interval | Mapping[str, Interval] | None = None


class ScheduleEntry(DeskGrammar, frozen=True, kw_only=True):
    """A pipeline schedule: `cron` in five fields, on the clock of `zone`. It sweeps, or with `digest` tells that
    digest."""

    name: Word
    cron: Word
    zone: Word = Word("UTC")
    digest: Word | None = None


class PipelinesEntry(DeskGrammar, frozen=True, kw_only=True):
    """The `project` whose pipelines run the desk, on its branch `ref`, and when they run."""

    project: Word
    ref: Word = Word("main")
    schedules: tuple[ScheduleEntry, ...] = ()


class LabelEntry(DeskGrammar, frozen=True, kw_only=True):
    """What a label looks like; with `trackers` it is made there also where no rule names it."""

    color: Word | None = None
    description: str = ""
    trackers: tuple[Word, ...] = ()
    where: Where = NOWHERE


class DeskEntry(DeskGrammar, frozen=True, kw_only=True):
    """The desk as a whole. `bots` are GitLab accounts of programs, which are no people; the schedule sweeps once in
    `sweep_every`; `settings` are texts of your own choice, by name.

    `channels` are Slack's and `services` PagerDuty's, by the names that rules use for them: a name or an id there.
    `emoji` give a name to an emoji, as rules call it, where Slack's is another; `slack_groups` are the ids of user
    groups of Slack, by their handle. `pipelines` and `labels` are what `starkeeper bootstrap` sets up in GitLab.
    """

    may_be_empty: ClassVar[frozenset[str]] = frozenset(
        {
            "managers",
            "bots",
            "rotations",
            "calendars",
            "channels",
            "clocks",
            "emoji",
            "labels",
            "services",
            "settings",
            "slack_groups",
        }
    )

    trackers: Mapping[str, TrackerEntry]
    managers: tuple[Word, ...] = ()
    bots: tuple[Word, ...] = ()
    rotations: Mapping[str, RotationEntry] = {}
    channels: Mapping[str, Word] = {}
    emoji: Mapping[str, Word] = {}
    slack_groups: Mapping[str, Word] = {}
    services: Mapping[str, Word] = {}
    calendars: Mapping[str, CalendarEntry] = {}
    clocks: Mapping[str, ClockEntry] = {}
    sweep_every: Interval = Interval(10, "minutes")
    settings: Mapping[str, str] = {}
    max_changes: Ceiling | None = None
    pipelines: PipelinesEntry | None = None
    labels: Mapping[str, LabelEntry] = {}


class PersonEntry(DeskGrammar, frozen=True, kw_only=True):
    """Somebody of the desk; `gitlab` is the user name there, `slack` the id there (or `@name`), `pagerduty` the id
    there; where one is left out, people are found by their `email`.

    `hours` are the working hours, written as the `open` of a calendar, on the wall clock of `zone`; days in `away` and
    public `holidays` are free.
    """

    gitlab: Word
    name: str = ""
    email: Word | None = None
    slack: Word | None = None
    pagerduty: Word | None = None
    region: str = ""
    zone: Word = Word("UTC")
    hours: WeekEntry | None = None
    away: tuple[dt.date, ...] = ()
    holidays: tuple[Word, ...] = ()
    skills: tuple[str, ...] = ()
    where: Where = NOWHERE


class PeopleEntry(DeskGrammar, frozen=True, kw_only=True):
    """people.yml"""

    may_be_empty: ClassVar[frozenset[str]] = frozenset({"people"})

    people: tuple[PersonEntry, ...] = ()
