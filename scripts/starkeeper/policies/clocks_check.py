"""Takes the clocks of desk.yml as records; gives what is wrong in them: names, lengths, what never runs or stops."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from starkeeper.desk.intervals import calendar_problems
from starkeeper.errors import Problem, Where, nearest
from starkeeper.model.desk import GROUPS, Calendar, ClockStop, Desk, Who
from starkeeper.model.values import Interval, LabelPattern
from starkeeper.policies.clocks import make_stop, make_who, names_in, stops_of
from starkeeper.policies.desk_grammar import ClockEntry, DeskEntry, StartEntry, StopEntry
from starkeeper.policies.nodes import Node
from starkeeper.policies.places import key_at, node_at, place_at

_Patterns = Iterable[LabelPattern]


def clock_problems(entry: DeskEntry, root: Node) -> Iterator[Problem]:
    """Everything that is wrong between the clocks of the desk, its calendars, trackers and managers."""
    for name, clock in entry.clocks.items():
        node = node_at(root, "clocks", name)
        yield from _group_problems(clock)
        yield from _calendar_problems(clock, node, entry)
        yield from _start_problems(clock, node, entry)
        yield from _stop_problems(name, clock, node, entry)
        yield from _label_problems(name, clock, node)
        yield from _length_problems(clock, node, entry)


def _group_problems(clock: ClockEntry) -> Iterator[Problem]:
    for name in names_in(clock):
        if name.text in GROUPS:
            remedy = f"write {name.text} without brackets"
            yield Problem(name.where, f"a list holds user names, and '{name.text}' is a group", remedy)


def _calendar_problems(clock: ClockEntry, node: Node, entry: DeskEntry) -> Iterator[Problem]:
    if clock.calendar is not None:
        for text in calendar_problems(clock.calendar.text, "minutes", _calendars(entry)):
            yield Problem(clock.calendar.where, text)
    elif clock.starts == "opening":
        remedy = "name it: 'calendar: NAME', or start the clock when the issue is 'opened'"
        yield Problem(place_at(node, "starts"), "'opening' is that of a calendar, and the clock has none", remedy)


def _calendars(entry: DeskEntry) -> Desk:
    return Desk(calendars={name: Calendar(name=name) for name in entry.calendars})


def _start_problems(clock: ClockEntry, node: Node, entry: DeskEntry) -> Iterator[Problem]:
    start, where = clock.starts, place_at(node, "starts")
    if not isinstance(start, StartEntry):
        return
    yield from _one_of(start, ("label", "field"), "starts", node_at(node, "starts"))
    if start.field is not None and start.field.text not in _field_names(entry):
        message = f"'starts' names the field '{start.field.text}', which neither 'form' nor 'title' of a tracker gives"
        yield Problem(start.field.where, message, nearest(start.field.text, _field_names(entry)))
    if start.by is not None:
        yield from _nobody_problems(make_who(start.by), where, "nothing can start this clock", entry)


def _field_names(entry: DeskEntry) -> frozenset[str]:
    trackers = entry.trackers.values()
    groups = {name for each in trackers if each.title for name in each.title.compiled.groupindex}
    return frozenset(groups | {field.text for each in trackers for field in each.form.values()})


def _one_of(entry: StartEntry | StopEntry, keys: tuple[str, str], what: str, node: Node) -> Iterator[Problem]:
    """A record that is one of two things, of which a label alone is somebody's."""
    given = [key for key in keys if getattr(entry, key) is not None]
    if len(given) != 1:
        found = f"both '{keys[0]}' and '{keys[1]}'" if given else f"neither '{keys[0]}' nor '{keys[1]}'"
        yield Problem(node.where, f"'{what}' has {found}", "give it one of them")
    elif given != ["label"] and entry.by is not None:
        yield Problem(key_at(node, "by"), f"'by' says who sets a label, and here is a {given[0]}", "take it out")


def _stop_problems(name: str, clock: ClockEntry, node: Node, entry: DeskEntry) -> Iterator[Problem]:
    if not stops_of(clock):
        yield Problem(place_at(node, "stops"), f"a clock that nothing stops runs for ever: '{name}'", "write [closed]")
    seen: dict[ClockStop, int] = {}
    for number, each in enumerate(stops_of(clock)):
        at = node_at(node, "stops", number)
        if isinstance(each, StopEntry):
            yield from _one_of(each, ("label", "comment"), "stops", at)
        stop = make_stop(each)
        if seen.setdefault(stop, number) != number:
            line = node_at(node, "stops", seen[stop]).where.line
            yield Problem(at.where, f"this stop is listed already, on line {line}", "keep one of them")
        yield from _nobody_problems(stop.by, at.where, "this stop can never come", entry)


def _nobody_problems(who: Who, where: Where, what: str, entry: DeskEntry) -> Iterator[Problem]:
    if not who:
        yield Problem(where, f"{what}: its list of user names is empty", "name somebody, or write 'people'")
    if who == "managers" and not entry.managers:
        yield Problem(where, f"{what}: the desk has no managers", "list them in desk.yml under 'managers'")


def _label_problems(name: str, clock: ClockEntry, node: Node) -> Iterator[Problem]:
    """Labels that do two things that exclude each other."""
    start = clock.starts.label if isinstance(clock.starts, StartEntry) else None
    if start is not None and _covers(clock.pauses, start):
        message = f"the label '{start.source}' starts clock '{name}' and pauses it, so it would never run"
        yield Problem(place_at(node, "starts", "label"), message, "take it out of 'pauses'")
    for number, stop in enumerate(stops_of(clock)):
        label = stop.label if isinstance(stop, StopEntry) else None
        if label is not None and any(_share(each, label) for each in clock.pauses):
            message = f"the label '{label.source}' stops clock '{name}' and pauses it; it can do one of the two"
            at = place_at(node, "stops", number, "label")
            yield Problem(at, message, "take it out of 'pauses' or out of 'stops'")
        if label and start and make_stop(stop).by in ("anyone", "people") and _covers((label,), start):
            message = f"the label '{start.source}' starts clock '{name}' and stops it, so it would never run"
            yield Problem(place_at(node, "stops", number, "label"), message, "say in 'by' whose label stops it")


def _covers(patterns: _Patterns, label: LabelPattern) -> bool:
    """Whether there is no label that the one stands for and none of the others."""
    wild = {pattern for each in patterns for pattern in each.patterns}
    names = (any(each.matches((name,)) for each in patterns) for name in label.names)
    return wild.issuperset(label.patterns) and all(names)


def _share(one: LabelPattern, other: LabelPattern) -> bool:
    """Whether both stand for one label, as far as their names tell."""
    found = one.matching(tuple(other.names)) or other.matching(tuple(one.names))
    return bool(found) or not set(one.patterns).isdisjoint(other.patterns)


def _length_problems(clock: ClockEntry, node: Node, entry: DeskEntry) -> Iterator[Problem]:
    given, at = clock.length, node_at(node, "length")
    if isinstance(given, Interval):
        yield from _interval_problems(given, place_at(at), clock, entry)
    elif given is not None:
        if not given:
            yield Problem(at.where, "'length' names no label", "write one interval for all issues, or leave it out")
        for label, interval in given.items():
            yield from _interval_problems(interval, place_at(at, label), clock, entry)
        yield from _again_problems(tuple(given), at)


def _interval_problems(interval: Interval, where: Where, clock: ClockEntry, entry: DeskEntry) -> Iterator[Problem]:
    calendar = clock.calendar.text if clock.calendar and clock.calendar.text in entry.calendars else ""
    if interval.amount == 0:
        yield Problem(where, f"a clock that may run for {interval} is over when it starts", "write more than 0")
    elif calendar:
        yield from (Problem(where, text) for text in calendar_problems(calendar, interval.unit, _calendars(entry)))
    elif interval.unit in ("months", "years"):
        yield Problem(where, f"{interval.unit} can be of any length", "write days or hours")


def _again_problems(labels: tuple[str, ...], node: Node) -> Iterator[Problem]:
    """The first label that an issue carries says the length, so one that stands there again says nothing."""
    earlier: dict[str, LabelPattern] = {}
    for text in labels:
        try:
            label = LabelPattern.parse(text)
        except ValueError as error:
            message, _, remedy = str(error).partition("; ")
            yield Problem(key_at(node, text), f"'length': {message}", remedy)
            continue
        first = next((other for other, each in earlier.items() if _says_again(each, label)), None)
        if first is not None or _covers(earlier.values(), label):
            told = f", with '{first}' on line {key_at(node, first).line}" if first is not None else ""
            yield Problem(key_at(node, text), f"'{text}' has its length already{told}", "keep one of them")
        earlier[text] = label


def _says_again(earlier: LabelPattern, label: LabelPattern) -> bool:
    return not earlier.names.isdisjoint(label.names) or _covers((earlier,), label)
