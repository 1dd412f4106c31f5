"""What the render tests share: an issue with hostile words, and oracles written apart from the code under test."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

from hypothesis import strategies as st
from markdown_it import MarkdownIt

from starkeeper.errors import Where
from starkeeper.model.desk import Desk, Tracker
from starkeeper.model.facts import Facts
from starkeeper.model.resources import Issue, Milestone, Resource, User
from starkeeper.model.values import Text
from starkeeper.render.names import names_for
from starkeeper.render.place import Rendered
from starkeeper.render.renderer import TemplateRenderer
from starkeeper.sandbox.forms import HOSTILE_LINES

NOW = dt.datetime(2026, 11, 30, 9, 0, tzinfo=dt.UTC)
TRACKER = Tracker(name="star", path="g/p", form={"Urgency": "urgency", "Ticket": "ticket", "Reason": "reason"})
FACTS = Facts(now=NOW, desk=Desk(trackers={"star": TRACKER}))
HERE = Where("policies/star.yml", 10, 5)

HOSTILE = "\n".join(HOSTILE_LINES)

_NASTY = (
    "/close", "@all", "#1", "!2", "~bug", "%m", "&3", "$4", "`", "```", "````", "~~~", "\n", "\r", "\u2028", "\x85",
    "\x0b", "\x0c", "\x1c", "\u202e", "\u200b", "\ufeff", "<!--", "-->", "<b>", "</summary>", '"', "'", "|", "\\", "*",
    "_", "[", "](", ")", "http://e.com", "www.e.com", "a@b.com", ":tada:", "{{ 7*7 }}", "{% if %}", "\x02s@all\x03",
    "\x03", " ", "\t", "- ", "# ", "1. ", ">", "ABC-12", "g/p#1", "/label ~x", "\ud800", "é", "🙂", "deadbeef1", "all",
    "Closes", "12", ";", "&lt;", "&#64;", "=", "$`", "]:",
)  # fmt: skip
nasty = st.lists(st.one_of(st.sampled_from(_NASTY), st.text(max_size=4)), max_size=10).map("".join)


def an_issue(**changes: Any) -> Issue:
    known: dict[str, Any] = {"tracker": "star", "project": "g/p", "iid": 12, "created_at": NOW, "updated_at": NOW}
    return Issue(**{**known, **changes})


def full_issue() -> Issue:
    return an_issue(
        title="Printer on fire",
        labels=("bug", "star::new"),
        author=User("emil", 1, "Emil"),
        assignees=(User("kim"), User("lee")),
        milestone=Milestone("17.1"),
        web_url="https://gitlab.com/g/p/-/issues/12",
        fields={"urgency": "Timely"},
    )


def names(issue: Resource, **extra: object) -> dict[str, Any]:
    return names_for(issue, FACTS, extra)


def comment(source: str, issue: Issue | None = None, **extra: object) -> Rendered:
    return TemplateRenderer().comment(Text(source, HERE), names(issue or full_issue(), **extra))


def say(source: str, given: Mapping[str, object]) -> Rendered:
    return TemplateRenderer().comment(Text(source, HERE), given)


def old_scanner(body: str) -> list[str]:
    """The commands of the older generation at its worst: any line, whatever stands around it, may be one."""
    found = []
    for body_ in (body, body.replace("\r", "")):
        found += [line for line in body_.splitlines() if re.match(r"\s*/[A-Za-z_]+", line)]
    return found


def new_scanner(body: str) -> list[str]:
    """The commands of the newer generation: line starts of paragraphs at the top level, as Markdown reads them."""
    tokens = MarkdownIt("commonmark").enable("table").parse(body.replace("\r", ""))
    inline = [b for a, b in pairwise(tokens) if a.type == "paragraph_open" and a.level == 0]
    return [line for each in inline for line in each.content.split("\n") if re.match(r"/[a-z_]+", line, re.I)]


class _Exposed(HTMLParser):
    """Collects the text that GitLab looks for references in, and the tags."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.tags: list[tuple[str, str]] = []
        self._within_code = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs).get("href") or dict(attrs).get("src") or ""))
        self._within_code += tag in ("code", "pre")
        if not self._within_code:
            self.text.append("\0")

    def handle_endtag(self, tag: str) -> None:
        self._within_code = max(self._within_code - (tag in ("code", "pre")), 0)

    def handle_data(self, data: str) -> None:
        self.text.append("\0" if self._within_code else data)


def shown(body: str) -> tuple[str, list[tuple[str, str]]]:
    """What a reader's page has outside code, and its tags with where they lead."""
    page = _Exposed()
    page.feed(MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(body))
    page.close()
    return "".join(page.text), page.tags


REFERENCE = re.compile(
    r"@\w|[#!~%&$^]\"?\w|(?<![\w])[A-Z][A-Z0-9_]+-\d|\b[0-9a-f]{7,40}\b|https?:|www\.|:\w+:|\w@\w", re.ASCII
)
