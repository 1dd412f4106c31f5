"""Takes conditions and a resource; says when they would begin to hold if nothing but time happens to it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from msgspec import structs

from starkeeper.model.facts import Facts
from starkeeper.model.resources import Resource
from starkeeper.model.rules import Clause

_HORIZON = dt.timedelta(days=366)
# A day's step for a year, and a good many openings and closings.
_MOST_LOOKS = 1_000


def foresee(clauses: Iterable[Clause], resource: Resource, facts: Facts) -> dt.datetime | None:
    """The first instant from now on at which all of them hold; None where there is none within a year.

    Each condition names the next instant at which its answer may change; there all are asked anew, and may raise.
    """
    clauses = tuple(clauses)
    if any(_never_holds(clause, resource, facts) for clause in clauses):
        return None
    at = facts.now
    for _ in range(_MOST_LOOKS):
        then = structs.replace(facts, now=at)
        if all(clause.condition.holds(resource, then) for clause in clauses):
            return at
        turns = [turn for clause in clauses if (turn := clause.condition.next_change(resource, then))]
        later = [turn for turn in turns if turn > at]
        if not later or min(later) > facts.now + _HORIZON:
            return None
        at = min(later)
    return None


def _never_holds(clause: Clause, resource: Resource, facts: Facts) -> bool:
    """Whether it does not hold, and time alone does not change that: then the others need not be asked again."""
    holds = clause.condition.holds(resource, facts)
    return not holds and clause.condition.next_change(resource, facts) is None
