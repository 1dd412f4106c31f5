"""Takes the other resources that were listed; says whether enough of them meet a filter at the same time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar

from msgspec import Meta

from starkeeper.conditions._groups import group_holds
from starkeeper.errors import nearest
from starkeeper.model.desk import Desk
from starkeeper.model.facts import Facet, Facts
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
        found = sum(1 for _ in self._others(resource, facts))
        if self.at_most is not None and found > self.at_most:
            return False
        return found >= (self.at_least if self.at_least is not None else 0 if self.at_most is not None else 1)

    def explain(self, resource: Resource, facts: Facts) -> str:
        found = [each.reference for each in self._others(resource, facts)]
        return f"{len(found)} at the same time" + (f": {', '.join(found[:5])}" if found else "")

    def binds(self, resource: Resource, facts: Facts) -> Mapping[str, Any]:
        return {"others": tuple(sorted(self._others(resource, facts), key=lambda each: (each.created_at, each.iid)))}

    def looks_at(self, rule: Rule) -> frozenset[str]:
        return frozenset({self.tracker}) if self.tracker else frozenset(rule.trackers)

    def problems(self, desk: Desk, rule: Rule) -> tuple[str, ...]:
        found = [text for each in self.where for text in each.condition.problems(desk, rule)]
        if self.tracker and self.tracker not in desk.trackers:
            found.append(f"there is no tracker '{self.tracker}' in desk.yml; {nearest(self.tracker, desk.trackers)}")
        known = {name for each in self.looks_at(rule) if each in desk.trackers for name in _same_names(desk, each)}
        for name in self.same:
            if known and name not in known:
                found.append(f"issues cannot have the same '{name}'; {nearest(name, known)}")
        return tuple(found)

    def _others(self, resource: Resource, facts: Facts) -> Iterator[Resource]:
        tracker = self.tracker or resource.tracker
        for each in facts.resources:
            is_other = each.tracker == tracker and each.type == resource.type and each.key != resource.key
            is_meant = is_other and each.state == "opened" and all(_is_same(name, each, resource) for name in self.same)
            if is_meant and group_holds(self.where, each, facts):
                yield each


def _same_names(desk: Desk, tracker: str) -> frozenset[str]:
    return desk.trackers[tracker].field_names | {"assignee", "author"}


def _is_same(name: str, one: Resource, other: Resource) -> bool:
    if name == "assignee":
        return bool(_names(one) & _names(other))
    if name == "author":
        return one.author is not None and other.author is not None and one.author.username == other.author.username
    return bool(one.fields.get(name)) and one.fields.get(name) == other.fields.get(name)


def _names(resource: Resource) -> set[str]:
    return {user.username.casefold() for user in resource.assignees}
