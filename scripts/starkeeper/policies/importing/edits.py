"""Takes a text and places in it; gives the text with pieces replaced, put in, or turned into comments."""

from __future__ import annotations

import re
from collections.abc import Iterable

from msgspec import Struct

from starkeeper.policies.importing.layout import Entry, Spot
from starkeeper.policies.syntax import LINE_BREAK

_DASHES = re.compile(r"[ ]*(?:-[ ]+)+\Z")


class Edit(Struct, frozen=True):
    """`text[start:end]` becomes `new`."""

    start: int
    end: int
    new: str


def applied(text: str, edits: Iterable[Edit]) -> str:
    """The text with all edits, those at one place in their order; of those that overlap the one that takes most."""
    pieces: list[str] = []
    at = 0
    for edit in sorted(dict.fromkeys(edits), key=lambda each: (each.start, each.end > each.start, -each.end)):
        # What lies within a piece that became a comment stays as it was written.
        if edit.start < at:
            continue
        pieces += [text[at : edit.start], edit.new]
        at = edit.end
    return "".join([*pieces, text[at:]])


def line_start(text: str, at: int) -> int:
    return text.rfind("\n", 0, at) + 1


def line_end(text: str, at: int) -> int:
    """The end of the line, its line break left out."""
    end = text.find("\n", at)
    return len(text) if end < 0 else end - (text[end - 1] == "\r")


def indent_at(text: str, at: int) -> str:
    start = line_start(text, at)
    return text[start : start + len(text[start:at]) - len(text[start:at].lstrip(" "))]


def note_above(text: str, at: int, words: str) -> Edit | None:
    """A comment on a line of its own above what stands there; None where it is there already."""
    start = line_start(text, at)
    indent = re.match(r"[ ]*", text[start:])
    line = f"{indent[0] if indent else ''}# {words}"
    if text[:start].rstrip("\r\n").endswith(line):
        return None
    return Edit(start, start, line + break_of(text))


def item_commented(text: str, item: Spot, reasons: Iterable[str]) -> list[Edit]:
    """A list item turned into a comment, with the reasons above it."""
    start = line_start(text, item.start)
    if not item.flow and _DASHES.match(text[start : item.start]):
        dash = start + text[start : item.start].index("-")
        return _lines_commented(text, dash, item.end, reasons)
    dash_line = text.rfind("-", 0, item.start)
    if not item.flow and not text[dash_line + 1 : item.start].strip():
        return _lines_commented(text, dash_line, item.end, reasons)
    return _piece_commented(text, item.start, item.end, reasons)


def entry_commented(text: str, entry: Entry, reasons: Iterable[str]) -> list[Edit]:
    """A key with its value turned into a comment, with the reasons above it."""
    start, end = entry.key.start, max(entry.value.end, entry.key.end + 1)
    if text[line_start(text, start) : start].strip():
        return _piece_commented(text, start, end, reasons)
    return _lines_commented(text, start, end, reasons)


def break_of(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _lines_commented(text: str, start: int, end: int, reasons: Iterable[str]) -> list[Edit]:
    first, last = line_start(text, start), line_end(text, end)
    indent, broken = text[first:start], break_of(text)
    lines = _split(text[first:last])
    kept = [f"{indent}# {line.removeprefix(indent)}".rstrip() for line in lines]
    return [Edit(first, last, broken.join([*(f"{indent}# {each}" for each in reasons), *kept]))]


def _split(text: str) -> list[str]:
    """The lines as any reader of YAML sees them: a comment ends also at the breaks that few editors show."""
    return LINE_BREAK.split(text)


def _piece_commented(text: str, start: int, end: int, reasons: Iterable[str]) -> list[Edit]:
    """Within brackets: taken out with the comma behind it, and written as comments above the line where it began."""
    first, broken = line_start(text, start), break_of(text)
    indent = text[first : first + len(text[first:]) - len(text[first:].lstrip(" "))]
    comma = re.match(r"\s*,[ ]*", text[end:])
    lines = [*reasons, *_split(text[start:end])]
    above = "".join(f"{indent}# {line.strip()}{broken}" for line in lines)
    return [Edit(first, first, above), Edit(start, end + (comma.end() if comma else 0), "")]
