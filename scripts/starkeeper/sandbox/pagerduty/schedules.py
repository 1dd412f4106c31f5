"""Schedules: who is on call when, and who stands in."""

from __future__ import annotations

import datetime as dt
from typing import Any

from starkeeper.sandbox.answers import Answer, json_answer
from starkeeper.sandbox.pagerduty.api import PagerCall, reference_id, route
from starkeeper.sandbox.pagerduty.errors import PagerDutyError, invalid
from starkeeper.sandbox.pagerduty.shapes import layer_shape, override_shape, schedule_shape, turn_shape
from starkeeper.sandbox.records.pagerduty import Override, Schedule, Turn
from starkeeper.sandbox.shapes.base import Json

TWO_WEEKS = dt.timedelta(weeks=2)


@route("GET", "schedules")
def list_schedules(call: PagerCall) -> Answer:
    """All schedules by name, without their layers; `query` is searched in names."""
    wanted = str(call.params.get("query", "")).lower()
    found = [each for each in call.account.schedules.values() if wanted in each.name.lower()]
    return call.page(
        "schedules",
        sorted(found, key=lambda each: each.name),
        lambda each: schedule_shape(call.base, call.account, each),
    )


@route("GET", "schedules/:id")
def get_schedule(call: PagerCall) -> Answer:
    """A schedule with its layers, and with who is on call where a time is asked for."""
    schedule = call.named(call.account.schedules)
    shown = schedule_shape(call.base, call.account, schedule)
    layers = [layer_shape(call.base, schedule, each, number) for number, each in enumerate(schedule.shifts, 1)]
    overrides = [each.turn for each in schedule.overrides]
    asked = "since" in call.params or "until" in call.params
    since, until = _span(call) if asked else (call.state.clock(), call.state.clock())
    final = _rendered(call, schedule, schedule.turns(since, until) if asked else [], since, until)
    stand_ins = _rendered(call, schedule, overrides if asked else [], since, until)
    more = {
        "schedule_layers": layers[::-1],
        "final_schedule": {"name": "Final Schedule", **final},
        "overrides_subschedule": {"name": "Overrides", **stand_ins},
    }
    return json_answer({"schedule": shown | more})


@route("GET", "schedules/:id/overrides")
def list_overrides(call: PagerCall) -> Answer:
    schedule = call.named(call.account.schedules)
    for name in ("since", "until"):
        if not call.params.get(name):
            raise invalid(f"{name.capitalize()} must be set.")
    since, until = _span(call)
    found = [each for each in schedule.overrides if each.turn.start < until and each.turn.end > since]
    found.sort(key=lambda each: each.turn.start)
    return json_answer({"overrides": [override_shape(call.base, schedule, each) for each in found]})


@route("POST", "schedules/:id/overrides")
def add_overrides(call: PagerCall) -> Answer:
    """Adds those that are valid; each has a status of its own in the answer, which is 201 whatever became of them."""
    schedule, sent = call.named(call.account.schedules), call.params.get("overrides")
    if not isinstance(sent, list) or not sent:
        raise invalid("Overrides must be a list.")
    return json_answer([_added(call, schedule, each) for each in sent], 201)


def _added(call: PagerCall, schedule: Schedule, sent: Any) -> Json:
    try:
        turn = _turn(call, sent)
    except PagerDutyError as error:
        return {"status": 400, "errors": [str(error)], "override": sent}
    made = Override(call.account.new_id("override"), turn)
    schedule.overrides.append(made)
    call.state.changed()
    return {"status": 201, "override": override_shape(call.base, schedule, made)}


def _turn(call: PagerCall, sent: Any) -> Turn:
    user = call.account.users.get(reference_id(sent.get("user"))) if isinstance(sent, dict) else None
    if user is None:
        raise PagerDutyError(400, "User not found", 2001)
    try:
        start, end = (dt.datetime.fromisoformat(str(sent.get(name))) for name in ("start", "end"))
    except ValueError:
        raise PagerDutyError(400, "Override must have a start and an end", 2001) from None
    if not start.tzinfo or not end.tzinfo:
        raise PagerDutyError(400, "Override must have times with their zone", 2001)
    if end <= start:
        raise PagerDutyError(400, "Override must end after its start", 2001)
    if end <= call.state.clock():
        raise PagerDutyError(400, "Override must end after now", 2001)
    return Turn(user, max(start, call.state.clock()).astimezone(dt.UTC), end.astimezone(dt.UTC))


def _span(call: PagerCall) -> tuple[dt.datetime, dt.datetime]:
    """Where only one end of a time is given it lasts two weeks."""
    if not call.params.get("since"):
        until = call.time("until", call.state.clock() + TWO_WEEKS)
        return until - TWO_WEEKS, until
    since = call.time("since", call.state.clock())
    until = call.time("until", since + TWO_WEEKS)
    if until < since:
        raise invalid("Until must not be before since.")
    return since, until


def _rendered(call: PagerCall, schedule: Schedule, turns: list[Turn], since: dt.datetime, until: dt.datetime) -> Json:
    """Turns are cut off at both ends of the time unless `overflow` is set."""
    cut = [Turn(each.user, max(each.start, since), min(each.end, until)) for each in turns]
    cut = [each for each in cut if each.start < each.end]
    covered = sum((each.end - each.start for each in cut), dt.timedelta())
    shown = turns if call.params.get("overflow") == "true" else cut
    return {
        "rendered_schedule_entries": [turn_shape(call.base, schedule, each) for each in shown],
        "rendered_coverage_percentage": round(100 * covered / (until - since), 1) if until > since else 0.0,
    }
