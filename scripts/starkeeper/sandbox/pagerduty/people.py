"""People, and who of them is on call."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from msgspec import Struct

from starkeeper.sandbox.answers import Answer, json_answer
from starkeeper.sandbox.pagerduty.api import PagerCall, route
from starkeeper.sandbox.pagerduty.errors import invalid
from starkeeper.sandbox.pagerduty.shapes import policy_shape, reference, schedule_shape, second, user_shape
from starkeeper.sandbox.records.pagerduty import PagerUser, Policy, Schedule
from starkeeper.sandbox.shapes.base import Json


class OnCall(Struct, frozen=True):
    """Somebody on call at a level of a policy; without a schedule it is for ever."""

    user: PagerUser
    policy: Policy
    level: int
    schedule: Schedule | None = None
    start: dt.datetime | None = None
    end: dt.datetime | None = None


@route("GET", "oncalls")
def list_on_calls(call: PagerCall) -> Answer:
    """Everybody on call within a time (now, unless told), at each level of each escalation policy.

    Shifts are whole ones, also where they begin before that time. A schedule that no policy asks is not looked at.
    """
    since = call.time("since", call.state.clock())
    until = call.time("until", max(since, call.state.clock()))
    if until < since:
        raise invalid("Until must not be before since.")
    found = [each for each in _on_calls(call, since, until) if _is_asked_for(call, each)]
    found.sort(key=lambda each: (each.start.timestamp() if each.start else 0, each.level))
    if call.params.get("earliest") == "true":
        firsts: dict[tuple[str, int, str], OnCall] = {}
        for each in found:
            firsts.setdefault((each.policy.id, each.level, each.user.id), each)
        found = list(firsts.values())
    return call.page("oncalls", found, lambda each: _shape(call, each))


@route("GET", "users")
def list_users(call: PagerCall) -> Answer:
    """Everybody by name; `query` is searched in names and addresses."""
    wanted = str(call.params.get("query", "")).lower()
    found = [each for each in call.account.users.values() if wanted in f"{each.name}\n{each.email}".lower()]
    return call.page("users", sorted(found, key=lambda each: each.name), lambda each: user_shape(call.base, each))


@route("GET", "users/:id")
def get_user(call: PagerCall) -> Answer:
    return json_answer({"user": user_shape(call.base, call.named(call.account.users))})


@route("GET", "abilities")
def list_abilities(_: PagerCall) -> Answer:
    return json_answer({"abilities": ["urgencies", "teams", "read_only_users", "service_support_hours"]})


def _on_calls(call: PagerCall, since: dt.datetime, until: dt.datetime) -> Iterator[OnCall]:
    for policy in call.account.policies.values():
        for number, targets in enumerate(policy.levels, 1):
            for each in targets:
                yield from _asked(policy, number, each, since, until)


def _asked(
    policy: Policy, level: int, target: Schedule | PagerUser, since: dt.datetime, until: dt.datetime
) -> Iterator[OnCall]:
    if isinstance(target, PagerUser):
        yield OnCall(target, policy, level)
        return
    for turn in target.turns(since, until):
        yield OnCall(turn.user, policy, level, target, turn.start, turn.end)


def _is_asked_for(call: PagerCall, found: OnCall) -> bool:
    schedules, policies, users = (call.several(name) for name in ("schedule_ids", "escalation_policy_ids", "user_ids"))
    return (
        (not schedules or (found.schedule.id if found.schedule else "null") in schedules)
        and (not policies or found.policy.id in policies)
        and (not users or found.user.id in users)
    )


def _shape(call: PagerCall, found: OnCall) -> Json:
    """References only, unless `include[]` asks for more."""
    include, base = call.several("include"), call.base
    user = user_shape(base, found.user) if "users" in include else reference(base, "user", found.user)
    policy = reference(base, "escalation_policy", found.policy)
    if "escalation_policies" in include:
        policy = policy_shape(base, found.policy)
    schedule = reference(base, "schedule", found.schedule) if found.schedule else None
    if found.schedule and "schedules" in include:
        schedule = schedule_shape(base, call.account, found.schedule)
    return {
        "user": user,
        "schedule": schedule,
        "escalation_policy": policy,
        "escalation_level": found.level,
        "start": second(found.start) if found.start else None,
        "end": second(found.end) if found.end else None,
    }
