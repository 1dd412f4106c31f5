"""Facts for tests, made from few words: what is not said is an open, empty issue at the desk's usual time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from starkeeper.model.desk import Desk, Person, Rotation, Shift, Tracker
from starkeeper.model.facts import Facts
from starkeeper.model.resources import Issue, IssueKey, LabelEvent, Note
from starkeeper.model.rules import Policies
from starkeeper.policies.load import load_policies
from starkeeper.render.renderer import TemplateRenderer

NOW = dt.datetime(2026, 12, 2, 9, 30, tzinfo=dt.UTC)
OPENED = dt.datetime(2026, 12, 2, 9, tzinfo=dt.UTC)
BOT = "desk-bot"
TRACKER = Tracker(
    name="star",
    path="support/star",
    form={name: name for name in ("ticket", "urgency", "form", "kind", "version")},
    same_by="ticket",
)
SHIFTS = (
    Shift(person="aoi", starts=dt.time(0), ends=dt.time(8)),
    Shift(person="emil", starts=dt.time(8), ends=dt.time(16)),
    Shift(person="amber", starts=dt.time(16), ends=dt.time(0)),
)
DESK = Desk(
    trackers={"star": TRACKER},
    rotations={"support_manager": Rotation(name="support_manager", shifts=SHIFTS, fallback="support-managers")},
    people={name: Person(gitlab=name) for name in ("amber", "emil", "aoi")},
    managers=("amber", "emil", "aoi"),
)
DESK_YML = """
trackers:
  star:
    project: support/star
    form: {ticket: ticket, urgency: urgency, form: form, kind: kind, version: version}
    same_by: ticket
managers: [amber, emil, aoi]
rotations:
  support_manager:
    shifts:
      - {person: aoi, from: "00:00", to: "08:00"}
      - {person: emil, from: "08:00", to: "16:00"}
      - {person: amber, from: "16:00", to: "00:00"}
"""
PEOPLE_YML = "people: [{gitlab: amber}, {gitlab: emil}, {gitlab: aoi}]\n"
RENDER = TemplateRenderer()


def make_issue(**said: Any) -> Issue:
    """An issue of support/star; people are user names, times and dates ISO texts or values."""
    plain: dict[str, Any] = {"created_at": OPENED, "updated_at": OPENED, "author": "ivy", "iid": 12, **said}
    plain["author"] = {"username": plain["author"]} if plain["author"] else None
    plain["assignees"] = [{"username": name} for name in plain.get("assignees", ())]
    return msgspec.convert({"tracker": "star", "project": "support/star", **plain}, Issue)


def make_note(number: int = 1, **said: Any) -> Note:
    return msgspec.convert({"id": number, "body": "", "author": "emil", "created_at": NOW, **said}, Note)


def make_facts(
    *issues: Issue,
    notes: Mapping[int, Iterable[Mapping[str, Any]]] | None = None,
    label_events: Mapping[int, Iterable[Mapping[str, Any]]] | None = None,
    links: Mapping[int, Iterable[str]] | None = None,
    now: dt.datetime = NOW,
    desk: Desk = DESK,
) -> Facts:
    """Facts in which every facet of every issue was read; `notes` and `label_events` by issue number."""
    said, events = notes or {}, label_events or {}
    return Facts(
        now=now,
        desk=desk,
        bot=BOT,
        issues=issues,
        read_notes={
            each.key: tuple(make_note(place, **note) for place, note in enumerate(said.get(each.iid, ()), start=1))
            for each in issues
        },
        read_label_events={
            each.key: tuple(
                msgspec.convert({"id": place, "created_at": NOW, **event}, LabelEvent)
                for place, event in enumerate(events.get(each.iid, ()), start=1)
            )
            for each in issues
        },
        read_links={each.key: tuple(map(_key, (links or {}).get(each.iid, ()))) for each in issues},
    )


def make_policies(folder: Path, rules: str, *, top: str = "", desk: str = "") -> Policies:
    """The policies of one file whose rules are given as YAML text; `top` goes above, `desk` into desk.yml."""
    (folder / "people.yml").write_text(PEOPLE_YML, "utf-8")
    (folder / "desk.yml").write_text(f"{DESK_YML}{desk}\n", "utf-8")
    file = folder / "policy.yml"
    indented = "\n".join(f"      {line}" for line in rules.strip("\n").splitlines())
    file.write_text(f"tracker: star\n{top}\nresource_rules:\n  issues:\n    rules:\n{indented}\n", "utf-8")
    return load_policies([folder], folder)


def _key(reference: str) -> IssueKey:
    project, _, iid = reference.rpartition("#")
    return IssueKey(project, int(iid))
