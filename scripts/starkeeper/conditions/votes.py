"""Takes the votes on a resource; says whether there are more, or fewer, than a threshold."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from msgspec import Meta

from starkeeper.conditions._amounts import passes
from starkeeper.model.facts import Facts
from starkeeper.model.resources import Resource, ResourceType
from starkeeper.model.rules import Condition
from starkeeper.registry import CONDITIONS, Example

EXAMPLES = (
    Example(
        says="more than ten",
        yaml="{attribute: upvotes, condition: greater_than, threshold: 10}",
        gives=True,
        resource={"upvotes": 11},
    ),
    Example(
        says="ten are not more than ten",
        yaml="{attribute: upvotes, condition: greater_than, threshold: 10}",
        gives=False,
        resource={"upvotes": 10},
    ),
    Example(
        says="nobody voted it down",
        yaml="{attribute: downvotes, condition: less_than, threshold: 1}",
        gives=True,
        resource={"upvotes": 3},
    ),
)


@CONDITIONS.register("votes")
class Votes(Condition, frozen=True, kw_only=True):
    """It has more, or fewer, votes of one kind than a threshold; the threshold itself is neither."""

    types: ClassVar[frozenset[ResourceType]] = frozenset({"issues", "merge_requests"})

    attribute: Literal["upvotes", "downvotes"]
    condition: Literal["less_than", "greater_than"]
    threshold: Annotated[int, Meta(ge=0)]

    def holds(self, resource: Resource, facts: Facts) -> bool:
        return passes(self._votes(resource), self.condition, self.threshold)

    def explain(self, resource: Resource, facts: Facts) -> str:
        return f"it has {self._votes(resource)} {self.attribute}"

    def _votes(self, resource: Resource) -> int:
        return resource.upvotes if self.attribute == "upvotes" else resource.downvotes
