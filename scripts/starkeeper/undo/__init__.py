"""Takes the journal of a run and what is true now; gives the plan that takes back what nobody has touched since."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from msgspec import Struct

from starkeeper.model.facets import Facet, FacetNeeded
from starkeeper.model.facts import Facts
from starkeeper.model.journal import Journal
from starkeeper.model.plan import Failure, Plan
from starkeeper.model.resources import Subject
from starkeeper.undo.choose import check_account, check_places, chosen
from starkeeper.undo.doings import doings_of
from starkeeper.undo.read import read_done
from starkeeper.undo.restore import Undone, undo_doing
from starkeeper.undo.stays import stays

__all__ = ["Undoing", "check_account", "check_places", "chosen", "plan_undo", "read_done"]


class Undoing(Struct, frozen=True):
    """The plan; where `needs` is not empty it is unfinished: read those facets and ask again."""

    plan: Plan
    needs: frozenset[tuple[Facet, Subject]] = frozenset()


def plan_undo(journal: Journal, earlier: Iterable[Journal], facts: Facts, policies_digest: str) -> Undoing:
    """One change for each resource that the run changed and that can be brought back; of all else a notice says why.

    `earlier` are the journals of runs that took this one back before: what they did is nobody's touching.
    """
    resources = {each.key: each for each in facts.resources}
    before = frozenset((each.key, each.action) for one in earlier for each in one.entries if each.result == "applied")
    undone: list[Undone] = []
    needs: set[tuple[Facet, Subject]] = set()
    for doing in doings_of(journal):
        resource = resources.get(doing.key)
        if resource is None:
            continue
        try:
            undone.append(undo_doing(doing, resource, facts, journal.header, before))
        except FacetNeeded as need:
            needs |= need.needs
    return Undoing(_plan(journal, undone, facts, policies_digest), frozenset(needs))


def _plan(journal: Journal, undone: list[Undone], facts: Facts, policies_digest: str) -> Plan:
    changes = tuple(each.change for each in undone if each.change)
    left = tuple(notice for each in undone for notice in each.left)
    return Plan(
        now=facts.now.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        policies=policies_digest,
        changes=changes,
        errors=tuple(Failure(where=f"tracker '{each.tracker}'", what=each.why) for each in facts.failures),
        notices=(*left, *stays(journal)),
    )
