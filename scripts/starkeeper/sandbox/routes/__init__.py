"""The calls of GitLab's REST interface that the sandbox answers; importing this package registers them all."""

from __future__ import annotations

from starkeeper.sandbox.api import answer
from starkeeper.sandbox.routes import (
    branches,
    discussions,
    epics,
    events,
    files,
    hooks,
    issues,
    labels,
    links,
    merge_requests,
    notes,
    people,
    pipelines,
    places,
    schedules,
    triggers,
    variables,
    work_items,
)

__all__ = [
    "answer",
    "branches",
    "discussions",
    "epics",
    "events",
    "files",
    "hooks",
    "issues",
    "labels",
    "links",
    "merge_requests",
    "notes",
    "people",
    "pipelines",
    "places",
    "schedules",
    "triggers",
    "variables",
    "work_items",
]
