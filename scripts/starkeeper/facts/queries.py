"""Takes a tracker and its rules; gives the list queries that hold everything that a rule may need, and few more."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from starkeeper.model.desk import Tracker
from starkeeper.model.resources import ResourceType
from starkeeper.model.rules import Rule

_OPEN: frozenset[tuple[str, str]] = frozenset({("state", "opened")})


def queries_for(
    tracker: Tracker, type: ResourceType, rules: Sequence[Rule], now: dt.datetime, *, is_compared: bool = False
) -> tuple[Mapping[str, str], ...]:
    """One query, narrowed by what all rules ask for alike.

    Where issues are compared with each other (`same_by`) the open ones are all read, and of the closed ones those of
    the last `history_days`. Where `is_compared` all open ones are read at least, whatever the rules agree on.
    """
    agreed = frozenset.intersection(*(_asked(rule) for rule in rules)) if rules else _OPEN
    if is_compared:
        agreed &= _OPEN
    if not tracker.same_by or type != "issues":
        return (_params(agreed),)
    if ("state", "opened") not in agreed:
        return ({},)
    since = (now - dt.timedelta(days=tracker.history_days)).strftime("%Y-%m-%dT%H:%M:%SZ")
    return ({"state": "opened"}, {"state": "closed", "updated_after": since})


def _asked(rule: Rule) -> frozenset[tuple[str, str]]:
    return frozenset(pair for clause in rule.conditions for pair in clause.condition.asks())


def _params(pairs: frozenset[tuple[str, str]]) -> Mapping[str, str]:
    labels = sorted(value for name, value in pairs if name == "labels")
    params = {name: value for name, value in sorted(pairs) if name != "labels"}
    return {**params, "labels": ",".join(labels)} if labels else params
