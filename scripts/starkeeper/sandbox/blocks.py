"""Markdown text to the kinds of its lines: paragraph, code, quotation, list, HTML.

A reader for one question only, whether a line stands in a paragraph of the document's top level, as GitLab's newest
quick action scanner asks. Where Markdown is unclear it says paragraph, so that what it calls safe is safe.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

PARAGRAPH, CODE, QUOTE, LIST, HTML, BLANK, OTHER = "paragraph", "code", "quote", "list", "html", "blank", "other"

_FENCE = re.compile(r" {0,3}(`{3,}(?=[^`]*$)|~{3,})")
_ITEM = re.compile(r" {0,3}(?:[-*+]|\d{1,9}[.)])(?:\s+(\S.*)?)?$")
_HEADING = re.compile(r" {0,3}#{1,6}(?:\s|$)")
_RULE = re.compile(r" {0,3}([-_*])[ \t]*(?:\1[ \t]*){2,}$")
_RAW_TAG = re.compile(r" {0,3}<(script|pre|style|textarea)(?:\s|>|$)", re.IGNORECASE)
_BLOCK_TAG = re.compile(
    r" {0,3}</?(?:address|article|aside|blockquote|body|center|col|dd|details|dialog|dir|div|dl|dt|fieldset|figure"
    r"|footer|form|frame|h[1-6]|head|header|hr|html|iframe|legend|li|link|main|menu|nav|ol|optgroup|option|p|param"
    r"|section|summary|table|tbody|td|tfoot|th|thead|title|tr|track|ul)(?:\s|/?>|$)",
    re.IGNORECASE,
)
_LONE_TAG = re.compile(r" {0,3}</?[A-Za-z][\w-]*(?:\s+[^<>]*)?/?>\s*$")
_ENDS = (("<!--", "-->"), ("<?", "?>"), ("<![CDATA[", "]]>"))


def line_kinds(text: str) -> list[str]:
    """The kind of each line of the text; lines end at line feeds only, as they do in GitLab's source positions."""
    reader = _Reader()
    return [reader.read(line) for line in text.split("\n")]


def top_level_paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """The first and last line (from 0) of each paragraph that stands in no other block."""
    kinds = line_kinds(text)
    for is_paragraph, lines in groupby(range(len(kinds)), key=lambda at: kinds[at] == PARAGRAPH):
        numbers = list(lines)
        if is_paragraph:
            yield numbers[0], numbers[-1]


class _Reader:
    """Where the reader stands: what block is open, and whether a paragraph in it may go on lazily."""

    def __init__(self) -> None:
        self.fence = ""
        self.html_end: str | None = None
        self.in_quote_block = False
        self.open = BLANK
        self.lazy = False

    def read(self, line: str) -> str:
        self.open = self._kind(line)
        return self.open

    def _kind(self, line: str) -> str:
        if self.fence:
            return self._in_fence(line)
        if self.html_end is not None:
            return self._in_html(line)
        if self.in_quote_block or line.rstrip() == ">>>":
            return self._in_quote_block(line)
        if not line.strip():
            self.lazy = False
            return LIST if self.open == LIST else BLANK
        return self._block_start(line) or self._continuation(line)

    def _in_fence(self, line: str) -> str:
        if re.fullmatch(rf" {{0,3}}{re.escape(self.fence)}{re.escape(self.fence[0])}*[ \t]*", line):
            self.fence = ""
        return CODE

    def _in_html(self, line: str) -> str:
        end = self.html_end
        if end == "":
            if line.strip():
                return HTML
            self.html_end = None
            return BLANK
        if end is not None and end in line.lower():
            self.html_end = None
        return HTML

    def _in_quote_block(self, line: str) -> str:
        if line.rstrip() == ">>>":
            self.in_quote_block = not self.in_quote_block
        self.lazy = False
        return QUOTE

    def _block_start(self, line: str) -> str | None:
        if fence := _FENCE.match(line):
            self.fence, self.lazy = fence[1], False
            return CODE
        if re.match(r" {0,3}>", line):
            self.lazy = bool(line.lstrip(" >\t"))
            return QUOTE
        if _HEADING.match(line) or _RULE.match(line):
            self.lazy = False
            return OTHER
        if item := _ITEM.match(line):
            self.lazy = bool(item[1])
            return LIST
        return self._html_start(line)

    def _html_start(self, line: str) -> str | None:
        start = line.lstrip(" ")
        if len(line) - len(start) > 3 or not start.startswith("<"):
            return None
        for opening, closing in (*_ENDS, *([(start[:2], ">")] if re.match("<![A-Za-z]", start) else [])):
            if start.startswith(opening):
                self.html_end = None if closing in start[len(opening) :] else closing
                return HTML
        if raw := _RAW_TAG.match(line):
            self.html_end = None if f"</{raw[1].lower()}>" in line.lower() else f"</{raw[1].lower()}>"
            return HTML
        if _BLOCK_TAG.match(line) or (_LONE_TAG.match(line) and self.open != PARAGRAPH and not self.lazy):
            self.html_end = ""
            return HTML
        return None

    def _continuation(self, line: str) -> str:
        indented = line.startswith(("    ", "\t"))
        if self.open in (QUOTE, LIST) and (self.lazy or (self.open == LIST and line.startswith("  "))):
            self.lazy = True
            return self.open
        self.lazy = False
        return CODE if indented and self.open != PARAGRAPH else PARAGRAPH
