"""The state of a pass: the resources as the rules so far would leave them, and what was found on the way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from starkeeper.evaluate.shelves import Place, Shelf
from starkeeper.model.decisions import Decision
from starkeeper.model.facets import Facet
from starkeeper.model.facts import Facts
from starkeeper.model.plan import Change, Failure, Notice
from starkeeper.model.resources import Resource, ResourceKey, Subject
from starkeeper.model.rules import Renderer, Rule

Excluded = frozenset[tuple[str, str, ResourceKey]]
"""Rule name, tracker and key of each resource on which that rule is not to be asked."""


class Shortlist:
    """Which resources each rule still has to look at, as long as these are as they were read.

    What a rule turned down as it was read, without a facet that was missing, it turns down again.
    """

    def __init__(self) -> None:
        self._open: dict[tuple[int, Place], tuple[frozenset[int], list[int]]] = {}

    def of(self, rule: Rule, place: Place) -> set[int] | None:
        """Positions; None where the rule has not been asked yet."""
        undecided, changed = self._open.get((id(rule), place), (None, []))
        return None if undecided is None else {*undecided, *changed}

    def keep(self, rule: Rule, place: Place, undecided: Iterable[int], changed: Iterable[int]) -> None:
        """Remembers what a first pass left open; `rule` must live as long as this does.

        `changed` are those that an earlier rule had changed by then: what they are turned down for may not last.
        """
        if (id(rule), place) not in self._open:
            self._open[id(rule), place] = frozenset(undecided), list(changed)


class Pass:
    """What the rules of one pass have in common."""

    def __init__(
        self, rules: Sequence[Rule], facts: Facts, render: Renderer, excluded: Excluded, shortlist: Shortlist
    ) -> None:
        self.facts = facts
        self.render = render
        self.rules = rules
        self.excluded = excluded
        self.shortlist = shortlist
        by_place: dict[Place, list[Resource]] = {}
        for resource in facts.resources:
            by_place.setdefault((resource.tracker, resource.type), []).append(resource)
        self.shelves = {place: Shelf(resources) for place, resources in by_place.items()}
        self.decisions: list[Decision] = []
        self.gathered: list[Change] = []
        self.errors: dict[Failure, None] = {}
        self.notices: dict[Notice, None] = {}
        self.needs: set[tuple[Facet, Subject]] = set()
        self.untold: set[tuple[int, str]] = set()
        self.waiting: dict[ResourceKey, list[Rule]] = {}
        self.left: set[ResourceKey] = set()

    def knows_all(self, rule: Rule, tracker: str) -> bool:
        """Whether all resources that the rule is for were read, and it could be told of each whether the rule holds."""
        unread = any(each.tracker == tracker and each.type == rule.type for each in self.facts.failures)
        return not unread and (id(rule), tracker) not in self.untold
