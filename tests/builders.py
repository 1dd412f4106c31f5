"""Facts for tests, made from few words: what is not said is an open, empty issue at the desk's usual time."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from starkeeper.model.desk import (
    Calendar,
    Clock,
    ClockStart,
    ClockStop,
    Desk,
    Person,
    Rotation,
    Shift,
    Tracker,
    Window,
)
from starkeeper.model.facets import Facet, System
from starkeeper.model.facts import Facts
from starkeeper.model.policies import Policies
from starkeeper.model.resources import (
    Branch,
    Duty,
    Edit,
    Epic,
    Issue,
    LabelEvent,
    Mark,
    MergeRequest,
    Note,
    Place,
    Reply,
    Resource,
    ResourceKey,
    ResourceType,
    ShiftOnCall,
    SlackMessage,
    StateEvent,
)
from starkeeper.model.values import Interval, LabelPattern
from starkeeper.policies.load import load_policies
from starkeeper.render.renderer import TemplateRenderer

NOW = dt.datetime(2026, 12, 2, 9, 30, tzinfo=dt.UTC)
OPENED = dt.datetime(2026, 12, 2, 9, tzinfo=dt.UTC)
BOT = "desk-bot"
TRACKER = Tracker(
    name="star",
    path="support/star",
    form={name: name for name in ("ticket", "urgency", "form", "kind", "version", "from", "to", "asked")},
    same_by="ticket",
    channel="star",
)
SHIFTS = (
    Shift(person="aoi", starts=dt.time(0), ends=dt.time(8)),
    Shift(person="emil", starts=dt.time(8), ends=dt.time(16)),
    Shift(person="amber", starts=dt.time(16), ends=dt.time(0)),
)
OFFICE_HOURS = Calendar(name="office_hours", windows=tuple(Window(day, 9 * 60, 17 * 60) for day in range(5)))
PEOPLE = (
    *(Person(gitlab=name, slack=f"U0{name.upper()}") for name in ("amber", "emil", "aoi")),
    Person(gitlab="kim", name="Kim", region="EMEA", skills=("Geo",), hours=OFFICE_HOURS),
    Person(gitlab="lou", name="Lou", region="EMEA", skills=("Geo", "CI"), hours=OFFICE_HOURS),
)
DESK = Desk(
    trackers={"star": TRACKER},
    rotations={
        "support_manager": Rotation(name="support_manager", shifts=SHIFTS, fallback="support-managers"),
        "paged": Rotation(name="paged", schedules=("Paged",)),
    },
    people={each.gitlab: each for each in PEOPLE},
    calendars={"office_hours": OFFICE_HOURS},
    clocks={
        "answer": Clock(
            name="answer",
            calendar="office_hours",
            starts=ClockStart(at="opened"),
            stops=(ClockStop(what="closed"), ClockStop(what="comment", by="others")),
            pauses=(LabelPattern.parse("waiting"),),
            length=Interval(1, "hours"),
        ),
        "wait": Clock(
            name="wait",
            starts=ClockStart(label=LabelPattern.parse("ask")),
            stops=(ClockStop(what="comment", by="managers"),),
        ),
    },
    managers=("amber", "emil", "aoi"),
    channels={"star": "attention-requests", "leadership": "support_leadership"},
)
DESK_YML = """
trackers:
  star:
    project: support/star
    channel: star
    form: {ticket: ticket, urgency: urgency, form: form, kind: kind, version: version, from: from, to: to, asked: asked}
    same_by: ticket
managers: [amber, emil, aoi]
channels: {star: attention-requests, leadership: support_leadership}
calendars: {office_hours: {open: {weekdays: "09:00-17:00"}}}
clocks:
  answer: {calendar: office_hours, starts: opened, stops: [closed, {comment: others}], pauses: waiting, length: 1 hour}
  wait: {starts: {label: ask}, stops: [{comment: managers}]}
rotations:
  support_manager:
    shifts:
      - {person: aoi, from: "00:00", to: "08:00"}
      - {person: emil, from: "08:00", to: "16:00"}
      - {person: amber, from: "16:00", to: "00:00"}
  paged: {schedules: [Paged]}
"""
PEOPLE_YML = "people: [{gitlab: amber, slack: U0AMBER}, {gitlab: emil, slack: U0EMIL}, {gitlab: aoi, slack: U0AOI}]\n"
RENDER = TemplateRenderer()
RECORDS: dict[ResourceType, type[Resource]] = {
    "issues": Issue,
    "merge_requests": MergeRequest,
    "epics": Epic,
    "branches": Branch,
    "slack_messages": SlackMessage,
    "shifts": ShiftOnCall,
}
_OWN: dict[ResourceType, dict[str, Any]] = {
    "branches": {"iid": 0, "name": "feature/login"},
    "slack_messages": {"iid": 0, "name": "1796203800.000100", "tracker": "star", "project": "star", "author": None},
    "shifts": {
        "iid": 0,
        "name": "2026-12-02T08:00Z",
        "tracker": "support_manager",
        "project": "support_manager",
        "ends_at": "2026-12-02T16:00:00Z",
    },
}
SLACK_BOT = "U0BOT"


class Everything(frozenset[str]):
    """Every name there is."""

    def __contains__(self, name: object) -> bool:
        return True


def make_resource(**said: Any) -> Any:
    """A resource of support/star, an issue unless `type` says otherwise.

    People are user names (of a branch, the name in its commit), times and dates ISO texts or values.
    """
    type: ResourceType = said.get("type", "issues")
    record, own = RECORDS[type], _OWN.get(type, {"iid": 12})
    plain: dict[str, Any] = {"created_at": OPENED, "updated_at": OPENED, "author": "ivy", **own, **said}
    person = "name" if record is Branch else "username"
    for name in {"author", "closed_by", "merged_by"} & plain.keys():
        plain[name] = {"username": "", person: plain[name]} if plain[name] else None
    for name in {"assignees", "reviewers"} & plain.keys():
        plain[name] = [{"username": each} for each in plain[name]]
    if isinstance(plain.get("reactions"), Mapping):
        plain["reactions"] = _reactions(plain["reactions"])
    return msgspec.convert({"tracker": "star", "project": "support/star", **plain}, record)


def make_issue(**said: Any) -> Issue:
    """The same for an issue."""
    issue: Issue = make_resource(**said)
    return issue


def make_note(number: int = 1, **said: Any) -> Note:
    return msgspec.convert({"id": number, "body": "", "author": "emil", "created_at": NOW, **said}, Note)


def make_facts(
    *resources: Resource,
    notes: Mapping[int, Iterable[Mapping[str, Any]]] | None = None,
    edits: Mapping[int, Iterable[Edit]] | None = None,
    label_events: Mapping[int, Iterable[Mapping[str, Any]]] | None = None,
    state_events: Mapping[int, Iterable[Mapping[str, Any]]] | None = None,
    links: Mapping[int, Iterable[str]] | None = None,
    threads: Mapping[int, int] | None = None,
    merge_requests: Mapping[int, Iterable[str]] | None = None,
    closes_issues: Mapping[int, Iterable[str]] | None = None,
    members: Mapping[str, Iterable[str]] | None = None,
    own_issues: Mapping[str, Iterable[Issue]] | None = None,
    labels: Mapping[str, Iterable[str]] | None = None,
    duties: Mapping[str, Iterable[Mapping[str, Any]]] | None = None,
    announcement: Mapping[str, Any] | None = None,
    replies: Iterable[Mapping[str, Any]] = (),
    now: dt.datetime = NOW,
    desk: Desk = DESK,
) -> Facts:
    """Facts in which every facet of every resource was read.

    With `duties`, by rotation, PagerDuty is connected. Slack is; `announcement` is that of the first resource, in the
    channel of its tracker, and `replies` are in its thread where it is a message.

    What is about a resource is given by its number (a branch has 0), what is about a place by `projects:PATH` or
    `groups:PATH`. Where nothing is said a place has no issues of our own, and every label; members must be said.
    """

    def each(said: Mapping[int, Any] | None, made: Callable[[Any], Any], nothing: Any = ()) -> dict[Any, Any]:
        return {resource.key: made((said or {}).get(resource.iid, nothing)) for resource in resources}

    read: dict[Facet, Any] = {
        "notes": each(notes, _notes),
        "edits": each(edits, tuple),
        "label_events": each(label_events, _events),
        "state_events": each(state_events, _states),
        "links": each(links, _keys),
        "threads": each(threads, int, 0),
        "merge_requests": each(merge_requests, tuple),
        "closes_issues": each(closes_issues, _keys),
        "members": {_place(at): frozenset(map(str.casefold, names)) for at, names in (members or {}).items()},
        "own_issues": defaultdict(tuple, {_place(at): tuple(issues) for at, issues in (own_issues or {}).items()}),
        "duties": {Place("rotations", name): _duties(each) for name, each in (duties or {}).items()},
        "messages": defaultdict(tuple, {Place("channels", "star"): _announced(resources, announcement)}),
        "replies": each({0: replies}, _replies),
        "slack_account": defaultdict(str, {Place("accounts", ""): SLACK_BOT}),
        "labels": defaultdict(Everything, {_place(at): frozenset(names) for at, names in (labels or {}).items()}),
    }
    systems: frozenset[System] = frozenset({"gitlab", "slack", "pagerduty"} if duties else {"gitlab", "slack"})
    return Facts(now=now, desk=desk, bot=BOT, resources=resources, read=read, systems=systems)


def make_policies(
    folder: Path, rules: str, *, type: ResourceType = "issues", top: str = "", desk: str = ""
) -> Policies:
    """The policies of one file whose rules are given as YAML text; `top` goes above, `desk` into desk.yml."""
    (folder / "people.yml").write_text(PEOPLE_YML, "utf-8")
    (folder / "desk.yml").write_text(f"{DESK_YML}{desk}\n", "utf-8")
    file = folder / "policy.yml"
    indented = "\n".join(f"      {line}" for line in rules.strip("\n").splitlines())
    file.write_text(f"tracker: star\n{top}\nresource_rules:\n  {type}:\n    rules:\n{indented}\n", "utf-8")
    return load_policies([folder], folder)


def _notes(said: Iterable[Mapping[str, Any]]) -> tuple[Note, ...]:
    return tuple(make_note(number, **each) for number, each in enumerate(said, start=1))


def _events(said: Iterable[Mapping[str, Any]]) -> tuple[LabelEvent, ...]:
    return tuple(
        msgspec.convert({"id": number, "created_at": NOW, **each}, LabelEvent)
        for number, each in enumerate(said, start=1)
    )


def _states(said: Iterable[Mapping[str, Any]]) -> tuple[StateEvent, ...]:
    return tuple(
        msgspec.convert({"id": number, "created_at": NOW, **each}, StateEvent)
        for number, each in enumerate(said, start=1)
    )


def _announced(resources: tuple[Resource, ...], said: Mapping[str, Any] | None) -> tuple[SlackMessage, ...]:
    if said is None:
        return ()
    mark = Mark(key="0" * 16, about=resources[0].reference, role="announcement")
    made: SlackMessage = make_resource(type="slack_messages", user=SLACK_BOT, is_own=True, **said)
    return (msgspec.structs.replace(made, mark=mark),)


def _reactions(said: Mapping[str, Iterable[str]]) -> list[dict[str, Any]]:
    return [{"name": name, "users": list(users)} for name, users in said.items()]


def _replies(said: Iterable[Mapping[str, Any]]) -> tuple[Reply, ...]:
    return tuple(msgspec.convert({"user": "U0LEE", "text": "", "at": NOW, **each}, Reply) for each in said)


def _duties(said: Iterable[Mapping[str, Any]]) -> tuple[Duty, ...]:
    return tuple(msgspec.convert(each, Duty) for each in said)


def _keys(references: Iterable[str]) -> tuple[ResourceKey, ...]:
    pairs = (reference.rpartition("#") for reference in references)
    return tuple(ResourceKey(project, int(iid)) for project, _, iid in pairs)


def _place(said: str) -> Place:
    source, _, path = said.partition(":")
    return Place("groups" if source == "groups" else "projects", path)
