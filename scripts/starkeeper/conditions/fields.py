"""Takes the fields found in a form or title; says whether they have the values that the rule asks for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from starkeeper.errors import nearest
from starkeeper.model.desk import Desk
from starkeeper.model.facts import Facts
from starkeeper.model.resources import RESOURCE_TYPES, Resource, ResourceType
from starkeeper.model.rules import Condition, Rule
from starkeeper.registry import CONDITIONS, Example

EXAMPLES = (
    Example(says="one value", yaml="{urgency: urgent}", gives=True, resource={"fields": {"urgency": "urgent"}}),
    Example(says="one of several", yaml="{form: [saas, l-and-r]}", gives=False, resource={"fields": {"form": "other"}}),
    Example(says="it was not filled in", yaml="{ticket: None}", gives=True),
    Example(says="whatever was filled in", yaml="{ticket: Any}", gives=True, resource={"fields": {"ticket": "123456"}}),
)


@CONDITIONS.register("fields")
class Fields(Condition, frozen=True):
    """Fields of its form or title have these values; of a list, any one of them.

    desk.yml says for each tracker which headings and which parts of the title become fields, and what their values
    are called. `None` means that the field is empty or missing, `Any` that there is something in it. Upper and lower
    case are one.
    """

    types: ClassVar[frozenset[ResourceType]] = frozenset(RESOURCE_TYPES)

    value: Mapping[str, str | tuple[str, ...]]

    def holds(self, resource: Resource, facts: Facts) -> bool:
        return all(_is(resource.fields.get(name, ""), wanted) for name, wanted in self.value.items())

    def explain(self, resource: Resource, facts: Facts) -> str:
        unlike = [name for name, wanted in self.value.items() if not _is(resource.fields.get(name, ""), wanted)]
        return f"not as asked: {', '.join(unlike)}" if unlike else "all as asked"

    def problems(self, desk: Desk, rule: Rule) -> tuple[str, ...]:
        known = {name for each in rule.trackers if each in desk.trackers for name in desk.trackers[each].field_names}
        return tuple(
            f"no tracker of this rule has a field '{name}'" + (f"; {hint}" if (hint := nearest(name, known)) else "")
            for name in self.value
            if name not in known
        )


def _is(value: str, wanted: str | tuple[str, ...]) -> bool:
    if isinstance(wanted, tuple):
        return any(_is(value, each) for each in wanted)
    if wanted in ("None", "Any"):
        return bool(value) is (wanted == "Any")
    return value.casefold() == wanted.casefold()
