"""A request for a page to HTML: the issues of the world, and one issue with its notes, for people to watch."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from starkeeper.sandbox.answers import Answer
from starkeeper.sandbox.api import Sent
from starkeeper.sandbox.records import Issue, Label
from starkeeper.sandbox.shapes import label_color
from starkeeper.sandbox.state import State

MOST_SHOWN = 200
HTML = {"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store"}


def show_page(state: State, sent: Sent) -> Answer:
    """The list at `/` and at a project's path, an issue at its own web address; anything else is not found."""
    path = unquote(sent.path).strip("/").lower()
    if found := re.fullmatch(r"(.+)/-/issues/(\d+)", path):
        project = state.projects.get(found[1])
        issue = project.issues.get(int(found[2])) if project else None
        return _answer(state, "issue.html", _one(issue)) if issue else _missing(state)
    if path and path not in state.projects:
        return _missing(state)
    query = {key: values[-1] for key, values in parse_qs(sent.query).items()}
    return _answer(state, "issues.html", _several(state, path, query.get("state", "opened")))


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


def _several(state: State, path: str, wanted: str) -> dict[str, Any]:
    places = [state.projects[path]] if path else _by_path(state)
    issues = [each for place in places for each in place.issues.values() if wanted in ("all", each.state)]
    issues.sort(key=lambda each: (each.updated_at, each.id), reverse=True)
    shown = [(each, _pills(each)) for each in issues[:MOST_SHOWN]]
    return {"issues": shown, "total": len(issues), "wanted": wanted, "current": places[0].path if path else ""}


def _one(issue: Issue) -> dict[str, Any]:
    notes = sorted(issue.notes, key=lambda each: (each.created_at, each.id))
    others = [link.target if link.source is issue else link.source for link in issue.links]
    return {
        "issue": issue,
        "labels": _pills(issue),
        "notes": notes,
        "others": others,
        "events": issue.label_events,
        "current": issue.project.path,
    }


def _pills(issue: Issue) -> list[tuple[str, str, str, str]]:
    """Each label as its scope (or ""), its value, its colour and the colour of text upon it."""
    return [_pill(each) for each in sorted(issue.labels, key=lambda each: each.name.lower())]


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
