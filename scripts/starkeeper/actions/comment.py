"""Takes a resource on which a rule holds; gives the words of a note."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Self

from msgspec import Struct, structs

from starkeeper.actions._redaction import asks_redaction, names_shown
from starkeeper.model.desk import Desk
from starkeeper.model.plan import CommentStep, Step
from starkeeper.model.rules import Action, Kind, Match, Renderer, Rule
from starkeeper.model.values import TemplateName, Text
from starkeeper.registry import ACTIONS, Example

EXAMPLES = (
    Example(
        says="text in the policy; a template's names stand in braces",
        yaml="Thank you, {{ author }}. We will look at {{ full_reference }} today.",
        gives=[
            {
                "action": "comment",
                "internal": False,
                "body": "Thank you, @ivy. We will look at support/star#12 today.",
            }
        ],
        resource={"author": "ivy"},
    ),
    Example(
        says="a customer's words cannot act, mention or break out",
        yaml="They wrote {{ title }}",
        gives=[{"action": "comment", "internal": False, "body": "They wrote `/close @all`"}],
        resource={"title": "/close @all"},
    ),
    Example(
        says="an internal note",
        yaml="{text: Facts for triage., internal: true}",
        gives=[{"action": "comment", "internal": True, "body": "Facts for triage."}],
    ),
)


class Words(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A note from a `template` under templates/ or from a `text`; an `internal` one only members can read."""

    template: TemplateName | None = None
    text: Text | None = None
    internal: bool = False


@ACTIONS.register("comment")
class Comment(Action, frozen=True):
    """Writes a note: a text, or `{template: …}` or `{text: …}` with `internal: true` for members only.

    A note is said once per rule and resource, however often the rule holds, unless the rule has `repeat`. All that one
    rule says about one of them is one note. Every value in it is escaped; `{{ value | quote }}` shows several lines as
    they are. The note ends with a small line that says which rule wrote it, and a hidden marker.
    """

    speaks: ClassVar[bool] = True

    value: Text | Words
    _redacts: bool = False

    def beside(self, others: Mapping[str, Kind]) -> Self:
        return structs.replace(self, _redacts=asks_redaction(others))

    def plan(self, rule: str, match: Match, render: Renderer) -> tuple[Step, ...]:
        words = Words(text=self.value) if isinstance(self.value, Text) else self.value
        template = words.template or words.text or Text("")
        body = render.comment(template, names_shown(match, redacts=self._redacts))
        return (CommentStep(rule=rule, internal=words.internal, body=body, key=""),)

    def problems(self, desk: Desk, rule: Rule) -> tuple[str, ...]:
        if isinstance(self.value, Text) or (self.value.template is None) is not (self.value.text is None):
            return ()
        return ("'comment' needs a template or a text, and not both; write {template: comments/FILE.md}",)
