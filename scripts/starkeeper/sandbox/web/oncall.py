"""The strip between the halves: who is on call now, and which incidents are open."""

from __future__ import annotations

import datetime as dt
from typing import Any

from starkeeper.sandbox.records.pagerduty import PagerDuty


def strip(pagerduty: PagerDuty, at: dt.datetime) -> dict[str, Any]:
    """Values for the template: each schedule with the person on call (or None), and the incidents, newest first."""
    schedules = sorted(pagerduty.schedules.values(), key=lambda each: each.name)
    incidents = [each for each in pagerduty.incidents.values() if each.status != "resolved"]
    return {
        "on_call": [(each, each.on_call(at)) for each in schedules],
        "incidents": sorted(incidents, key=lambda each: each.number, reverse=True),
    }
