"""Takes the other resources that were listed; says whether enough of them meet a filter at the same time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Annotated, Any, ClassVar

from msgspec import Meta, structs

from starkeeper.conditions._groups import group_holds
from starkeeper.errors import nearest
from starkeeper.model.desk import Desk
from starkeeper.model.facets import Facet
from starkeeper.model.facts import Facts, values_of
from starkeeper.model.resources import Resource, ResourceType
from starkeeper.model.rules import Clause, Condition, Rule
from starkeeper.registry import CONDITIONS, Example

EXAMPLES = (
    Example(
        says="another open issue with that label has the same assignee",
        yaml="{same: [assignee], where: {labels: [busy]}}",
        gives=True,
        resource={"assignees": ("kim",)},
        others=({"iid": 1, "assignees": ("kim", "lou"), "labels": ("busy",)},),
    ),
    Example(
        says="two are asked for, and there is one",
        yaml="{at_least: 2}",
        gives=False,
        others=({"iid": 1},),
    ),
    Example(
        says="closed ones do not count",
        yaml="{}",
        gives=False,
        others=({"iid": 1, "state": "closed"},),
    ),
)


@CONDITIONS.register("concurrent")
class Concurrent(Condition, frozen=True, kw_only=True):
    """At least so many other open issues meet a filter now: those of this tracker, or of the `tracker` that is named.

    `where` are conditions on the others; each in `same` must have one value on both: `assignee` (one of several is
    enough), `author`, or a field of the form. With `at_most: 0` there is no such issue. Templates then know `others`,
    oldest first.
    """

    types: ClassVar[frozenset[ResourceType]] = frozenset({"issues"})
    bound: ClassVar[frozenset[str]] = frozenset({"others"})

    tracker: str = ""
    where: tuple[Clause, ...] = ()
    same: tuple[str, ...] = ()
    at_least: Annotated[int, Meta(ge=1)] | None = None
    at_most: Annotated[int, Meta(ge=0)] | None = None

    @property
    def facets(self) -> frozenset[Facet]:
        return frozenset(facet for each in self.where for facet in each.condition.facets)

    def holds(self, resource: Resource, facts: Facts) -> bool:
        least = self.at_least if self.at_least is not None else 0 if self.at_most is not None else 1
        # No more are looked at than decide it.
        enough = least if self.at_most is None else self.at_most + 1
        found = sum(1 for _ in islice(self._others(resource, facts), enough))
        return found >= least and (self.at_most is None or found <= self.at_most)

    def explain(self, resource: Resource, facts: Facts) -> str:
        found = [each.reference for each in self._others(resource, facts)]
        return f"{len(found)} at the same time" + (f": {', '.join(found[:5])}" if found else "")

    def binds(self, resource: Resource, facts: Facts) -> Mapping[str, Any]:
        return {"others": tuple(self._others(resource, facts))}

    def looks_at(self, rule: Rule) -> frozenset[str]:
        there = structs.replace(rule, trackers=self._trackers(rule))
        beyond = (name for each in self.where for name in each.condition.looks_at(there))
        return frozenset(there.trackers) | frozenset(beyond)

    def problems(self, desk: Desk, rule: Rule) -> tuple[str, ...]:
        there = structs.replace(rule, trackers=self._trackers(rule))
        found = [text for each in self.where for text in each.condition.problems(desk, there)]
        if self.tracker and self.tracker not in desk.trackers:
            found.append(f"there is no tracker '{self.tracker}' in desk.yml; {nearest(self.tracker, desk.trackers)}")
        known = {name for each in there.trackers if each in desk.trackers for name in _same_names(desk, each)}
        for name in self.same:
            if known and name not in known:
                found.append(f"issues cannot have the same '{name}'; {nearest(name, known)}")
        return tuple(found)

    def _trackers(self, rule: Rule) -> tuple[str, ...]:
        return (self.tracker,) if self.tracker else rule.trackers

    def _others(self, resource: Resource, facts: Facts) -> Iterator[Resource]:
        tracker = self.tracker or resource.tracker
        others = facts.opened(tracker, resource.type)
        if self.same:
            others = facts.opened_with(tracker, resource.type, self.same[0], values_of(resource, self.same[0]))
        for each in others:
            is_same = all(values_of(each, name) & values_of(resource, name) for name in self.same[1:])
            if is_same and each.key != resource.key and group_holds(self.where, each, facts):
                yield each


def _same_names(desk: Desk, tracker: str) -> frozenset[str]:
    return desk.trackers[tracker].field_names | {"assignee", "author"}
