"""Takes the author of a resource; says whether it is the one that the rule names."""

from __future__ import annotations

from typing import ClassVar

from starkeeper.model.facts import Facts
from starkeeper.model.resources import RESOURCE_TYPES, Branch, Resource, ResourceType
from starkeeper.model.rules import Condition
from starkeeper.registry import CONDITIONS, Example

EXAMPLES = (
    Example(says="opened by ivy", yaml="ivy", gives=True, resource={"author": "ivy"}),
    Example(says="opened by somebody else", yaml="ivy", gives=False, resource={"author": "sam"}),
    Example(says="the account was deleted", yaml="ivy", gives=False, resource={"author": None}),
    Example(
        says="the last commit of a branch is hers",
        yaml="Ivy Lane",
        gives=True,
        resource={"type": "branches", "author": "Ivy Lane"},
    ),
)


@CONDITIONS.register("author_username")
class AuthorUsername(Condition, frozen=True):
    """It was opened by the account of this user name (without the `@`).

    A branch has no account that made it: there it is the author of its last commit, by the name in the commit.
    """

    types: ClassVar[frozenset[ResourceType]] = frozenset(RESOURCE_TYPES)

    value: str

    def holds(self, resource: Resource, facts: Facts) -> bool:
        return _author(resource).casefold() == self.value.lstrip("@").casefold()

    def explain(self, resource: Resource, facts: Facts) -> str:
        if resource.author is None:
            return "its author is gone"
        verb = "its last commit is" if isinstance(resource, Branch) else "it was opened"
        return f"{verb} by {_author(resource)}"

    def asks(self) -> frozenset[tuple[str, str]]:
        return frozenset({("author_username", self.value.lstrip("@"))})


def _author(resource: Resource) -> str:
    if resource.author is None:
        return ""
    return (resource.author.name if isinstance(resource, Branch) else "") or resource.author.username
