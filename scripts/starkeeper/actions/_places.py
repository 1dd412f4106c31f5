"""What the actions that open something elsewhere share: whether the project that they name can be one."""

from __future__ import annotations

import re


def destination_problems(destination: str) -> tuple[str, ...]:
    """What is wrong with it; a project has a path, or its number, and "" is the resource's own."""
    if not destination or re.fullmatch(r"[\w.-]+(/[\w.-]+)+|[0-9]+", destination):
        return ()
    return (f"'{destination}' is no path of a project; write 'destination: group/project'",)
