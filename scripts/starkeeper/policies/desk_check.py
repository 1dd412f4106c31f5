"""Takes desk.yml and people.yml as records; gives what is wrong between their names, paths, zones and times."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator

from starkeeper.errors import Problem, nearest
from starkeeper.policies.clocks import names_in
from starkeeper.policies.clocks_check import clock_problems
from starkeeper.policies.desk_grammar import (
    DeskEntry,
    PeopleEntry,
    PersonEntry,
    RotationEntry,
    ShiftEntry,
    TrackerEntry,
)
from starkeeper.policies.files import PEOPLE_FILE
from starkeeper.policies.grammar import Word
from starkeeper.policies.hours import holiday_problems, week_problems, zone_problems
from starkeeper.policies.nodes import Node
from starkeeper.policies.pipelines_check import label_problems, pipeline_problems
from starkeeper.policies.places import node_at, place_at
from starkeeper.policies.slack_check import desk_slack_problems, person_slack_problems

_SEGMENT = r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?"
_PATH = re.compile(rf"{_SEGMENT}(?:/{_SEGMENT})*")
_USERNAME = re.compile(_SEGMENT)
_FIELD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def people_problems(entry: PeopleEntry, root: Node) -> Iterator[Problem]:
    """Names that are none, people who stand there twice (GitLab does not tell upper from lower case), hours."""
    names = [each.gitlab for each in entry.people]
    yield from _name_problems(names)
    for field in ("gitlab", "slack", "email", "pagerduty"):
        yield from _twice([each for person in entry.people if (each := getattr(person, field))], "is listed already")
    for number, person in enumerate(entry.people):
        yield from person_slack_problems(person)
        yield from zone_problems(person.zone)
        yield from holiday_problems(person.holidays)
        yield from _hours_problems(person, node_at(root, "people", number))


def desk_problems(entry: DeskEntry, people: PeopleEntry | None, root: Node) -> Iterator[Problem]:
    """Everything that desk.yml, whose tree is `root`, says wrongly; `people` is None where there is no people.yml."""
    for title, tracker in entry.trackers.items():
        yield from _tracker_problems(title, tracker)
    yield from _twice([path for each in entry.trackers.values() if (path := _path(each))], "has a tracker already")
    yield from _account_problems(entry, people)
    for rotation in entry.rotations.values():
        yield from zone_problems(rotation.zone)
        yield from _rotation_problems(rotation)
    for title, calendar in entry.calendars.items():
        yield from zone_problems(calendar.zone)
        yield from holiday_problems(calendar.holidays)
        node = node_at(root, "calendars", title)
        yield from week_problems(calendar.hours, node, "open", f"calendar '{title}' is never open")
    yield from clock_problems(entry, root)
    yield from desk_slack_problems(entry)
    yield from _pipelines_problems(entry)
    yield from _sweep_problems(entry, root)


def _account_problems(entry: DeskEntry, people: PeopleEntry | None) -> Iterator[Problem]:
    known = {each.gitlab.text for each in people.people} if people else set()
    shifts = [shift.person for rotation in entry.rotations.values() for shift in rotation.shifts]
    for name in (*entry.managers, *shifts):
        if name.text not in known:
            remedy = nearest(name.text, known) if people else "list everybody there"
            yield Problem(name.where, f"'{name.text}' is not in {PEOPLE_FILE}", remedy or "add this person there")
    yield from _name_problems([*entry.bots, *(name for each in entry.clocks.values() for name in names_in(each))])
    for names in (entry.managers, entry.bots):
        yield from _twice(names, "is listed already")
    managers = {each.text.casefold() for each in entry.managers}
    for bot in entry.bots:
        if bot.text.casefold() in managers:
            yield Problem(bot.where, f"'{bot.text}' is a manager, and managers are people", "keep it in one of the two")


def _name_problems(names: Iterable[Word]) -> Iterator[Problem]:
    for name in names:
        if not _USERNAME.fullmatch(name.text):
            yield Problem(name.where, f"'{name.text}' is no GitLab user name", "write it as in GitLab, without the '@'")


def _hours_problems(person: PersonEntry, node: Node) -> Iterator[Problem]:
    if person.hours is not None:
        yield from week_problems(person.hours, node, "hours", f"'{person.gitlab.text}' is never at work")
    elif person.holidays:
        remedy = "write them: hours: {weekdays: '09:00-17:00'}"
        yield Problem(place_at(node, "holidays"), "holidays of a person whose hours are not known say nothing", remedy)


def _sweep_problems(entry: DeskEntry, root: Node) -> Iterator[Problem]:
    day = dt.timedelta(days=1)
    if entry.sweep_every.unit in ("months", "years") or not dt.timedelta(0) < entry.sweep_every.length <= day:
        message = f"'sweep_every': found '{entry.sweep_every}', expected from 1 minute to 1 day"
        yield Problem(place_at(root, "sweep_every"), message, "write how often the schedule runs: 10 minutes")


def _pipelines_problems(entry: DeskEntry) -> Iterator[Problem]:
    yield from label_problems(entry)
    if entry.pipelines is None:
        return
    project = entry.pipelines.project
    if not _is_path(project.text, is_project=True):
        remedy = "write it as in the address bar, after the server: group/project"
        yield Problem(project.where, f"'{project.text}' is no path of a project", remedy)
    yield from _twice([each.name for each in entry.pipelines.schedules], "has a schedule already")
    yield from pipeline_problems(entry.pipelines, entry.sweep_every)


def _path(tracker: TrackerEntry) -> Word | None:
    return tracker.project or tracker.group


def _tracker_problems(name: str, tracker: TrackerEntry) -> Iterator[Problem]:
    if (tracker.project is None) is (tracker.group is None):
        found = "neither 'project' nor 'group'" if tracker.project is None else "both 'project' and 'group'"
        yield Problem(tracker.where, f"tracker '{name}' has {found}", "give it one of them")
    path = _path(tracker)
    if path and not _is_path(path.text, is_project=tracker.project is not None):
        remedy = "write it as in the address bar, after the server: group/project"
        yield Problem(path.where, f"'{path.text}' is no path of a {'project' if tracker.project else 'group'}", remedy)
    for field in tracker.form.values():
        if not _FIELD.fullmatch(field.text):
            remedy = "use letters, digits and '_', so that templates can say fields.name"
            yield Problem(field.where, f"'{field.text}' is no name for a field", remedy)
    yield from _field_problems(tracker)


def _is_path(text: str, *, is_project: bool) -> bool:
    return bool(_PATH.fullmatch(text)) and ("/" in text or not is_project) and not text.endswith((".git", ".atom"))


def _field_problems(tracker: TrackerEntry) -> Iterator[Problem]:
    known = {field.text for field in tracker.form.values()} | set(
        tracker.title.compiled.groupindex if tracker.title else ()
    )
    if tracker.same_by and tracker.same_by.text not in known:
        message = f"'same_by' names '{tracker.same_by.text}', which neither 'form' nor 'title' gives"
        yield Problem(tracker.same_by.where, message, nearest(tracker.same_by.text, known))
    for field in tracker.values:
        if field not in known:
            message = f"'values' names '{field}', which neither 'form' nor 'title' gives"
            yield Problem(tracker.where, message, nearest(field, known))


def _rotation_problems(rotation: RotationEntry) -> Iterator[Problem]:
    whole_day = dt.time(0, 0)
    for number, shift in enumerate(rotation.shifts):
        if shift.starts == shift.ends and (shift.starts != whole_day or len(rotation.shifts) > 1):
            remedy = 'say when it ends; one shift for the whole day is from "00:00" to "24:00"'
            yield Problem(shift.where, "this shift ends when it begins", remedy)
        for other in rotation.shifts[:number]:
            if _minutes(shift) & _minutes(other):
                message = f"this shift overlaps the one on line {other.where.line}"
                yield Problem(shift.where, message, "one person is on call at a time")


def _minutes(shift: ShiftEntry) -> set[int]:
    first, last = (each.hour * 60 + each.minute for each in (shift.starts, shift.ends))
    return (
        set(range(first, last))
        if first < last
        else set(range(first, 1440)) | set(range(last))
        if last < first
        else set()
    )


def _twice(names: Iterable[Word], what: str) -> Iterator[Problem]:
    seen: dict[str, Word] = {}
    for name in names:
        first = seen.setdefault(name.text.casefold(), name)
        if first is not name:
            yield Problem(name.where, f"'{name.text}' {what}, on line {first.where.line}", "keep one of them")
