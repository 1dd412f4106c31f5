"""Takes the labels of a resource; says whether there are none beyond those that the same rule asks for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

from msgspec import structs

from starkeeper.conditions.labels import Labels
from starkeeper.model.facts import Facts
from starkeeper.model.resources import Resource
from starkeeper.model.rules import Condition, Kind
from starkeeper.model.values import LabelPattern
from starkeeper.registry import CONDITIONS, Example

EXAMPLES = (
    Example(says="nothing but a bug", yaml="[bug]", gives=True, resource={"labels": ("bug",)}),
    Example(says="one label more", yaml="[bug]", gives=False, resource={"labels": ("bug", "ux")}),
    Example(says="an issue without labels has none more", yaml="[bug]", gives=True),
)


@CONDITIONS.register("no_additional_labels")
class NoAdditionalLabels(Condition, frozen=True):
    """It carries no label beyond these.

    Write `true` to mean the labels of the `labels` condition beside it, which must then be there; `false` asks
    nothing. A list of labels or patterns stands alone.
    """

    value: bool | tuple[LabelPattern, ...]
    _listed: tuple[LabelPattern, ...] = ()

    def beside(self, others: Mapping[str, Kind]) -> Self:
        if self.value is not True:
            return self
        labels = others.get("labels")
        if not isinstance(labels, Labels):
            raise ValueError("'no_additional_labels: true' needs 'labels' beside it to say which labels there may be")
        return structs.replace(self, _listed=labels.value)

    def holds(self, resource: Resource, facts: Facts) -> bool:
        return self.value is False or not self._more(resource)

    def explain(self, resource: Resource, facts: Facts) -> str:
        more = self._more(resource)
        return f"it also carries {', '.join(more)}" if more else "it carries no other label"

    def _more(self, resource: Resource) -> list[str]:
        allowed = self._listed if isinstance(self.value, bool) else self.value
        return [label for label in resource.labels if not any(pattern.matching((label,)) for pattern in allowed)]
