"""Markdown of issues and notes to HTML, as much of it as the desk's texts use; the rest stays text."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from itertools import groupby

from markupsafe import Markup, escape

_BLOCKS = re.compile(r"^```[^\n`]*\n(?P<code>.*?)^```[ \t]*$|<!--.*?-->\n?", re.DOTALL | re.MULTILINE)
_INLINE = re.compile(
    r"`(?P<code>[^`\n]+)`"
    r"|\*\*(?P<bold>[^\s*](?:[^*\n]*[^\s*])?)\*\*"
    r"|<sub>(?P<small>[^\n]+?)</sub>"
    r"|\[(?P<label>[^\]\n]+)\]\((?P<address>(?:https?://|/)[^\s)]+)\)"
)
_KINDS = re.compile(r"(?P<heading>#{1,6} )|(?P<item>\s*(?:[-*]|\d+\.) )|(?P<quote>> ?)|(?P<table>\|)")
_RULER = re.compile(r"[|:\s-]+")
_BOXES = {"[ ] ": Markup("☐ "), "[x] ": Markup("☑ ")}


def as_html(text: str) -> Markup:
    """Headings, lists, tables, quotes, code, bold and small text, links; HTML's comments are left out, as in GitLab."""
    shown, at = Markup(""), 0
    for found in _BLOCKS.finditer(text):
        shown += _lines(text[at : found.start()])
        shown += _wrapped("pre", [escape(found["code"])]) if found["code"] is not None else ""
        at = found.end()
    return shown + _lines(text[at:])


def _lines(text: str) -> Markup:
    """Lines of one kind that follow each other are one paragraph, list, table or quote."""
    groups = groupby(text.splitlines(), _kind)
    return Markup("").join(_GROUPS[kind](list(lines)) for kind, lines in groups if kind)


def _kind(line: str) -> str:
    found = _KINDS.match(line)
    return (found.lastgroup or "") if found else "text" if line.strip() else ""


def _text(lines: list[str]) -> Markup:
    return _wrapped("p", [Markup("<br>").join(map(_inline, lines))])


def _quote(lines: list[str]) -> Markup:
    return _wrapped("blockquote", [Markup("<br>").join(_inline(_unmarked(line)) for line in lines)])


def _headings(lines: list[str]) -> Markup:
    return Markup("").join(_wrapped("h4", [_inline(_unmarked(line))]) for line in lines)


def _list(lines: list[str]) -> Markup:
    return _wrapped("ul", [_wrapped("li", [_item(_unmarked(line))]) for line in lines])


def _item(text: str) -> Markup:
    box = _BOXES.get(text[:4], Markup(""))
    return box + _inline(text[4:] if box else text)


def _table(lines: list[str]) -> Markup:
    """Rows alone: the line of dashes goes, and so does a head in which nothing stands."""
    bare = (line.strip().removeprefix("|").removesuffix("|") for line in lines if not _RULER.fullmatch(line))
    rows = ([cell.strip() for cell in line.split("|")] for line in bare)
    return _wrapped("table", [_wrapped("tr", [_wrapped("td", [_inline(cell)]) for cell in row]) for row in rows])


_GROUPS = {"text": _text, "quote": _quote, "heading": _headings, "item": _list, "table": _table}


def _unmarked(line: str) -> str:
    return _KINDS.sub("", line, count=1)


def _inline(text: str) -> Markup:
    shown, at = Markup(""), 0
    for found in _INLINE.finditer(text):
        shown += escape(_plain(text[at : found.start()])) + _piece(found)
        at = found.end()
    return shown + escape(_plain(text[at:]))


def _piece(found: re.Match[str]) -> Markup:
    if found["code"]:
        return _wrapped("code", [escape(found["code"])])
    if found["bold"]:
        return _wrapped("strong", [_inline(found["bold"])])
    if found["small"]:
        return _wrapped("small", [_inline(found["small"])])
    return Markup('<a href="{}" rel="noreferrer">{}</a>').format(found["address"], _plain(found["label"]))


def _plain(text: str) -> str:
    """Text without the backslashes and entities that kept it from being markup."""
    return html.unescape(re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text))


def _wrapped(tag: str, inside: Iterable[str]) -> Markup:
    """An element of these parts; those that are no markup yet are escaped."""
    return Markup(f"<{tag}>{{}}</{tag}>").format(Markup("").join(inside))
