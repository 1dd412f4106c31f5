"""What conditions on the names of branches share: `*` stands for any run of characters."""

from __future__ import annotations

import re


def is_named(name: str, wanted: str) -> bool:
    """Whether the whole name is as wanted; small and capital letters differ, as in Git."""
    return _pattern(wanted).fullmatch(name) is not None


def asks_branch(parameter: str, wanted: str) -> frozenset[tuple[str, str]]:
    """What GitLab can narrow by: one name alone."""
    return frozenset() if "*" in wanted else frozenset({(parameter, wanted)})


def _pattern(wanted: str) -> re.Pattern[str]:
    return re.compile(".*".join(map(re.escape, wanted.split("*"))), re.DOTALL)
