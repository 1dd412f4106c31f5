"""Takes an issue on which a rule holds; gives the link to another issue that it still lacks."""

from __future__ import annotations

import re
from typing import ClassVar, Literal

from msgspec import Struct

from starkeeper.errors import Problem, RenderError
from starkeeper.model.plan import RelateStep, Step
from starkeeper.model.resources import Resource, ResourceType
from starkeeper.model.rules import Action, Match, Renderer
from starkeeper.model.values import Text
from starkeeper.registry import ACTIONS, Example

EXAMPLES = (
    Example(
        says="by reference",
        yaml="{to: 'support/star#41'}",
        gives=[{"action": "relate", "to": "support/star#41", "link_type": "relates_to"}],
    ),
    Example(
        says="an issue of the same project",
        yaml="{to: '#41', type: blocks}",
        gives=[{"action": "relate", "to": "support/star#41", "link_type": "blocks"}],
    ),
    Example(
        says="already linked, nothing to do", yaml="{to: '#41', type: blocks}", gives=[], links=("support/star#41",)
    ),
)


class To(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"link_type": "type"}):
    """`to` is the other issue, as GitLab writes it; `type` is how this one stands to it."""

    to: Text
    link_type: Literal["relates_to", "blocks", "is_blocked_by"] = "relates_to"


@ACTIONS.register("relate")
class Relate(Action, frozen=True):
    """Links the issue to another one: `original`, which `duplicate_of` found, or `{to: group/project#12}`.

    An existing link between the two, of whatever kind and direction, is left as it is.
    """

    types: ClassVar[frozenset[ResourceType]] = frozenset({"issues"})

    value: Literal["original"] | To

    def plan(self, rule: str, match: Match, render: Renderer) -> tuple[Step, ...]:
        if isinstance(self.value, To):
            other, link_type = _in_full(self.value.to, match, render), self.value.link_type
        else:
            original: Resource = match.names["original"]
            other, link_type = original.reference, "relates_to"
        # GitLab takes a path in any case, and links no issue to itself.
        if other.casefold() == match.resource.reference.casefold():
            return ()
        if other.casefold() in {str(each).casefold() for each in match.facts.links(match.resource)}:
            return ()
        return (RelateStep(rule=rule, to=other, link_type=link_type),)


def _in_full(template: Text, match: Match, render: Renderer) -> str:
    reference = render.word(template, match.names)
    found = re.fullmatch(r"([\w./-]*)#([0-9]{1,18})", reference)
    if not found:
        raise RenderError(Problem(template.where, "this gives no issue", "name one like 'group/project#12' or '#12'"))
    return f"{found[1] or match.resource.project}#{int(found[2])}"
