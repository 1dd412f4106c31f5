"""The parts of a row that are objects of their own, and the features in which the work items API keeps them."""

from __future__ import annotations

import datetime as dt

from msgspec import Struct

from starkeeper.connectors.gitlab.wire import WireLabel, WireUser


class WireMilestone(Struct, gc=False):
    title: str
    id: int = 0
    iid: int = 0
    state: str | None = None
    start_date: dt.date | None = None
    due_date: dt.date | None = None


class WireIteration(Struct, gc=False):
    """An iteration; those of a cadence have no title."""

    title: str | None = None
    start_date: dt.date | None = None
    due_date: dt.date | None = None


class WireTasks(Struct, gc=False):
    count: int = 0
    completed_count: int = 0


class WireTimes(Struct, gc=False):
    """Seconds."""

    time_estimate: int | None = None
    total_time_spent: int | None = None


class WireType(Struct, gc=False):
    name: str


class WireDescription(Struct, gc=False):
    description: str | None = None
    task_completion_status: WireTasks | None = None


class WireLabels(Struct, gc=False):
    labels: list[str | WireLabel] | None = None


class WireDates(Struct, gc=False):
    due_date: dt.date | None = None


class WireWeight(Struct, gc=False):
    weight: int | None = None


class WireHealth(Struct, gc=False):
    health_status: str | None = None


class WireIterations(Struct, gc=False):
    iteration: WireIteration | None = None


class WireFeatures(Struct, gc=False):
    """What the work items API keeps apart from the item's own fields, a part only where it was asked for."""

    description: WireDescription | None = None
    assignees: list[WireUser] | None = None
    labels: WireLabels | None = None
    milestone: WireMilestone | None = None
    start_and_due_date: WireDates | None = None
    time_tracking: WireTimes | None = None
    weight: WireWeight | None = None
    health_status: WireHealth | None = None
    iteration: WireIterations | None = None
