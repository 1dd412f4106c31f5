"""The calls of GitLab's REST interface that the sandbox answers; importing this package registers them all."""

from __future__ import annotations

from starkeeper.sandbox.api import answer
from starkeeper.sandbox.routes import events, issues, notes, people, places

__all__ = ["answer", "events", "issues", "notes", "people", "places"]
