"""Takes the labels of a resource; says whether none of those that the rule forbids is there."""

from __future__ import annotations

from starkeeper.model.facts import Facts
from starkeeper.model.resources import Resource
from starkeeper.model.rules import Condition
from starkeeper.model.values import LabelPattern
from starkeeper.registry import CONDITIONS, Example

EXAMPLES = (
    Example(says="none of them is there", yaml="[stale, frozen]", gives=True, resource={"labels": ("bug",)}),
    Example(says="one is enough to exclude", yaml="[stale, frozen]", gives=False, resource={"labels": ("frozen",)}),
    Example(says="nothing of a scope", yaml='["star::*"]', gives=False, resource={"labels": ("star::new",)}),
    Example(says="braces work here too", yaml='["{stale, frozen}"]', gives=False, resource={"labels": ("stale",)}),
)


@CONDITIONS.register("forbidden_labels")
class ForbiddenLabels(Condition, frozen=True):
    """It carries none of these labels; any one of them excludes it.

    Patterns and braces mean the same as under `labels`. (gitlab-triage does not expand braces here, so that an
    exemption written with them never applied; here it does.)
    """

    value: tuple[LabelPattern, ...]

    def holds(self, resource: Resource, facts: Facts) -> bool:
        return not any(pattern.matches(resource.labels) for pattern in self.value)

    def bars(self) -> tuple[LabelPattern, ...]:
        return self.value

    def explain(self, resource: Resource, facts: Facts) -> str:
        carried = [label for pattern in self.value for label in pattern.matching(resource.labels)]
        return f"it carries {', '.join(carried)}" if carried else "it carries none of them"
