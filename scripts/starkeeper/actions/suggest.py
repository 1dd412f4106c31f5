"""Takes an issue on which a rule holds; words whom a manager could ask to take it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from msgspec import Meta

from starkeeper.desk.candidates import Candidates, find_candidates
from starkeeper.errors import nearest
from starkeeper.model.desk import Desk
from starkeeper.model.plan import CommentStep, Step
from starkeeper.model.rules import Action, Match, Renderer, Rule
from starkeeper.model.values import TemplateName, Text
from starkeeper.registry import ACTIONS, Example

EXAMPLES = (
    Example(
        says="Kim knows Geo and is at work (it is 09:30 UTC); Lou is on another open issue",
        yaml="{skill: geo, busy_on: [star], text: 'Ask {% for each in candidates %}{{ each.name }}{% endfor %}.'}",
        gives=[{"action": "comment", "internal": True, "body": "Ask Kim."}],
        others=({"iid": 1, "assignees": ("lou",)},),
    ),
)


@ACTIONS.register("suggest")
class Suggest(Action, frozen=True, kw_only=True):
    """Words a list of people of people.yml who could take the issue: nobody is assigned, or told.

    They have the `skill` (without one anybody counts), are no managers, are not on call, are at work now by their
    hours, and are assigned to no open issue of the trackers in `busy_on`. Who has longest to work comes first. The
    words, a `template` or a `text`, see `candidates` (`name`, `account`, `region`, `skills`, `works_until`), `skill`,
    and how many were `passed_over` (`on_call`, `busy`, `off`). They become part of the note of the rule, an internal
    one.
    """

    speaks: ClassVar[bool] = True

    skill: Text | None = None
    busy_on: tuple[str, ...] = ()
    at_most: Annotated[int, Meta(ge=1, le=20)] = 5
    template: TemplateName | None = None
    text: Text | None = None

    names: ClassVar[frozenset[str]] = frozenset({"candidates", "skill", "passed_over"})

    def plan(self, rule: str, match: Match, render: Renderer) -> tuple[Step, ...]:
        asked = render.plain(self.skill, match.names) if self.skill else ""
        found = find_candidates(asked, self.busy_on, match.resource, match.facts)
        names = {**match.names, **_values(found, asked, self.at_most)}
        body = render.comment(self.template or self.text or Text(""), names)
        return (CommentStep(rule=rule, internal=True, body=body, key=""),)

    def looks_at(self, rule: Rule) -> frozenset[str]:
        return frozenset(self.busy_on)

    def problems(self, desk: Desk, rule: Rule) -> tuple[str, ...]:
        if (self.template is None) is (self.text is None):
            return ("'suggest' needs a template or a text, and not both; write {template: comments/FILE.md}",)
        return tuple(
            f"there is no tracker '{each}' in desk.yml; {nearest(each, desk.trackers)}"
            for each in self.busy_on
            if each not in desk.trackers
        )


def _values(found: Candidates, asked: str, at_most: int) -> Mapping[str, Any]:
    people = tuple(
        {
            "name": each.person.name or each.person.gitlab,
            "account": each.person.gitlab,
            "region": each.person.region,
            "skills": each.person.skills,
            "works_until": each.works_until,
        }
        for each in found.people[:at_most]
    )
    passed_over = {"on_call": found.on_call, "busy": found.busy, "off": found.off}
    return {"candidates": people, "skill": asked, "passed_over": passed_over}
