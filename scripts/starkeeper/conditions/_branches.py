"""What `source_branch` and `target_branch` share: a branch of a merge request by name, `*` for any characters."""

from __future__ import annotations

import re
from typing import ClassVar, Literal

from starkeeper.model.facts import Facts
from starkeeper.model.resources import MergeRequest, Resource, ResourceType
from starkeeper.model.rules import Condition


class BranchCondition(Condition, frozen=True):
    """A kind whose key is the name of the branch that it looks at, of the merge request and of GitLab's list alike."""

    types: ClassVar[frozenset[ResourceType]] = frozenset({"merge_requests"})
    attribute: ClassVar[Literal["source_branch", "target_branch"]]
    verb: ClassVar[str]

    value: str

    def holds(self, resource: Resource, facts: Facts) -> bool:
        return isinstance(resource, MergeRequest) and _is_named(getattr(resource, self.attribute), self.value)

    def explain(self, resource: Resource, facts: Facts) -> str:
        return f"it {self.verb} {getattr(resource, self.attribute, 'no branch')}"

    def asks(self) -> frozenset[tuple[str, str]]:
        return frozenset() if "*" in self.value else frozenset({(self.attribute, self.value)})


def _is_named(name: str, wanted: str) -> bool:
    """Whether the whole name is as wanted; small and capital letters differ, as in Git."""
    return re.fullmatch(".*".join(map(re.escape, wanted.split("*"))), name, re.DOTALL) is not None
