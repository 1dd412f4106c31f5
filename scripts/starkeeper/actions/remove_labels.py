"""Takes a resource on which a rule holds; gives the labels to take off that it carries."""

from __future__ import annotations

from starkeeper.model.plan import LabelsStep, Step
from starkeeper.model.rules import Action, Match, Renderer
from starkeeper.model.values import LabelPattern
from starkeeper.registry import ACTIONS, Example

EXAMPLES = (
    Example(
        says="one of two is there",
        yaml="[stale, frozen]",
        gives=[{"action": "labels", "add": [], "remove": ["stale"]}],
        resource={"labels": ("stale", "bug")},
    ),
    Example(says="already so, nothing to do", yaml="[stale]", gives=[], resource={"labels": ("bug",)}),
    Example(
        says="a whole scope",
        yaml='["intake::*"]',
        gives=[{"action": "labels", "add": [], "remove": ["intake::malformed-title"]}],
        resource={"labels": ("intake::malformed-title",)},
    ),
)


@ACTIONS.register("remove_labels")
class RemoveLabels(Action, frozen=True):
    """Takes these labels off, where it carries them. Patterns and braces mean the same as in conditions."""

    value: tuple[LabelPattern, ...]

    def plan(self, rule: str, match: Match, render: Renderer) -> tuple[Step, ...]:
        carried = [label for pattern in self.value for label in pattern.matching(match.resource.labels)]
        return (LabelsStep(rule=rule, remove=tuple(dict.fromkeys(carried))),) if carried else ()
