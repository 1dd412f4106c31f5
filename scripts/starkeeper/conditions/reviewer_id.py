"""Takes the reviewers of a merge request; says whether the account that the rule names is one of them."""

from __future__ import annotations

from typing import ClassVar

from starkeeper.conditions._amounts import NoneOrAny, is_set_as
from starkeeper.model.desk import Desk
from starkeeper.model.facts import Facts
from starkeeper.model.resources import MergeRequest, Resource, ResourceType, User
from starkeeper.model.rules import Condition, Rule
from starkeeper.registry import CONDITIONS, Example

EXAMPLES = (
    Example(
        says="nobody reviews it",
        yaml="none",
        gives=True,
        resource={"type": "merge_requests"},
    ),
    Example(
        says="somebody does",
        yaml="any",
        gives=True,
        resource={"type": "merge_requests", "reviewers": ("kim",)},
    ),
    Example(
        says="not the account of this number",
        yaml="7",
        gives=False,
        resource={"type": "merge_requests", "reviewers": ("kim",)},
    ),
)


@CONDITIONS.register("reviewer_id")
class ReviewerId(Condition, frozen=True):
    """The account of this number is a reviewer of the merge request; `none` and `any` ask whether it has one at all."""

    types: ClassVar[frozenset[ResourceType]] = frozenset({"merge_requests"})

    value: int | NoneOrAny

    def holds(self, resource: Resource, facts: Facts) -> bool:
        reviewers = _reviewers(resource)
        if isinstance(self.value, str):
            return is_set_as(bool(reviewers), self.value)
        return self.value in {each.id for each in reviewers}

    def explain(self, resource: Resource, facts: Facts) -> str:
        names = ", ".join(f"{each.username} ({each.id})" for each in _reviewers(resource))
        return f"reviewed by {names}" if names else "it has no reviewer"

    def problems(self, desk: Desk, rule: Rule) -> tuple[str, ...]:
        if isinstance(self.value, str) or self.value > 0:
            return ()
        return (f"no account has the number {self.value}; write none for nobody",)

    def asks(self) -> frozenset[tuple[str, str]]:
        return frozenset({("reviewer_id", str(self.value).capitalize())})


def _reviewers(resource: Resource) -> tuple[User, ...]:
    return resource.reviewers if isinstance(resource, MergeRequest) else ()
