"""Takes an issue's author; says whether it is the one that the rule names."""

from __future__ import annotations

from starkeeper.model.facts import Facts
from starkeeper.model.resources import Issue
from starkeeper.model.rules import Condition
from starkeeper.registry import CONDITIONS, Example

EXAMPLES = (
    Example(says="opened by ivy", yaml="ivy", gives=True, issue={"author": "ivy"}),
    Example(says="opened by somebody else", yaml="ivy", gives=False, issue={"author": "sam"}),
    Example(says="the account was deleted", yaml="ivy", gives=False, issue={"author": None}),
)


@CONDITIONS.register("author_username")
class AuthorUsername(Condition, frozen=True):
    """The issue was opened by the account of this user name (without the `@`)."""

    value: str

    def holds(self, issue: Issue, facts: Facts) -> bool:
        return issue.author is not None and issue.author.username.casefold() == self.value.lstrip("@").casefold()

    def explain(self, issue: Issue, facts: Facts) -> str:
        return f"it was opened by {issue.author.username}" if issue.author else "its author is gone"

    def asks(self) -> frozenset[tuple[str, str]]:
        return frozenset({("author_username", self.value.lstrip("@"))})
