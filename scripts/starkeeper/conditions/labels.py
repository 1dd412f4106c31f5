"""Takes an issue's labels; says whether every one that the rule asks for is there."""

from __future__ import annotations

from starkeeper.model.facts import Facts
from starkeeper.model.resources import Issue
from starkeeper.model.rules import Condition
from starkeeper.model.values import LabelPattern
from starkeeper.registry import CONDITIONS, Example

EXAMPLES = (
    Example(says="both are there", yaml="[bug, urgent]", gives=True, issue={"labels": ("bug", "urgent", "ux")}),
    Example(says="one is missing", yaml="[bug, urgent]", gives=False, issue={"labels": ("bug",)}),
    Example(says="any label of a scope", yaml='["star::*"]', gives=True, issue={"labels": ("star::new",)}),
    Example(says="one of several", yaml='["{bug, feature}"]', gives=True, issue={"labels": ("feature",)}),
    Example(says="a sequence", yaml='["week {1..4}"]', gives=False, issue={"labels": ("week 5",)}),
    Example(says="no label at all", yaml="[None]", gives=True),
    Example(says="any label at all", yaml="[Any]", gives=False),
)


@CONDITIONS.register("labels")
class Labels(Condition, frozen=True):
    """The issue carries every one of these labels.

    `*` stands for any run of characters, `{a, b}` for either name, `{1..5}` for any of the numbers. `None` alone means
    that the issue has no label, `Any` that it has at least one. Braces name alternatives within one rule: an issue
    that carries two of them is acted on once.
    """

    value: tuple[LabelPattern, ...]

    def holds(self, issue: Issue, facts: Facts) -> bool:
        return all(_carries(issue, pattern) for pattern in self.value)

    def explain(self, issue: Issue, facts: Facts) -> str:
        missing = [pattern.source for pattern in self.value if not _carries(issue, pattern)]
        carried = ", ".join(issue.labels) or "no label"
        return f"it carries {carried}" + (f"; missing: {', '.join(missing)}" if missing else "")

    def asks(self) -> frozenset[tuple[str, str]]:
        return frozenset(("labels", name) for each in self.value if (name := each.exact) and "," not in name)


def _carries(issue: Issue, pattern: LabelPattern) -> bool:
    if pattern.source in ("None", "Any"):
        return bool(issue.labels) is (pattern.source == "Any")
    return bool(pattern.matching(issue.labels))
