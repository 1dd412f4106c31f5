"""Takes Markdown in; tells which code fence or HTML comment in it is opened and never closed."""

from __future__ import annotations

import re

_FENCE = re.compile(r"((?:[ \t>]|[-+*][ \t]|[0-9]{1,9}[.)][ \t])*)(`{3,}|~{3,})(.*)")
# https://docs.gitlab.com/user/markdown/ and, for all from actdiag on, the diagrams of Kroki.
_DRAWN = re.compile(
    r"(?:mermaid|plantuml|c4plantuml|math|latex|glql|suggestion|json\W+table|actdiag|blockdiag|bpmn|bytefield|d2|dbml|"
    r"diagramsnet|ditaa|dot|erd|excalidraw|graphviz|nomnoml|nwdiag|packetdiag|pikchr|rackdiag|seqdiag|structurizr|"
    r"svgbob|symbolator|tikz|umlet|vega|vegalite|wavedrom|wireviz)\b",
    re.IGNORECASE,
)
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


def drawn_fences(text: str) -> list[tuple[int, int]]:
    """From where to where a fence holds no code but what GitLab makes a table, a drawing or a list of."""
    found, opened, within, mark, start = list[tuple[int, int]](), -1, "", "", 0
    for line in text.splitlines(keepends=True) if _DRAWN.search(text) else ():
        if fence := _fence(line.rstrip()):
            if opened < 0:
                opened, (within, mark) = start, fence
            elif _closes(line.rstrip(), fence, within, mark):
                found += [(opened, start)] if _is_drawn(text, opened) else []
                opened = -1
        start += len(line)
    return found


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


def _is_drawn(text: str, at: int) -> bool:
    found = _FENCE.match(text, at)
    return found is not None and _DRAWN.match(found[3].strip()) is not None


def _closes(line: str, fence: tuple[str, str], within: str, mark: str) -> bool:
    before, run = fence
    if _AT_THE_MARGIN.fullmatch(within):
        level = _AT_THE_MARGIN.fullmatch(before) is not None
    else:
        level = not before.strip(" \t>")
    return level and run.startswith(mark) and line.strip(" \t>") == run
