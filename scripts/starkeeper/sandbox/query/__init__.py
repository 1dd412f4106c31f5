"""List requests to the items they mean: filters, scope and order over all that the user can read."""

from __future__ import annotations

from starkeeper.sandbox.query.epics import find_epics
from starkeeper.sandbox.query.issues import find_issues
from starkeeper.sandbox.query.merge_requests import find_merge_requests

__all__ = ["find_epics", "find_issues", "find_merge_requests"]
