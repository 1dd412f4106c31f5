"""Takes an issue's iteration; says whether it is the one that the rule names."""

from __future__ import annotations

import re
from typing import ClassVar

from starkeeper.conditions._amounts import is_set_as
from starkeeper.model.facts import Facts
from starkeeper.model.resources import Issue, Resource, ResourceType
from starkeeper.model.rules import Condition
from starkeeper.registry import CONDITIONS, Example

EXAMPLES = (
    Example(says="by title", yaml="Week 49", gives=True, resource={"iteration": "Week 49"}),
    Example(says="another one", yaml="Week 49", gives=False, resource={"iteration": "Week 48"}),
    Example(says="without an iteration", yaml="none", gives=True),
    Example(says="with any iteration", yaml="any", gives=False),
)


_DAYS = re.compile(r"\d{4}-\d\d-\d\d - \d{4}-\d\d-\d\d")


@CONDITIONS.register("iteration")
class Iteration(Condition, frozen=True):
    """The issue is in the iteration of this title; `none` and `any` (in any case) ask whether it is in one at all.

    One that has no title goes by its first and last day, `2026-11-30 - 2026-12-06`. Iterations need a paid edition of
    GitLab; on the free one no issue is in any.
    """

    types: ClassVar[frozenset[ResourceType]] = frozenset({"issues"})

    value: str

    def holds(self, resource: Resource, facts: Facts) -> bool:
        iteration = _iteration(resource)
        if self._is_word:
            return is_set_as(iteration is not None, self.value)
        return iteration == self.value

    def explain(self, resource: Resource, facts: Facts) -> str:
        iteration = _iteration(resource)
        return "it is in no iteration" if iteration is None else f"its iteration is {iteration}"

    def asks(self) -> frozenset[tuple[str, str]]:
        if self._is_word:
            return frozenset({("iteration_id", self.value.capitalize())})
        # GitLab finds none that has no title of its own.
        return frozenset() if _DAYS.fullmatch(self.value) else frozenset({("iteration_title", self.value)})

    @property
    def _is_word(self) -> bool:
        return self.value.casefold() in ("none", "any")


def _iteration(resource: Resource) -> str | None:
    return resource.iteration if isinstance(resource, Issue) else None
