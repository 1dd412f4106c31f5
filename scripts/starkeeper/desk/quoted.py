"""Takes an answer as it stands in an issue; gives the text that was entered, where a form quoted it to make it safe."""

from __future__ import annotations

import re

_FENCE = "```"
_SPAN = re.compile(r"`([^`\n]+)`")


def plain(answer: str) -> str:
    """A block of which each line begins with a bar, or one code span, without the signs around; any other text as it
    is."""
    first, *within, last = answer.split("\n") if "\n" in answer else (answer, "")
    if within and first == last == _FENCE and all(line == "|" or line.startswith("| ") for line in within):
        return "\n".join(line[2:] for line in within).strip()
    span = _SPAN.fullmatch(answer)
    return span[1].strip() if span else answer
