"""Takes the milestone of a resource; says whether it is one of those that the rule names."""

from __future__ import annotations

from typing import ClassVar

from starkeeper.model.desk import Desk
from starkeeper.model.facts import Facts
from starkeeper.model.resources import Milestone, Resource, ResourceType
from starkeeper.model.rules import Condition, Rule
from starkeeper.registry import CONDITIONS, Example

EXAMPLES = (
    Example(says="by title", yaml='"18.7"', gives=True, resource={"milestone": {"title": "18.7"}}),
    Example(says="without a milestone", yaml="none", gives=True),
    Example(says="with any milestone", yaml="any", gives=False),
    Example(
        says="an open milestone that has begun",
        yaml="started",
        gives=True,
        resource={"milestone": {"title": "18.7", "start_date": "2026-12-01", "due_date": "2026-12-18"}},
    ),
    Example(
        says="an open milestone that falls due later",
        yaml="upcoming",
        gives=False,
        resource={"milestone": {"title": "18.6", "due_date": "2026-11-20"}},
    ),
)
_OLD_WORDS = {"no milestone": "none", "any milestone": "any", "#started": "started", "#upcoming": "upcoming"}


@CONDITIONS.register("milestone")
class MilestoneIs(Condition, frozen=True):
    """It has this milestone, by title; of a list, any one of them.

    `none` and `any` (in any case) ask whether it has one at all; `started` means an open milestone whose start date
    has come, `upcoming` an open milestone that falls due after today. Today is the day in UTC. The older words for
    these, `No Milestone`, `Any Milestone`, `#started` and `#upcoming`, mean the same.
    """

    types: ClassVar[frozenset[ResourceType]] = frozenset({"issues", "merge_requests"})

    value: str | tuple[str, ...]

    def holds(self, resource: Resource, facts: Facts) -> bool:
        wanted = (self.value,) if isinstance(self.value, str) else self.value
        return any(_is(resource.milestone, each, facts) for each in wanted)

    def problems(self, desk: Desk, rule: Rule) -> tuple[str, ...]:
        wanted = (self.value,) if isinstance(self.value, str) else self.value
        return () if wanted and all(wanted) else ("'milestone' names none; write a title, none or any",)

    def explain(self, resource: Resource, facts: Facts) -> str:
        return f"its milestone is {resource.milestone.title}" if resource.milestone else "it has no milestone"


def _is(milestone: Milestone | None, wanted: str, facts: Facts) -> bool:
    word = _OLD_WORDS.get(wanted.casefold(), wanted.casefold())
    if word in ("none", "any"):
        return (milestone is not None) is (word == "any")
    if milestone is None:
        return False
    today = facts.now.date()
    if word == "started":
        return milestone.state == "active" and milestone.start_date is not None and milestone.start_date <= today
    if word == "upcoming":
        return milestone.state == "active" and milestone.due_date is not None and milestone.due_date > today
    return milestone.title == wanted
