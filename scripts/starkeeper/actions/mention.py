"""Takes a resource on which a rule holds; gives the line of a note that mentions people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Self

from msgspec import structs

from starkeeper.actions._people import user_or_group
from starkeeper.actions._redaction import asks_redaction, names_shown
from starkeeper.model.plan import CommentStep, Step
from starkeeper.model.rules import Action, Kind, Match, Renderer
from starkeeper.model.values import Text
from starkeeper.registry import ACTIONS, Example
from starkeeper.render.values import CONFIDENTIAL

EXAMPLES = (
    Example(
        says="two people",
        yaml="[kim, '@lou']",
        gives=[{"action": "comment", "internal": False, "body": "cc @kim @lou"}],
    ),
    Example(
        says="the members of a group",
        yaml="[support/managers]",
        gives=[{"action": "comment", "internal": False, "body": "cc @support/managers"}],
    ),
)


@ACTIONS.register("mention")
class Mention(Action, frozen=True):
    """Mentions these people in the note of the rule, on a line of its own; without a `comment` the line is the note.

    A group below another is named by its path, `support/managers`: all of its members are told. Where
    `redact_confidential_resources` hides the value by which somebody is named, nobody is mentioned.
    """

    speaks: ClassVar[bool] = True

    value: tuple[Text, ...]
    _redacts: bool = False

    def beside(self, others: Mapping[str, Kind]) -> Self:
        return structs.replace(self, _redacts=asks_redaction(others))

    def plan(self, rule: str, match: Match, render: Renderer) -> tuple[Step, ...]:
        shown = structs.replace(match, names=names_shown(match, redacts=self._redacts))
        told = [each for each in self.value if CONFIDENTIAL not in render.word(each, shown.names)]
        names = dict.fromkeys("@" + user_or_group(each, shown, render) for each in told)
        return (CommentStep(rule=rule, internal=False, body=f"cc {' '.join(names)}", key=""),) if names else ()
