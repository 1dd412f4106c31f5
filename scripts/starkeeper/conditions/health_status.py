"""Takes an issue's health status; says whether it is the one that the rule names."""

from __future__ import annotations

from typing import ClassVar, Literal

from starkeeper.conditions._amounts import NoneOrAny, is_set_as
from starkeeper.model.facts import Facts
from starkeeper.model.resources import Issue, Resource, ResourceType
from starkeeper.model.rules import Condition
from starkeeper.registry import CONDITIONS, Example

EXAMPLES = (
    Example(says="this status", yaml="at_risk", gives=True, resource={"health_status": "at_risk"}),
    Example(says="another one", yaml="at_risk", gives=False, resource={"health_status": "on_track"}),
    Example(says="none was set", yaml="None", gives=True),
    Example(says="whatever was set", yaml="Any", gives=False),
)


@CONDITIONS.register("health_status")
class HealthStatus(Condition, frozen=True):
    """The issue has this health status; `None` and `Any` ask whether it has one at all.

    Health needs a paid edition of GitLab; on the free one no issue has any.
    """

    types: ClassVar[frozenset[ResourceType]] = frozenset({"issues"})

    value: Literal["on_track", "needs_attention", "at_risk"] | NoneOrAny

    def holds(self, resource: Resource, facts: Facts) -> bool:
        status = _status(resource)
        return is_set_as(status is not None, self.value) if self._is_word else status == self.value

    def explain(self, resource: Resource, facts: Facts) -> str:
        return f"its health status is {_status(resource) or 'not set'}"

    def asks(self) -> frozenset[tuple[str, str]]:
        return frozenset({("health_status", self.value.capitalize() if self._is_word else self.value)})

    @property
    def _is_word(self) -> bool:
        return self.value.casefold() in ("none", "any")


def _status(resource: Resource) -> str | None:
    return resource.health_status if isinstance(resource, Issue) else None
