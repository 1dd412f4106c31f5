"""Takes an issue's state; says whether it is the one that the rule is for."""

from __future__ import annotations

from typing import Literal

from starkeeper.model.facts import Facts
from starkeeper.model.resources import Issue
from starkeeper.model.rules import Condition
from starkeeper.registry import CONDITIONS, Example

EXAMPLES = (
    Example(says="an open issue", yaml="opened", gives=True),
    Example(says="a closed issue is not opened", yaml="opened", gives=False, issue={"state": "closed"}),
)


@CONDITIONS.register("state")
class State(Condition, frozen=True):
    """The issue is `opened`, or `closed`. Without this condition a rule looks at both."""

    value: Literal["opened", "closed"]

    def holds(self, issue: Issue, facts: Facts) -> bool:
        return issue.state == self.value

    def explain(self, issue: Issue, facts: Facts) -> str:
        return f"it is {issue.state}"

    def asks(self) -> frozenset[tuple[str, str]]:
        return frozenset({("state", self.value)})
