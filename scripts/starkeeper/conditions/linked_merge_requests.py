"""Takes the merge requests of an issue; says whether they are as many, and in the state, that the rule asks for."""

from __future__ import annotations

from typing import ClassVar, Literal

from starkeeper.conditions._amounts import Count, is_as_many, is_set_as
from starkeeper.model.facets import Facet
from starkeeper.model.facts import Facts
from starkeeper.model.resources import Issue, Resource, ResourceType
from starkeeper.model.rules import Condition
from starkeeper.registry import CONDITIONS, Example

EXAMPLES = (
    Example(says="nobody is on it yet", yaml="None", gives=True),
    Example(says="one that will close it", yaml="Any", gives=True, resource={"merge_requests_count": 1}),
    Example(says="two or more", yaml="{at_least: 2}", gives=False, resource={"merge_requests_count": 1}),
    Example(
        says="at least one of them is merged",
        yaml="{state: merged}",
        gives=True,
        merge_requests=("closed", "merged"),
    ),
    Example(says="none is open any more", yaml="{state: opened, at_most: 0}", gives=False, merge_requests=("opened",)),
)


class Linked(Count, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many there are, and with `state` how many in that state; where no number is said, at least one."""

    state: Literal["opened", "closed", "merged", "locked"] | None = None


@CONDITIONS.register("linked_merge_requests")
class LinkedMergeRequests(Condition, frozen=True):
    """Merge requests belong to the issue: `None`, `Any`, or how many and in what state.

    Without `state` those count that will close the issue, or have closed it, as GitLab's list says. With `state` the
    merge requests are read, which costs a request for each issue in question; those that only mention it count as
    well.
    """

    types: ClassVar[frozenset[ResourceType]] = frozenset({"issues"})

    value: Literal["None", "Any"] | Linked

    @property
    def facets(self) -> frozenset[Facet]:
        return frozenset({"merge_requests"}) if self._state else frozenset()

    def holds(self, resource: Resource, facts: Facts) -> bool:
        number = self._number(resource, facts)
        return is_set_as(number > 0, self.value) if isinstance(self.value, str) else is_as_many(number, self.value)

    def explain(self, resource: Resource, facts: Facts) -> str:
        number, state = self._number(resource, facts), self._state
        return f"{number or 'no'} merge request{'' if number == 1 else 's'}" + (
            f" {state}" if state else " will close it"
        )

    def _number(self, resource: Resource, facts: Facts) -> int:
        if self._state:
            return facts.merge_requests(resource).count(self._state)
        return resource.merge_requests_count if isinstance(resource, Issue) else 0

    @property
    def _state(self) -> str:
        return "" if isinstance(self.value, str) else self.value.state or ""
