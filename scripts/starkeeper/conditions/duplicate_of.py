"""Takes an issue and its tracker; says whether another issue there is about the same thing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from starkeeper.model.desk import Desk
from starkeeper.model.facts import Facts
from starkeeper.model.resources import Resource, ResourceType
from starkeeper.model.rules import Condition, Rule
from starkeeper.registry import CONDITIONS, Example

EXAMPLES = (
    Example(
        says="an older open issue has the same ticket",
        yaml="{}",
        gives=True,
        resource={"fields": {"ticket": "123456"}},
        others=({"iid": 1, "fields": {"ticket": "123456"}, "created_at": "2026-11-30T09:00:00Z"},),
    ),
    Example(
        says="the older one is closed",
        yaml="{state: opened}",
        gives=False,
        resource={"fields": {"ticket": "123456"}},
        others=({"iid": 1, "fields": {"ticket": "123456"}, "created_at": "2026-11-30T09:00:00Z", "state": "closed"},),
    ),
    Example(
        says="seen from the older one",
        yaml="{was_opened: after}",
        gives=True,
        resource={"fields": {"ticket": "123456"}},
        others=({"iid": 99, "fields": {"ticket": "123456"}, "created_at": "2026-12-02T09:10:00Z"},),
    ),
)


@CONDITIONS.register("duplicate_of")
class DuplicateOf(Condition, frozen=True, kw_only=True):
    """Another issue of the tracker is about the same thing: it has the same value in the field that `same_by` names.

    `state` is that of the other issue (`any` for both; closed ones are known for the tracker's `history_days`);
    `was_opened` says whether the other one came `before` or `after`. Templates and actions then know the other one as
    `original`: the oldest that came before, or the newest that came after.
    """

    bound: ClassVar[frozenset[str]] = frozenset({"original"})

    types: ClassVar[frozenset[ResourceType]] = frozenset({"issues"})

    state: Literal["opened", "closed", "any"] = "opened"
    was_opened: Literal["before", "after"] = "before"

    def holds(self, resource: Resource, facts: Facts) -> bool:
        return self._other(resource, facts) is not None

    def explain(self, resource: Resource, facts: Facts) -> str:
        other = self._other(resource, facts)
        return f"{other.reference} is about the same" if other else "no other issue is about the same"

    def binds(self, resource: Resource, facts: Facts) -> Mapping[str, Any]:
        other = self._other(resource, facts)
        return {"original": other} if other else {}

    def problems(self, desk: Desk, rule: Rule) -> tuple[str, ...]:
        return tuple(
            f"tracker '{each}' does not say by which field its issues are the same; give it 'same_by' in desk.yml"
            for each in rule.trackers
            if not (each in desk.trackers and desk.trackers[each].same_by)
        )

    def _other(self, resource: Resource, facts: Facts) -> Resource | None:
        tracker = facts.desk.trackers.get(resource.tracker)
        if tracker is None or not tracker.same_by:
            return None
        born = (resource.created_at, resource.iid)
        others = [
            each
            for each in facts.alike(resource, tracker.same_by)
            if self.state in ("any", each.state)
            and ((each.created_at, each.iid) < born) is (self.was_opened == "before")
        ]
        return (others[0] if self.was_opened == "before" else others[-1]) if others else None
