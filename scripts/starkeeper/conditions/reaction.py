"""Takes a Slack message; says whether a person has set one of these emoji on it."""

from __future__ import annotations

from typing import ClassVar

from starkeeper.model.facets import System
from starkeeper.model.facts import Facts
from starkeeper.model.resources import Resource, ResourceType, SlackMessage
from starkeeper.model.rules import Condition
from starkeeper.registry import CONDITIONS, Example

EXAMPLES = (
    Example(
        says="somebody set it, whoever it was",
        yaml="[escalate, support-ticket-attention-request]",
        gives=True,
        resource={"type": "slack_messages", "reactions": {"escalate": ["U0LEE"]}},
    ),
    Example(
        says="what stands on a message of a bot means nothing",
        yaml="escalate",
        gives=False,
        resource={"type": "slack_messages", "from_bot": True, "reactions": {"escalate": ["U0LEE"]}},
    ),
    Example(
        says="another emoji",
        yaml="escalate",
        gives=False,
        resource={"type": "slack_messages", "reactions": {"eyes": ["U0LEE"]}},
    ),
)


@CONDITIONS.register("reaction")
class Reaction(Condition, frozen=True):
    """Somebody has set this emoji, or one of these, on a message that a person wrote. Who did is not told.

    Emoji go by their name in Slack, without colons, or by the name that `emoji` in desk.yml gives them.
    """

    types: ClassVar[frozenset[ResourceType]] = frozenset({"slack_messages"})
    system: ClassVar[System] = "slack"

    value: str | tuple[str, ...]

    def holds(self, resource: Resource, facts: Facts) -> bool:
        return bool(self._found(resource, facts))

    def explain(self, resource: Resource, facts: Facts) -> str:
        found = self._found(resource, facts)
        return f"it has {', '.join(found)}" if found else "it has none of them"

    def _found(self, resource: Resource, facts: Facts) -> tuple[str, ...]:
        if not isinstance(resource, SlackMessage) or resource.from_bot or resource.is_own:
            return ()
        names = (self.value,) if isinstance(self.value, str) else self.value
        wanted = {facts.desk.emoji.get(name, name) for name in names}
        return tuple(each.name for each in resource.reactions if each.name in wanted and each.users)
