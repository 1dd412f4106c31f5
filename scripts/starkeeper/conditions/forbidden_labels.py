"""Takes an issue's labels; says whether none of those that the rule forbids is there."""

from __future__ import annotations

from starkeeper.model.facts import Facts
from starkeeper.model.resources import Issue
from starkeeper.model.rules import Condition
from starkeeper.model.values import LabelPattern
from starkeeper.registry import CONDITIONS, Example

EXAMPLES = (
    Example(says="none of them is there", yaml="[stale, frozen]", gives=True, issue={"labels": ("bug",)}),
    Example(says="one is enough to exclude", yaml="[stale, frozen]", gives=False, issue={"labels": ("frozen",)}),
    Example(says="nothing of a scope", yaml='["star::*"]', gives=False, issue={"labels": ("star::new",)}),
    Example(says="braces work here too", yaml='["{stale, frozen}"]', gives=False, issue={"labels": ("stale",)}),
)


@CONDITIONS.register("forbidden_labels")
class ForbiddenLabels(Condition, frozen=True):
    """The issue carries none of these labels; any one of them excludes it.

    Patterns and braces mean the same as under `labels`. (gitlab-triage does not expand braces here, so that an
    exemption written with them never applied; here it does.)
    """

    value: tuple[LabelPattern, ...]

    def holds(self, issue: Issue, facts: Facts) -> bool:
        return not any(pattern.matching(issue.labels) for pattern in self.value)

    def explain(self, issue: Issue, facts: Facts) -> str:
        carried = [label for pattern in self.value for label in pattern.matching(issue.labels)]
        return f"it carries {', '.join(carried)}" if carried else "it carries none of them"
