"""The orders that lists of issues, merge requests and epics share: an item to what it is sorted by, its id last."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from starkeeper.sandbox.records import Item

NO_PRIORITY = 1_000_000


def _priority(item: Item) -> int:
    return min((each.priority for each in item.labels if each.priority is not None), default=NO_PRIORITY)


def _milestone_due(item: Item) -> dt.date:
    return item.milestone.due_date if item.milestone and item.milestone.due_date else dt.date.max


COMMON_ORDERS: dict[str, Callable[[Any], Any]] = {
    "created_at": lambda each: (each.created_at, each.id),
    "updated_at": lambda each: (each.updated_at, each.id),
    "title": lambda each: (each.title.lower(), each.id),
    "popularity": lambda each: (each.upvotes, each.id),
    "priority": lambda each: (_priority(each), each.id),
    "label_priority": lambda each: (_priority(each), each.id),
    "milestone_due": lambda each: (_milestone_due(each), each.id),
}
