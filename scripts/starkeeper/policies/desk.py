"""Takes the folder of desk.yml and people.yml; gives the desk, or every problem of both files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

from msgspec import Struct

from starkeeper.errors import Problem
from starkeeper.model.desk import (
    Calendar,
    Desk,
    LabelLook,
    Person,
    Pipelines,
    PipelineSchedule,
    Rotation,
    Shift,
    Tracker,
)
from starkeeper.model.values import LabelPattern
from starkeeper.policies.bind import BAD, Binder
from starkeeper.policies.clocks import make_clock
from starkeeper.policies.desk_check import desk_problems, people_problems
from starkeeper.policies.desk_grammar import (
    CalendarEntry,
    DeskEntry,
    LabelEntry,
    PeopleEntry,
    PersonEntry,
    PipelinesEntry,
    RotationEntry,
    TrackerEntry,
)
from starkeeper.policies.files import DESK_FILE, PEOPLE_FILE
from starkeeper.policies.grammar import Grammar, Word
from starkeeper.policies.hours import windows
from starkeeper.policies.source import Source, read_source

E = TypeVar("E", bound=Grammar)


class DeskRead(Struct, frozen=True):
    """The desk, None where it could not be made, and the files that it came from."""

    desk: Desk | None
    sources: tuple[Source, ...]
    problems: tuple[Problem, ...]


def read_desk(folder: Path) -> DeskRead:
    """Reads the desk.yml of a folder, which must be there, and its people.yml, which may be left out."""
    paths = [path for path in (folder / DESK_FILE, folder / PEOPLE_FILE) if path.name == DESK_FILE or path.exists()]
    sources = tuple(read_source(path) for path in paths)
    problems = [problem for source in sources for problem in source.problems]
    entry = _bound(sources[0], DeskEntry, problems)
    people = _bound(sources[1], PeopleEntry, problems) if len(sources) > 1 else None
    if people and sources[1].root:
        problems += people_problems(people, sources[1].root)
    if entry and sources[0].root and (people or len(sources) == 1):
        problems += desk_problems(entry, people, sources[0].root)
    if entry is None or problems:
        return DeskRead(None, sources, tuple(problems))
    return DeskRead(_desk(entry, people or PeopleEntry()), sources, ())


def _bound(source: Source, kind: type[E], problems: list[Problem]) -> E | None:
    if source.root is None:
        return None
    binder = Binder()
    entry = binder.bind(source.root, kind, "the file")
    problems += binder.problems
    return None if entry is BAD else entry


def _desk(entry: DeskEntry, people: PeopleEntry) -> Desk:
    return Desk(
        trackers={name: _tracker(name, tracker) for name, tracker in entry.trackers.items()},
        rotations={name: _rotation(name, rotation) for name, rotation in entry.rotations.items()},
        calendars={name: _calendar(name, calendar) for name, calendar in entry.calendars.items()},
        clocks={name: make_clock(name, clock) for name, clock in entry.clocks.items()},
        people={each.gitlab.text: _person(each) for each in people.people},
        managers=_texts(entry.managers),
        bots=_texts(entry.bots),
        channels={name: each.text.lstrip("#") for name, each in entry.channels.items()},
        emoji={name: each.text.strip(":") for name, each in entry.emoji.items()},
        slack_groups={name: each.text for name, each in entry.slack_groups.items()},
        services={name: each.text for name, each in entry.services.items()},
        sweep_minutes=entry.sweep_every.length // dt.timedelta(minutes=1),
        settings=entry.settings,
        max_changes=entry.max_changes.value if entry.max_changes else None,
        pipelines=_pipelines(entry.pipelines) if entry.pipelines else None,
        labels=tuple(_look(name, label) for name, label in entry.labels.items()),
    )


def _tracker(name: str, entry: TrackerEntry) -> Tracker:
    path = entry.project or entry.group
    return Tracker(
        name=name,
        path=path.text if path else "",
        source="projects" if entry.project else "groups",
        title=entry.title.compiled if entry.title else None,
        form={heading: field.text for heading, field in entry.form.items()},
        values={field: dict(_folded(values)) for field, values in entry.values.items()},
        same_by=entry.same_by.text if entry.same_by else "",
        history_days=entry.history_days,
        channel=entry.channel.text if entry.channel else "",
        choices={field: tuple(" ".join(each.split()) for each in values) for field, values in entry.values.items()},
        where=entry.where,
    )


def _folded(values: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for written, called in values.items():
        yield " ".join(written.split()).casefold(), called


def _rotation(name: str, entry: RotationEntry) -> Rotation:
    shifts = tuple(
        Shift(person=each.person.text, starts=each.starts, ends=each.ends, region=each.region) for each in entry.shifts
    )
    return Rotation(
        name=name,
        zone=entry.zone.text,
        fallback=entry.fallback.lstrip("@"),
        shifts=shifts,
        schedules=_texts(entry.schedules),
    )


def _calendar(name: str, entry: CalendarEntry) -> Calendar:
    return Calendar(
        name=name,
        zone=entry.zone.text,
        windows=windows(entry.hours),
        closed=frozenset(entry.closed),
        holidays=_texts(entry.holidays),
    )


def _person(entry: PersonEntry) -> Person:
    return Person(
        gitlab=entry.gitlab.text,
        name=entry.name,
        email=entry.email.text if entry.email else "",
        slack=entry.slack.text if entry.slack else "",
        pagerduty=entry.pagerduty.text if entry.pagerduty else "",
        region=entry.region,
        zone=entry.zone.text,
        hours=_hours(entry),
        away=frozenset(entry.away),
        skills=entry.skills,
    )


def _hours(entry: PersonEntry) -> Calendar | None:
    if entry.hours is None:
        return None
    return Calendar(
        name=f"hours of {entry.name or entry.gitlab.text}",
        zone=entry.zone.text,
        windows=windows(entry.hours),
        closed=frozenset(entry.away),
        holidays=_texts(entry.holidays),
    )


def _pipelines(entry: PipelinesEntry) -> Pipelines:
    schedules = tuple(
        PipelineSchedule(
            name=each.name.text,
            cron=" ".join(each.cron.text.split()),
            zone=each.zone.text,
            digest=each.digest.text if each.digest else "",
            where=each.digest.where if each.digest else each.name.where,
        )
        for each in entry.schedules
    )
    return Pipelines(project=entry.project.text, ref=entry.ref.text, schedules=schedules)


def _look(name: str, entry: LabelEntry) -> LabelLook:
    return LabelLook(
        pattern=LabelPattern.parse(name),
        color=entry.color.text.lower() if entry.color else "",
        description=" ".join(entry.description.split()),
        trackers=_texts(entry.trackers),
    )


def _texts(words: Iterable[Word]) -> tuple[str, ...]:
    return tuple(each.text for each in words)
