"""Takes a Slack message; says whether somebody replied to it with nothing but these words."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from starkeeper.model.facets import Facet, System
from starkeeper.model.facts import Facts
from starkeeper.model.resources import Resource, ResourceType, SlackMessage
from starkeeper.model.rules import Condition
from starkeeper.registry import CONDITIONS, Example

EXAMPLES = (
    Example(
        says="a reply that is just that",
        yaml='":escalate:"',
        gives=True,
        resource={"type": "slack_messages", "replied_at": "2026-12-02T09:25:00Z"},
        replies=({"text": " :escalate: "},),
    ),
    Example(
        says="a reply that says more",
        yaml='":escalate:"',
        gives=False,
        resource={"type": "slack_messages", "replied_at": "2026-12-02T09:25:00Z"},
        replies=({"text": ":escalate: please"},),
    ),
)
_LOOK_BACK = dt.timedelta(days=1)
# What came while the last run read is read once more.
_OVERLAP = dt.timedelta(minutes=5)


@CONDITIONS.register("reply_is")
class ReplyIs(Condition, frozen=True):
    """Somebody, and no bot, replied in the thread with this text and nothing else; blanks around it do not count.

    A thread costs a request, so only those are read in which somebody wrote since the last whole run, or where that is
    not known within a day.
    """

    types: ClassVar[frozenset[ResourceType]] = frozenset({"slack_messages"})
    system: ClassVar[System] = "slack"

    value: str

    @property
    def facets(self) -> frozenset[Facet]:
        return frozenset({"replies"})

    def holds(self, resource: Resource, facts: Facts) -> bool:
        if not isinstance(resource, SlackMessage) or resource.from_bot or resource.is_own or not resource.replied_at:
            return False
        since = min(facts.swept_at - _OVERLAP, facts.now) if facts.swept_at else facts.now - _LOOK_BACK
        if resource.replied_at < since:
            return False
        by_people = (each for each in facts.replies(resource) if not each.is_own and not each.from_bot)
        return any(each.text.strip() == self.value.strip() for each in by_people)

    def explain(self, resource: Resource, facts: Facts) -> str:
        return "somebody replied so" if self.holds(resource, facts) else "nobody replied so"
