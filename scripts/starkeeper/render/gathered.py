"""Takes what a summary lists; gives the names that its title and its text see."""

from __future__ import annotations

from typing import Any

from starkeeper.model.facts import Facts
from starkeeper.model.resources import ResourceType
from starkeeper.render.names import HELPERS, helpers
from starkeeper.render.safe import Safe
from starkeeper.render.values import Title

GATHERED_NAMES = HELPERS | {"items", "count", "title", "type", "tracker", "now"}


def gathered_names(
    items: str, count: int, type: ResourceType, tracker: str, facts: Facts, title: str = ""
) -> dict[str, Any]:
    """`items` is finished Markdown and stands as it is; `count` is how many resources there are in it.

    `title` is that of the summary, which its text may name.
    """
    return {
        **helpers(facts),
        "items": Safe(items, "markdown"),
        "count": count,
        "title": Title(title),
        "type": type,
        "tracker": tracker,
    }
