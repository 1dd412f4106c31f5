"""Takes the state of a resource; says whether it is the one that the rule is for."""

from __future__ import annotations

from typing import Literal

from starkeeper.model.desk import Desk
from starkeeper.model.facts import Facts
from starkeeper.model.resources import Resource
from starkeeper.model.rules import Condition, Rule
from starkeeper.registry import CONDITIONS, Example

EXAMPLES = (
    Example(says="an open issue", yaml="opened", gives=True),
    Example(says="a closed issue is not opened", yaml="opened", gives=False, resource={"state": "closed"}),
    Example(
        says="a merge request that was merged",
        yaml="merged",
        gives=True,
        resource={"type": "merge_requests", "state": "merged"},
    ),
)


@CONDITIONS.register("state")
class State(Condition, frozen=True):
    """It is `opened` or `closed`; a merge request can also be `merged` or `locked`.

    A merged one is not `closed`. Without this condition a rule looks at all of them.
    """

    value: Literal["opened", "closed", "merged", "locked"]

    def holds(self, resource: Resource, facts: Facts) -> bool:
        return resource.state == self.value

    def explain(self, resource: Resource, facts: Facts) -> str:
        return f"it is {resource.state}"

    def problems(self, desk: Desk, rule: Rule) -> tuple[str, ...]:
        if rule.type == "branches":
            return ("a branch has no state; write merged: true, or merged: false",)
        if self.value in ("opened", "closed") or rule.type == "merge_requests":
            return ()
        return (f"only merge requests can be '{self.value}'; write opened or closed",)

    def asks(self) -> frozenset[tuple[str, str]]:
        return frozenset({("state", self.value)})
