"""Takes the fields found in an issue's form or title; says whether they have the values that the rule asks for."""

from __future__ import annotations

from collections.abc import Mapping

from starkeeper.errors import nearest
from starkeeper.model.desk import Desk
from starkeeper.model.facts import Facts
from starkeeper.model.resources import Issue
from starkeeper.model.rules import Condition
from starkeeper.registry import CONDITIONS, Example

EXAMPLES = (
    Example(says="one value", yaml="{urgency: urgent}", gives=True, issue={"fields": {"urgency": "urgent"}}),
    Example(says="one of several", yaml="{form: [saas, l-and-r]}", gives=False, issue={"fields": {"form": "other"}}),
    Example(says="it was not filled in", yaml="{ticket: None}", gives=True),
    Example(says="whatever was filled in", yaml="{ticket: Any}", gives=True, issue={"fields": {"ticket": "123456"}}),
)


@CONDITIONS.register("fields")
class Fields(Condition, frozen=True):
    """Fields of the issue's form or title have these values; of a list, any one of them.

    desk.yml says for each tracker which headings and which parts of the title become fields, and what their values
    are called. `None` means that the field is empty or missing, `Any` that there is something in it. Upper and lower
    case are one.
    """

    value: Mapping[str, str | tuple[str, ...]]

    def holds(self, issue: Issue, facts: Facts) -> bool:
        return all(_is(issue.fields.get(name, ""), wanted) for name, wanted in self.value.items())

    def explain(self, issue: Issue, facts: Facts) -> str:
        unlike = [name for name, wanted in self.value.items() if not _is(issue.fields.get(name, ""), wanted)]
        return f"not as asked: {', '.join(unlike)}" if unlike else "all as asked"

    def problems(self, desk: Desk, trackers: tuple[str, ...]) -> tuple[str, ...]:
        known = {name for each in trackers if each in desk.trackers for name in desk.trackers[each].field_names}
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
