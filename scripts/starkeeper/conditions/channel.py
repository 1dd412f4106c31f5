"""Takes a Slack message; says whether it stands in one of the channels that the rule is for."""

from __future__ import annotations

from typing import ClassVar

from starkeeper.errors import nearest
from starkeeper.model.desk import Desk
from starkeeper.model.facets import System
from starkeeper.model.facts import Facts
from starkeeper.model.resources import Resource, ResourceType
from starkeeper.model.rules import Condition, Rule
from starkeeper.registry import CONDITIONS, Example

EXAMPLES = (
    Example(says="a message in that channel", yaml="star", gives=True, resource={"type": "slack_messages"}),
    Example(
        says="a message in another channel",
        yaml="[star, leadership]",
        gives=False,
        resource={"type": "slack_messages", "project": "random"},
    ),
)


@CONDITIONS.register("channel")
class Channel(Condition, frozen=True):
    """The channels that the rule is for, as desk.yml calls them: one, or a list. Each rule for messages names them.

    A rule looks at what people wrote there in the last three days, not at what is in threads.
    """

    types: ClassVar[frozenset[ResourceType]] = frozenset({"slack_messages"})
    system: ClassVar[System] = "slack"

    value: str | tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return (self.value,) if isinstance(self.value, str) else self.value

    def holds(self, resource: Resource, facts: Facts) -> bool:
        return resource.project in self.names

    def explain(self, resource: Resource, facts: Facts) -> str:
        return f"it stands in {resource.project}"

    def problems(self, desk: Desk, rule: Rule) -> tuple[str, ...]:
        return tuple(
            f"there is no channel '{name}' in desk.yml; {nearest(name, desk.channels) or 'define it under channels'}"
            for name in self.names
            if name not in desk.channels
        )
