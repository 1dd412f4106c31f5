"""Takes a resource on which a rule holds; says whether the note of the rule begins a thread."""

from __future__ import annotations

from typing import ClassVar, Literal

from starkeeper.model.plan import CommentStep, Step
from starkeeper.model.rules import Action, Match, Renderer
from starkeeper.registry import ACTIONS, Example

EXAMPLES = (
    Example(
        says="the note of the rule begins a thread",
        yaml="thread",
        gives=[{"action": "comment", "internal": False, "body": "", "thread": True}],
    ),
    Example(says="as it is without this key", yaml="comment", gives=[]),
)


@ACTIONS.register("comment_type")
class CommentType(Action, frozen=True):
    """The note of the rule is a plain `comment`, or begins a `thread` that people can answer and resolve.

    It says nothing by itself: without `comment` or `mention` beside it there is no note.
    """

    speaks: ClassVar[bool] = True

    value: Literal["comment", "thread"]

    def plan(self, rule: str, match: Match, render: Renderer) -> tuple[Step, ...]:
        if self.value == "comment":
            return ()
        return (CommentStep(rule=rule, internal=False, body="", key="", thread=True),)
