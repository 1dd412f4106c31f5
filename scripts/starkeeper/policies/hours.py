"""Takes the hours of a week as desk.yml and people.yml write them; gives windows, and what is wrong with hours, zones
and holidays."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from msgspec import Struct

from starkeeper.desk import holidays
from starkeeper.errors import Problem, Where, nearest
from starkeeper.model.desk import Window
from starkeeper.policies.desk_grammar import Hours, WeekEntry
from starkeeper.policies.grammar import Word
from starkeeper.policies.nodes import Node
from starkeeper.policies.places import node_at, place_at

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def windows(week: WeekEntry) -> tuple[Window, ...]:
    """The windows of the week, in order. What goes past midnight belongs to the next day from there on."""
    found = {each.window for each in _written(week)}
    return tuple(sorted(found, key=lambda each: (each.weekday, each.starts, each.ends)))


def week_problems(week: WeekEntry, node: Node, key: str, never: str) -> Iterator[Problem]:
    """Hours that never come, which `never` says in words, and hours that overlap; they stand at a key of the node."""
    written = tuple(_written(week))
    if not written:
        yield Problem(node.where, never, f"write {key}: {{weekdays: '09:00-17:00'}}")
    for (_, at), (first, second) in _overlaps(written, node_at(node, key)).items():
        message = f"'{second.hours}' of '{second.key}' overlaps '{first.hours}' of '{first.key}'"
        yield Problem(at, message, "write them as one, or let one begin when the other ends")


def zone_problems(zone: Word) -> Iterator[Problem]:
    """A zone that is none."""
    if not _is_zone(zone.text):
        remedy = nearest(zone.text, available_timezones()) or "write it like 'Europe/Amsterdam' or 'UTC'"
        yield Problem(zone.where, f"there is no time zone '{zone.text}'", remedy)


def holiday_problems(names: Iterable[Word]) -> Iterator[Problem]:
    """Countries and parts of them whose holidays nobody knows."""
    for name in names:
        if not holidays.is_known(name.text):
            message = f"the holidays of '{name.text}' are not known"
            yield Problem(name.where, message, holidays.nearest_name(name.text))


class _Written(Struct, frozen=True):
    """One window, and the hours that it comes from: where in the list of which key."""

    key: str
    number: int
    hours: Hours
    window: Window


def _written(week: WeekEntry) -> Iterator[_Written]:
    for weekday, day in enumerate(_DAYS):
        keys = (day, "weekdays", "every_day") if weekday < 5 else (day, "every_day")
        key = next((each for each in keys if getattr(week, each) is not None), "")
        said = getattr(week, key) if key else ()
        for number, hours in enumerate((said,) if isinstance(said, Hours) else said):
            yield from (_Written(key, number, hours, window) for window in _on(weekday, hours))


def _overlaps(written: Iterable[_Written], node: Node) -> Mapping[tuple[Where, Where], tuple[_Written, _Written]]:
    """What overlaps, in the order of the file, by where it stands: hours for many days are named once."""
    found: dict[tuple[Where, Where], tuple[_Written, _Written]] = {}
    for pair in combinations(written, 2):
        if _overlap(pair[0].window, pair[1].window):
            first, second = sorted(pair, key=lambda each: place_at(node, each.key, each.number))
            places = place_at(node, first.key, first.number), place_at(node, second.key, second.number)
            found.setdefault(places, (first, second))
    return found


def _on(weekday: int, hours: Hours) -> Iterator[Window]:
    if hours.starts < hours.ends:
        yield Window(weekday, hours.starts, hours.ends)
        return
    yield Window(weekday, hours.starts, 1440)
    if hours.ends:
        yield Window((weekday + 1) % 7, 0, hours.ends)


def _overlap(one: Window, other: Window) -> bool:
    return one.weekday == other.weekday and one.starts < other.ends and other.starts < one.ends


def _is_zone(name: str) -> bool:
    """Opens that one zone only: to list them all reads some hundreds of files."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
