"""Takes what a summary lists; gives the names that its title and its text see."""

from __future__ import annotations

from typing import Any

from starkeeper.model.facts import Facts
from starkeeper.model.resources import ResourceType
from starkeeper.render.names import HELPERS, helpers
from starkeeper.render.safe import Safe

GATHERED_NAMES = HELPERS | {"items", "count", "type", "tracker", "now"}


def gathered_names(items: str, count: int, type: ResourceType, tracker: str, facts: Facts) -> dict[str, Any]:
    """`items` is finished Markdown and stands as it is; `count` is how many resources there are in it."""
    return {**helpers(facts), "items": Safe(items, "markdown"), "count": count, "type": type, "tracker": tracker}
