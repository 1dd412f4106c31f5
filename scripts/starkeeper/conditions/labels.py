"""Takes the labels of a resource; says whether every one that the rule asks for is there."""

from __future__ import annotations

from starkeeper.model.facts import Facts
from starkeeper.model.resources import Resource
from starkeeper.model.rules import Condition
from starkeeper.model.values import LabelPattern
from starkeeper.registry import CONDITIONS, Example

EXAMPLES = (
    Example(says="both are there", yaml="[bug, urgent]", gives=True, resource={"labels": ("bug", "urgent", "ux")}),
    Example(says="one is missing", yaml="[bug, urgent]", gives=False, resource={"labels": ("bug",)}),
    Example(says="any label of a scope", yaml='["star::*"]', gives=True, resource={"labels": ("star::new",)}),
    Example(says="one of several", yaml='["{bug, feature}"]', gives=True, resource={"labels": ("feature",)}),
    Example(says="a sequence", yaml='["week {1..4}"]', gives=False, resource={"labels": ("week 5",)}),
    Example(says="no label at all", yaml="[None]", gives=True),
    Example(says="any label at all", yaml="[Any]", gives=False),
)


@CONDITIONS.register("labels")
class Labels(Condition, frozen=True):
    """It carries every one of these labels.

    `*` stands for any run of characters, `{a, b}` for either name, `{1..5}` for any of the numbers. `None` alone, in
    any case, means that it has no label, `Any` that it has at least one. Braces name alternatives within one rule:
    what carries two of them is acted on once.
    """

    value: tuple[LabelPattern, ...]

    def holds(self, resource: Resource, facts: Facts) -> bool:
        return all(_carries(resource, pattern) for pattern in self.value)

    def explain(self, resource: Resource, facts: Facts) -> str:
        missing = [pattern.source for pattern in self.value if not _carries(resource, pattern)]
        carried = ", ".join(resource.labels) or "no label"
        return f"it carries {carried}" + (f"; missing: {', '.join(missing)}" if missing else "")

    def asks(self) -> frozenset[tuple[str, str]]:
        names = (each.word or each.exact for each in self.value)
        return frozenset(("labels", name) for name in names if name and "," not in name)


def _carries(resource: Resource, pattern: LabelPattern) -> bool:
    if pattern.word:
        return bool(resource.labels) is (pattern.word == "Any")
    return pattern.matches(resource.labels)
