"""Takes a resource on which a rule holds; gives the labels that it lacks, and those of their scopes to take off."""

from __future__ import annotations

from starkeeper.model.plan import LabelsStep, Step
from starkeeper.model.rules import Action, Match, Renderer
from starkeeper.model.values import Text
from starkeeper.registry import ACTIONS, Example

EXAMPLES = (
    Example(
        says="one is missing",
        yaml="[bug, ux]",
        gives=[{"action": "labels", "add": ["ux"], "remove": []}],
        resource={"labels": ("bug",)},
    ),
    Example(says="already so, nothing to do", yaml="[bug]", gives=[], resource={"labels": ("bug",)}),
    Example(
        says="a scoped label takes the place of its sibling",
        yaml='["star::acknowledged"]',
        gives=[{"action": "labels", "add": ["star::acknowledged"], "remove": ["star::new"]}],
        resource={"labels": ("star::new", "urgency::timely")},
    ),
    Example(
        says="of two in one scope the last counts",
        yaml='["star::new", "star::acknowledged"]',
        gives=[{"action": "labels", "add": ["star::acknowledged"], "remove": []}],
    ),
    Example(
        says="a label from a field of the form",
        yaml='["urgency::{{ fields.urgency }}"]',
        gives=[{"action": "labels", "add": ["urgency::timely"], "remove": []}],
        resource={"fields": {"urgency": "timely"}},
    ),
)


@ACTIONS.register("labels")
class Labels(Action, frozen=True):
    """Sets these labels.

    Of a scoped label (`scope::value`; the scope is everything before the last `::`) it keeps one: the others of that
    scope are taken off in the same request, on every edition of GitLab, and of two in one list the last counts.
    A name may be a template; what it gives must be one line without a comma.
    """

    value: tuple[Text, ...]

    def plan(self, rule: str, match: Match, render: Renderer) -> tuple[Step, ...]:
        named = tuple(dict.fromkeys(render.word(each, match.names) for each in self.value))
        wanted = tuple(label for place, label in enumerate(named) if not _pushed_out(label, named[place + 1 :]))
        add = tuple(label for label in wanted if label not in match.resource.labels)
        remove = tuple(label for label in match.resource.labels if label not in wanted and _pushed_out(label, add))
        return (LabelsStep(rule=rule, add=add, remove=remove),) if add else ()


def _pushed_out(label: str, added: tuple[str, ...]) -> bool:
    """Whether one of those added has the label's scope."""
    scope = label.rpartition("::")[0]
    return bool(scope) and any(each.rpartition("::")[0] == scope for each in added)
