"""Takes the time that was estimated and spent; says whether it is as the rule asks."""

from __future__ import annotations

from typing import ClassVar, Literal

from starkeeper.conditions._amounts import is_set_as
from starkeeper.model.desk import Desk
from starkeeper.model.facts import Facts
from starkeeper.model.resources import Resource, ResourceType
from starkeeper.model.rules import Condition, Rule
from starkeeper.registry import CONDITIONS, Example

EXAMPLES = (
    Example(says="nobody has estimated it", yaml="{estimate: None}", gives=True),
    Example(
        says="estimated, and no time spent (both in seconds)",
        yaml="{estimate: Any, spent: None}",
        gives=False,
        resource={"time_estimate": 7200, "time_spent": 600},
    ),
    Example(
        says="it took longer than estimated",
        yaml="{over_estimate: true}",
        gives=True,
        resource={"time_estimate": 3600, "time_spent": 5400},
    ),
    Example(
        says="without an estimate it cannot", yaml="{over_estimate: true}", gives=False, resource={"time_spent": 5400}
    ),
)


@CONDITIONS.register("time_tracking")
class TimeTracking(Condition, frozen=True, kw_only=True):
    """Time was estimated or spent, or was not; every line that is given must be true.

    `over_estimate: true` means that there is an estimate and more time than that was spent, `false` that it is not so.
    """

    types: ClassVar[frozenset[ResourceType]] = frozenset({"issues", "merge_requests"})

    estimate: Literal["None", "Any"] | None = None
    spent: Literal["None", "Any"] | None = None
    over_estimate: bool | None = None

    def holds(self, resource: Resource, facts: Facts) -> bool:
        if self.estimate and not is_set_as(resource.time_estimate > 0, self.estimate):
            return False
        if self.spent and not is_set_as(resource.time_spent > 0, self.spent):
            return False
        is_over = 0 < resource.time_estimate < resource.time_spent
        return self.over_estimate is None or self.over_estimate is is_over

    def explain(self, resource: Resource, facts: Facts) -> str:
        return f"estimated: {_shown(resource.time_estimate)}, spent: {_shown(resource.time_spent)}"

    def problems(self, desk: Desk, rule: Rule) -> tuple[str, ...]:
        asks_something = any(each is not None for each in (self.estimate, self.spent, self.over_estimate))
        return () if asks_something else ("'time_tracking' asks nothing; write {estimate: None}",)


def _shown(seconds: int) -> str:
    return f"{seconds // 3600} h {seconds % 3600 // 60} min" if seconds > 0 else "nothing"
