"""Takes the emoji on a message about the resource; says whether those whom the rule means set one, or did not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from starkeeper.desk.intervals import ahead, calendar_problems
from starkeeper.errors import nearest
from starkeeper.model.desk import Desk
from starkeeper.model.facets import Facet, System, Unanswerable
from starkeeper.model.facts import Facts
from starkeeper.model.people import Who, belongs, said
from starkeeper.model.resources import Resource, ResourceType, SlackMessage
from starkeeper.model.rules import Condition, Occasion, Rule
from starkeeper.model.values import Interval
from starkeeper.registry import CONDITIONS, Example

EXAMPLES = (
    Example(
        says="a manager set it on the announcement (emil is one, U0EMIL in Slack)",
        yaml="{to: announcement, name: eyes, by: managers}",
        gives=True,
        announcement={"reactions": {"eyes": ["U0EMIL"]}},
    ),
    Example(
        says="somebody else did",
        yaml="{to: announcement, name: eyes, by: managers}",
        gives=False,
        announcement={"reactions": {"eyes": ["U0IVY"]}},
    ),
    Example(
        says="nobody has, so far",
        yaml="{to: announcement, name: eyes, by: managers, present: false}",
        gives=True,
        announcement={"reactions": {}},
    ),
    Example(
        says="nobody has, although the announcement has stood there for ten minutes",
        yaml="{to: announcement, name: eyes, by: managers, present: false, older_than: 10 minutes}",
        gives=True,
        announcement={"created_at": "2026-12-02T09:20:00Z"},
    ),
    Example(
        says="there is no announcement, so nobody could set or lack anything on it",
        yaml="{to: announcement, name: eyes, by: managers, present: false}",
        gives=False,
    ),
)


@CONDITIONS.register("slack_reaction")
class SlackReaction(Condition, frozen=True, kw_only=True):
    """One of those meant has set an emoji on the message of that role about it, such as its announcement; with
    `present: false`, none of them has.

    `name` is one emoji or several; `by` is said as under `label_added`: whoever people.yml does not know is a stranger.
    With `older_than` the message has stood there at least so long, of which with a `calendar` of desk.yml only the time
    counts in which it is open. `channel` is where the message stands, if that is not the channel of the tracker.
    Without the message it does not hold. Templates then know `reacted_by`, `reaction`, and of the message `posted_at`.
    Slack does not say when an emoji was set, and forgets one that is taken off again. Where Slack is not connected a
    rule with this condition is skipped; within `none_of` and its like it does not hold then. What a rule says to
    `strangers` it says once for each emoji and person.
    """

    types: ClassVar[frozenset[ResourceType]] = frozenset({"issues", "shifts"})
    system: ClassVar[System] = "slack"
    bound: ClassVar[frozenset[str]] = frozenset({"reacted_by", "reaction", "posted_at"})

    to: str
    name: str | tuple[str, ...]
    by: Who = "people"
    present: bool = True
    channel: str = ""
    older_than: Interval | None = None
    calendar: str = ""
    may_be_unknown: bool = False

    @property
    def facets(self) -> frozenset[Facet]:
        return frozenset({"messages"})

    def holds(self, resource: Resource, facts: Facts) -> bool:
        try:
            message = self._message(resource, facts)
            turn = self._turn(message, facts) if message else None
            if message is None or (turn is not None and turn > facts.now):
                return False
            return (next(self._set(resource, facts), None) is not None) is self.present
        except Unanswerable:
            if self.may_be_unknown:
                return False
            raise

    def explain(self, resource: Resource, facts: Facts) -> str:
        message = self._message(resource, facts)
        if message is None:
            return f"there is no {self.to} in Slack"
        found = next(self._set(resource, facts), None)
        return f"{found[0]} by {found[1] or 'somebody'}" if found else f"none of them by {said(self.by)}"

    def binds(self, resource: Resource, facts: Facts) -> Mapping[str, Any]:
        message = self._message(resource, facts)
        if message is None:
            return {"reaction": None, "reacted_by": None, "posted_at": None}
        found = next(self._set(resource, facts), None)
        names = _names(*found) if found else _names(None, None)
        return {**names, "posted_at": message.created_at}

    def occasions(self, resource: Resource, facts: Facts) -> tuple[Occasion, ...]:
        """Each emoji once: anybody in a workspace may set one, and two hundred must not become two hundred notes."""
        if self.by != "strangers" or not self.present:
            return ()
        found = dict(self._set(resource, facts))
        return tuple(Occasion((emoji,), _names(emoji, who)) for emoji, who in found.items())

    def next_change(self, resource: Resource, facts: Facts) -> dt.datetime | None:
        message = self._message(resource, facts)
        turn = self._turn(message, facts) if message else None
        return turn if turn and turn > facts.now else None

    def problems(self, desk: Desk, rule: Rule) -> tuple[str, ...]:
        if self.calendar and self.older_than is None:
            return ("'calendar' counts nothing here; add 'older_than'",)
        if self.older_than and (found := calendar_problems(self.calendar, self.older_than.unit, desk)):
            return found
        if self.channel and self.channel not in desk.channels:
            remedy = nearest(self.channel, desk.channels) or "define it under 'channels'"
            return (f"there is no channel '{self.channel}' in desk.yml; {remedy}",)
        homeless = (each for each in rule.trackers if each in desk.trackers and not desk.trackers[each].channel)
        return tuple(
            f"tracker '{each}' has no channel in desk.yml; give it one: channel: NAME"
            for each in homeless
            if not self.channel
        )

    def _message(self, resource: Resource, facts: Facts) -> SlackMessage | None:
        return next(iter(self._messages(resource, facts)), None)

    def _messages(self, resource: Resource, facts: Facts) -> tuple[SlackMessage, ...]:
        tracker = facts.desk.trackers.get(resource.tracker)
        channel = self.channel or (tracker.channel if tracker else "")
        if not channel or "slack" not in facts.systems:
            return ()
        return facts.own_messages(channel, resource.reference, self.to)

    def _turn(self, message: SlackMessage, facts: Facts) -> dt.datetime | None:
        """When it has stood there for as long as is asked."""
        return ahead(self.older_than, message.created_at, self.calendar, facts.desk) if self.older_than else None

    def _set(self, resource: Resource, facts: Facts) -> Iterator[tuple[str, str]]:
        """Each emoji that one of those meant set, and their user name in GitLab, "" for whom the desk does not know."""
        names = (self.name,) if isinstance(self.name, str) else self.name
        wanted = {facts.desk.emoji.get(name, name) for name in names}
        listed = self.by if isinstance(self.by, tuple) else ()
        for message in self._messages(resource, facts):
            for reaction in (each for each in message.reactions if each.name in wanted):
                known = facts.slack_ids((*facts.desk.managers, *listed))
                for account in (each for each in reaction.users if each != message.user):
                    person = known.get(account, "")
                    if belongs(person or f"slack {account}", self.by, resource, facts):
                        yield reaction.name, person


def _names(emoji: str | None, who: str | None) -> Mapping[str, Any]:
    return {"reaction": emoji, "reacted_by": who or None}
