"""A request for a page to HTML: lists of what is in the world, and one item with its notes, for people to watch."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from starkeeper.sandbox.answers import Answer
from starkeeper.sandbox.api import Sent
from starkeeper.sandbox.records import Group, Issue, Item, Label, MergeRequest, Project
from starkeeper.sandbox.shapes.places import label_color
from starkeeper.sandbox.state import State
from starkeeper.sandbox.state import places as above

MOST_SHOWN = 200
HTML = {"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store"}


def show_page(state: State, sent: Sent) -> Answer:
    """The list at `/` and at a project's path, an item at its own web address; anything else is not found."""
    path = unquote(sent.path).strip("/").lower()
    if found := re.fullmatch(r"(?:groups/)?(.+)/-/(issues|merge_requests|epics)/(\d+)", path):
        item = _item(state, found[1], int(found[3]), found[2])
        return _answer(state, "item.html", _one(item)) if item else _missing(state)
    if path and path not in state.projects:
        return _missing(state)
    query = {key: values[-1] for key, values in parse_qs(sent.query).items()}
    places = [state.projects[path]] if path else _by_path(state)
    kind, wanted = query.get("kind", "issues"), query.get("state", "opened")
    common = {"kinds": _kinds(places), "kind": kind, "wanted": wanted, "current": places[0].path if path else ""}
    if kind == "branches":
        return _answer(state, "branches.html", {**common, **_branches(places)})
    return _answer(state, "items.html", {**common, **_several(places, kind, wanted)})


def _item(state: State, path: str, iid: int, kind: str) -> Item | None:
    project, group = state.projects.get(path), state.groups.get(path)
    if kind == "epics":
        return group.epics.get(iid) if group else None
    if project is None:
        return None
    return project.issues.get(iid) if kind == "issues" else project.merge_requests.get(iid)


def _answer(state: State, template: str, values: Mapping[str, Any], status: int = 200) -> Answer:
    writes = [each for each in state.requests[-400:] if each.method not in ("GET", "HEAD")][-12:]
    common = {
        "now": state.clock(),
        "projects": [(each, _open_count(each.issues.values())) for each in _by_path(state)],
        "requests": len(state.requests),
        "writes": [(each, unquote(each.path.removeprefix("/api/v4/"))) for each in reversed(writes)],
        "current": "",
    }
    html = _environment().get_template(template).render({**common, **values})
    return Answer(status, html.encode(), HTML)


def _missing(state: State) -> Answer:
    return _answer(state, "missing.html", {}, 404)


def _kinds(places: Sequence[Project]) -> list[tuple[str, str]]:
    """The lists that are worth a look: issues always, the others where there are any."""
    found = [("issues", "Issues")]
    found += [("merge_requests", "Merge requests")] if any(each.merge_requests for each in places) else []
    found += [("epics", "Epics")] if _items(places, "epics") else []
    return found + ([("branches", "Branches")] if any(each.branches for each in places) else [])


def _items(places: Sequence[Project], kind: str) -> list[Item]:
    """All items of a kind; with a project come the epics of the groups around it."""
    if kind == "epics":
        groups = dict.fromkeys(group for each in places for group in above(each) if isinstance(group, Group))
        return [epic for group in groups for epic in group.epics.values()]
    if kind == "merge_requests":
        return [item for each in places for item in each.merge_requests.values()]
    return [issue for each in places for issue in each.issues.values()]


def _several(places: Sequence[Project], kind: str, wanted: str) -> dict[str, Any]:
    items = [each for each in _items(places, kind) if wanted in ("all", each.state)]
    items.sort(key=lambda each: (each.updated_at, each.id), reverse=True)
    return {"items": [(each, _pills(each)) for each in items[:MOST_SHOWN]], "total": len(items)}


def _branches(places: Sequence[Project]) -> dict[str, Any]:
    found = [(place, each) for place in places for each in place.branches.values()]
    found.sort(key=lambda each: (each[1].committed_at, each[1].name), reverse=True)
    return {"branches": found[:MOST_SHOWN], "total": len(found)}


def _one(item: Item) -> dict[str, Any]:
    """What the page of an item shows; `others` are what it is related to, closes, or is closed by."""
    others: list[Item] = []
    if isinstance(item, Issue):
        others = [link.target if link.source is item else link.source for link in item.links]
        others += [*item.merge_requests, *([item.moved_to] if item.moved_to else [])]
    elif isinstance(item, MergeRequest):
        others = list(item.closes)
    return {
        "item": item,
        "labels": _pills(item),
        "notes": sorted(item.notes, key=lambda each: (each.created_at, each.id)),
        "others": others,
        "events": item.label_events,
        "current": item.place.path,
    }


def _pills(item: Item) -> list[tuple[str, str, str, str]]:
    """Each label as its scope (or ""), its value, its colour and the colour of text upon it."""
    return [_pill(each) for each in sorted(item.labels, key=lambda each: each.name.lower())]


def _pill(label: Label) -> tuple[str, str, str, str]:
    key, separator, value = label.name.rpartition("::")
    color = label.color if re.fullmatch(r"#[0-9a-fA-F]{6}", label.color) else "#6699CC"
    return (key, value, color, label_color(color)) if separator and key else ("", label.name, color, label_color(color))


def _open_count(issues: Any) -> int:
    return sum(each.state == "opened" for each in issues)


def _by_path(state: State) -> list[Any]:
    return [state.projects[path] for path in sorted(state.projects)]


@cache
def _environment() -> Environment:
    folder = Path(__file__).parent / "pages"
    made = Environment(loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    made.filters["day"] = _day
    made.filters["initials"] = lambda name: "".join(part[:1] for part in str(name).split()[:2]).upper()
    return made


def _day(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).strftime("%a %-d %b %H:%M")
