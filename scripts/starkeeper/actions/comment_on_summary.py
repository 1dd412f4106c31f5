"""Takes what a summary lists; gives the words of a note on it about each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Self

from starkeeper.model.plan import Step
from starkeeper.model.resources import RESOURCE_TYPES, ResourceType
from starkeeper.model.rules import Action, Kind, Match, Renderer
from starkeeper.model.values import Text
from starkeeper.registry import ACTIONS, Example

EXAMPLES = (
    Example(
        says="a note on the summary for each resource (on the resource itself nothing changes)",
        yaml='"{{ link(title, web_url) }}, opened by {{ author }}"',
        gives=[],
    ),
)


@ACTIONS.register("comment_on_summary")
class CommentOnSummary(Action, frozen=True):
    """Writes a note for each resource on the issue that `summarize` opens, so that people can answer about each.

    It stands beside `summarize`. What was said about a resource on that summary is not said there again.
    """

    gathers: ClassVar[bool] = True
    types: ClassVar[frozenset[ResourceType]] = frozenset(RESOURCE_TYPES)

    value: Text

    def beside(self, others: Mapping[str, Kind]) -> Self:
        if "summarize" not in others:
            raise ValueError("'comment_on_summary' needs a summary; write 'summarize' beside it")
        return self

    def plan(self, rule: str, match: Match, render: Renderer) -> tuple[Step, ...]:
        return ()
