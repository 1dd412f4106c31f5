"""Takes a resource on which a rule holds; gives the new issue about it that is not there yet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import ClassVar, Self

from msgspec import structs

from starkeeper.actions._places import destination_problems
from starkeeper.actions._redaction import asks_words, names_shown
from starkeeper.model.desk import Desk
from starkeeper.model.plan import IssueStep, RelateStep, Step
from starkeeper.model.resources import RESOURCE_TYPES, Issue, Place, ResourceType
from starkeeper.model.rules import Action, Kind, Match, Renderer, Rule
from starkeeper.model.values import Text
from starkeeper.registry import ACTIONS, Example
from starkeeper.render.markers import find_marker, is_of_rule, make_marker

EXAMPLES = (
    Example(
        says="in another project",
        yaml="""
title: "Review of {{ full_reference }}"
destination: support/reviews
description: "See {{ web_url }}"
""",
        gives=[
            {
                "action": "issue",
                "destination": "support/reviews",
                "title": "Review of support/star#12",
                "description": "See https://gitlab.example.com/support/star/-/issues/12",
            }
        ],
        resource={"web_url": "https://gitlab.example.com/support/star/-/issues/12"},
    ),
)
# So long a run that failed between the two is made good; later a link costs no request any more.
_UNTIL_RELATED = dt.timedelta(days=2)


@ACTIONS.register("issue")
class OpenIssue(Action, frozen=True, kw_only=True):
    """Opens a new issue about this resource in the project `destination` (its own if left out), and relates the two.

    It is opened once for each resource, and known again by a hidden marker in its description; `new_each_run: true`
    opens another one at every run, as gitlab-triage does. Values of a confidential resource are shown as
    `(confidential)`, but for its address and reference, unless `redact_confidential_resources` is `false`.
    """

    types: ClassVar[frozenset[ResourceType]] = frozenset(RESOURCE_TYPES)

    title: Text
    destination: str = ""
    description: Text = Text("{{ full_reference }}: {{ web_url }}")
    redact_confidential_resources: bool = True
    new_each_run: bool = False

    def beside(self, others: Mapping[str, Kind]) -> Self:
        return structs.replace(self, redact_confidential_resources=False) if asks_words(others) else self

    def plan(self, rule: str, match: Match, render: Renderer) -> tuple[Step, ...]:
        destination = self.destination or match.resource.project
        about = f"{match.resource.tracker} {match.resource.reference}"
        opened = _opened(match.facts.own_issues(Place("projects", destination)), rule)
        # Or there would be issues about issues, more at every run.
        if any(each.key == match.resource.key for each in opened.values()):
            return ()
        occurrence = 1
        while (key := make_marker(rule, occurrence, about)[0]) in opened:
            if not self.new_each_run:
                return _relation(rule, match, opened[key])
            occurrence += 1
        names = names_shown(match, redacts=self.redact_confidential_resources)
        step = IssueStep(
            rule=rule,
            destination=destination,
            title=render.line(self.title, names),
            description=render.comment(self.description, names),
            key=key,
        )
        return (step,)

    def problems(self, desk: Desk, rule: Rule) -> tuple[str, ...]:
        if rule.type != "epics" or self.destination:
            return destination_problems(self.destination)
        return ("an epic has no project to open an issue in; give it 'destination: GROUP/PROJECT'",)


def _opened(own: Iterable[Issue], rule: str) -> dict[str, Issue]:
    """What the rule has opened so far, by the key of each."""
    found = ((marker, each) for each in own if (marker := find_marker(each.description)))
    return {marker.key: each for marker, each in found if is_of_rule(marker, rule)}


def _relation(rule: str, match: Match, opened: Issue) -> tuple[Step, ...]:
    """The link to it, where a run could not set it any more. A later one that is gone was taken away by a person."""
    is_new = opened.created_at > match.facts.now - _UNTIL_RELATED
    if match.resource.type != "issues" or not is_new or opened.key in match.facts.links(match.resource):
        return ()
    return (RelateStep(rule=rule, to=opened.reference),)
