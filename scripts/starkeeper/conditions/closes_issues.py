"""Takes the issues that a merge request closes once it is merged; says whether they are as many as the rule asks."""

from __future__ import annotations

from typing import ClassVar, Literal

from starkeeper.conditions._amounts import Count, is_as_many, is_set_as
from starkeeper.model.facets import Facet
from starkeeper.model.facts import Facts
from starkeeper.model.resources import Resource, ResourceType
from starkeeper.model.rules import Condition
from starkeeper.registry import CONDITIONS, Example

EXAMPLES = (
    Example(
        says="it closes one",
        yaml="Any",
        gives=True,
        resource={"type": "merge_requests"},
        closes_issues=("support/star#12",),
    ),
    Example(says="it closes none", yaml="Any", gives=False, resource={"type": "merge_requests"}),
    Example(
        says="at most one",
        yaml="{at_most: 1}",
        gives=False,
        resource={"type": "merge_requests"},
        closes_issues=("support/star#12", "support/star#13"),
    ),
)


@CONDITIONS.register("closes_issues")
class ClosesIssues(Condition, frozen=True):
    """The merge request closes issues once it is merged: `None`, `Any`, or how many.

    That is read with a request for each merge request for which the other conditions hold.
    """

    types: ClassVar[frozenset[ResourceType]] = frozenset({"merge_requests"})

    value: Literal["None", "Any"] | Count

    @property
    def facets(self) -> frozenset[Facet]:
        return frozenset({"closes_issues"})

    def holds(self, resource: Resource, facts: Facts) -> bool:
        number = len(facts.closes_issues(resource))
        return is_set_as(number > 0, self.value) if isinstance(self.value, str) else is_as_many(number, self.value)

    def explain(self, resource: Resource, facts: Facts) -> str:
        keys = facts.closes_issues(resource)
        return f"it closes {', '.join(map(str, keys))}" if keys else "it closes no issue"
