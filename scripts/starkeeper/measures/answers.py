"""Takes a clock and an issue; gives whether its length was kept, and when that was decided."""

from __future__ import annotations

import datetime as dt

from msgspec import Struct

from starkeeper.desk.clocks import read_run
from starkeeper.model.facts import Facts
from starkeeper.model.resources import Resource


class Answer(Struct, frozen=True):
    """How a clock went: decided when it was stopped or ran out, whichever came first, and the same ever after.

    `took` is what had counted when it was stopped at `stopped_at`; None where it still runs.
    """

    decided_at: dt.datetime
    in_time: bool
    stopped_at: dt.datetime | None = None
    took: dt.timedelta | None = None


def answer_of(clock: str, resource: Resource, facts: Facts) -> Answer | None:
    """None where it is open yet, or nobody says how long it may run; raises FacetNeeded as clocks do."""
    run = read_run(facts.desk.clocks[clock], resource, facts)
    if run.started_at is None or run.length is None:
        return None
    stopped_at = max(run.stop.at, run.started_at) if run.stop else None
    took = run.elapsed(facts.now) if run.stop else None
    if run.elapsed(facts.now) >= run.length:
        ran_out_at = run.due_at
        return Answer(ran_out_at, False, stopped_at, took) if ran_out_at else None
    return Answer(stopped_at, True, stopped_at, took) if stopped_at else None
