"""Takes an issue on which a rule holds; gives the line of a note that mentions people."""

from __future__ import annotations

from typing import ClassVar

from starkeeper.actions._people import user_name
from starkeeper.model.plan import CommentStep, Step
from starkeeper.model.rules import Action, Match, Renderer
from starkeeper.model.values import Text
from starkeeper.registry import ACTIONS, Example

EXAMPLES = (
    Example(
        says="two people",
        yaml="[kim, '@lou']",
        gives=[{"action": "comment", "internal": False, "body": "cc @kim @lou"}],
    ),
)


@ACTIONS.register("mention")
class Mention(Action, frozen=True):
    """Mentions these people in the note of the rule, on a line of its own; without a `comment` the line is the note."""

    speaks: ClassVar[bool] = True

    value: tuple[Text, ...]

    def plan(self, rule: str, match: Match, render: Renderer) -> tuple[Step, ...]:
        names = dict.fromkeys("@" + user_name(each, match, render) for each in self.value)
        return (CommentStep(rule=rule, internal=False, body=f"cc {' '.join(names)}", key=""),) if names else ()
