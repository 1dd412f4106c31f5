"""PagerDuty's REST API, as far as Starkeeper calls it: who is on call, schedules, overrides, services, incidents."""

from __future__ import annotations

from starkeeper.sandbox.pagerduty import incidents, people, schedules
from starkeeper.sandbox.pagerduty.api import PREFIX, answer_pagerduty

__all__ = ["PREFIX", "answer_pagerduty", "incidents", "people", "schedules"]
