"""Takes a merge request; says whether it is a draft."""

from __future__ import annotations

from typing import ClassVar

from starkeeper.model.facts import Facts
from starkeeper.model.resources import MergeRequest, Resource, ResourceType
from starkeeper.model.rules import Condition
from starkeeper.registry import CONDITIONS, Example

EXAMPLES = (
    Example(says="a draft", yaml="true", gives=True, resource={"type": "merge_requests", "draft": True}),
    Example(says="ready for review", yaml="true", gives=False, resource={"type": "merge_requests"}),
    Example(says="no draft is wanted", yaml="false", gives=True, resource={"type": "merge_requests"}),
)


@CONDITIONS.register("draft")
class Draft(Condition, frozen=True):
    """The merge request is a draft (`true`), or is ready (`false`)."""

    types: ClassVar[frozenset[ResourceType]] = frozenset({"merge_requests"})

    value: bool

    def holds(self, resource: Resource, facts: Facts) -> bool:
        return isinstance(resource, MergeRequest) and resource.draft is self.value

    def explain(self, resource: Resource, facts: Facts) -> str:
        return "it is a draft" if isinstance(resource, MergeRequest) and resource.draft else "it is no draft"

    def asks(self) -> frozenset[tuple[str, str]]:
        return frozenset({("wip", "yes" if self.value else "no")})
