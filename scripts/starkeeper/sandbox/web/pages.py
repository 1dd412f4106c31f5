"""A request for a page to HTML: the tracker at the left, Slack at the right, and who is on call above them."""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from starkeeper.sandbox.answers import Answer
from starkeeper.sandbox.api import Sent
from starkeeper.sandbox.records import Pipeline
from starkeeper.sandbox.state import State
from starkeeper.sandbox.web.asked import Asked
from starkeeper.sandbox.web.channels import right_half
from starkeeper.sandbox.web.desk import Desk
from starkeeper.sandbox.web.markdown import as_html
from starkeeper.sandbox.web.oncall import strip
from starkeeper.sandbox.web.people import people, player
from starkeeper.sandbox.web.tracker import left_half, open_count, projects

FOLDER = Path(__file__).parents[1] / "pages"
FILES = {"-/desk.css": "text/css; charset=utf-8", "-/desk.js": "text/javascript; charset=utf-8"}
# Second to escaping: no script but the page's own runs, nothing is loaded from elsewhere, and no other page frames it.
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}
MOST_WRITES, MOST_PIPELINES = 12, 8


def show_page(state: State, sent: Sent, desk: Desk) -> Answer:
    """The page at any address that is no interface's; the caller holds the world's lock."""
    asked = Asked.of(sent)
    if asked.path in FILES:
        data = (FOLDER / Path(asked.path).name).read_bytes()
        return Answer(200, data, {**HEADERS, "Content-Type": FILES[asked.path]})
    me = player(state, asked.query.get("as", ""))
    user = state.find_user(me.username) if me else None
    template, values = left_half(state, asked, user) or ("missing.html", {"current": ""})
    now, username = state.clock(), me.username if me else ""
    common = {
        "to": asked.to,
        "here": asked.here,
        "me": username,
        "people": people(state),
        "now": now,
        "desk": desk,
        "projects": [(each, open_count(each)) for each in projects(state)],
        "writes": _writes(state),
        "requests": len(state.requests),
        "pipelines": _pipelines(state),
    }
    halves = {**right_half(state.slack, asked.query.get("channel", ""), username), **strip(state.pagerduty, now)}
    html = _environment().get_template(template).render({**common, **halves, **values})
    status = 404 if template == "missing.html" else 200
    return Answer(status, html.encode(), {**HEADERS, "Content-Type": "text/html; charset=utf-8"})


def _writes(state: State) -> list[tuple[Any, str]]:
    """What was written through the interfaces last, the newest first."""
    found = [each for each in state.requests[-400:] if each.method not in ("GET", "HEAD")][-MOST_WRITES:]
    return [(each, unquote(each.path.removeprefix("/api/v4/"))) for each in reversed(found)]


def _pipelines(state: State) -> list[Pipeline]:
    """The newest pipelines of all projects, the newest first."""
    found = [each for project in state.projects.values() for each in list(project.pipelines.values())[-MOST_PIPELINES:]]
    return sorted(found, key=lambda each: -each.id)[:MOST_PIPELINES]


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["day"] = _day
    made.filters["markdown"] = as_html
    made.filters["initials"] = lambda name: "".join(part[:1] for part in str(name).split()[:2]).upper()
    return made


def _day(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).strftime("%a %-d %b %H:%M")
