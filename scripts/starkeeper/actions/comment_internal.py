"""Takes a resource on which a rule holds; says whether the note of the rule is for members only."""

from __future__ import annotations

from typing import ClassVar

from starkeeper.model.plan import CommentStep, Step
from starkeeper.model.rules import Action, Match, Renderer
from starkeeper.registry import ACTIONS, Example

EXAMPLES = (
    Example(
        says="the note of the rule is for members only",
        yaml="true",
        gives=[{"action": "comment", "internal": True, "body": ""}],
    ),
    Example(says="as it is without this key", yaml="false", gives=[]),
)


@ACTIONS.register("comment_internal")
class CommentInternal(Action, frozen=True):
    """The note of the rule can be read by members only (`true`).

    It says nothing by itself: without `comment` or `mention` beside it there is no note. Where any part of a note is
    internal, as with `comment: {text: …, internal: true}`, the whole note is, whatever this says.
    """

    speaks: ClassVar[bool] = True

    value: bool

    def plan(self, rule: str, match: Match, render: Renderer) -> tuple[Step, ...]:
        return (CommentStep(rule=rule, internal=True, body="", key=""),) if self.value else ()
