"""Takes what people wrote on a resource; says whether it is more, or less, than a threshold."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from msgspec import Meta

from starkeeper.conditions._amounts import passes
from starkeeper.model.facets import Facet
from starkeeper.model.facts import Facts
from starkeeper.model.resources import Resource, ResourceType
from starkeeper.model.rules import Condition
from starkeeper.registry import CONDITIONS, Example

EXAMPLES = (
    Example(
        says="more than two threads",
        yaml="{attribute: threads, condition: greater_than, threshold: 2}",
        gives=True,
        threads=3,
    ),
    Example(
        says="five comments are not fewer than five",
        yaml="{attribute: notes, condition: less_than, threshold: 5}",
        gives=False,
        resource={"notes_count": 5},
    ),
)


@CONDITIONS.register("discussions")
class Discussions(Condition, frozen=True, kw_only=True):
    """It has more, or fewer, `threads` or `notes` than a threshold; the threshold itself is neither.

    What GitLab writes itself does not count; what the bot writes does. A comment outside any thread is a thread of its
    own. Notes are counted in the list that is read anyway; threads cost a request.
    """

    types: ClassVar[frozenset[ResourceType]] = frozenset({"issues", "merge_requests"})

    attribute: Literal["threads", "notes"]
    condition: Literal["less_than", "greater_than"]
    threshold: Annotated[int, Meta(ge=0)]

    @property
    def facets(self) -> frozenset[Facet]:
        return frozenset({"threads"}) if self.attribute == "threads" else frozenset()

    def holds(self, resource: Resource, facts: Facts) -> bool:
        return passes(self._number(resource, facts), self.condition, self.threshold)

    def explain(self, resource: Resource, facts: Facts) -> str:
        return f"it has {self._number(resource, facts)} {self.attribute}"

    def _number(self, resource: Resource, facts: Facts) -> int:
        return facts.threads(resource) if self.attribute == "threads" else resource.notes_count
