"""Takes Markdown in; tells which code fence or HTML comment in it is opened and never closed."""

from __future__ import annotations

import re

_FENCE = re.compile(r"((?:[ \t>]|[-+*][ \t]|[0-9]{1,9}[.)][ \t])*)(`{3,}|~{3,})(.*)")
_AT_THE_MARGIN = re.compile(r" {0,3}")


def open_fence(text: str) -> str:
    """The line that opens a code fence which nothing closes, or "" where all are closed."""
    opened, within, mark = "", "", ""
    for line in text.splitlines():
        if not (fence := _fence(line)):
            continue
        if not opened:
            opened, (within, mark) = line, fence
        elif _closes(line, fence, within, mark):
            opened = ""
    return opened


def nested_fence(text: str) -> str:
    """The first fence that is indented or stands in a list or quote, where its end is not certain; "" for none."""
    for line in text.splitlines():
        if (fence := _fence(line)) and not _AT_THE_MARGIN.fullmatch(fence[0]):
            return line
    return ""


def unclosed(text: str) -> str:
    """What would swallow everything that follows the text: its open fence or HTML comment, or "" for nothing."""
    if opened := open_fence(text):
        return opened
    return "<!--" if text.rfind("<!--") > text.rfind("-->") else ""


def _fence(line: str) -> tuple[str, str] | None:
    found = _FENCE.match(line)
    if not found or (found[2][0] == "`" and "`" in found[3]):
        return None
    return found[1], found[2]


def _closes(line: str, fence: tuple[str, str], within: str, mark: str) -> bool:
    before, run = fence
    if _AT_THE_MARGIN.fullmatch(within):
        level = _AT_THE_MARGIN.fullmatch(before) is not None
    else:
        level = not before.strip(" \t>")
    return level and run.startswith(mark) and line.strip(" \t>") == run
