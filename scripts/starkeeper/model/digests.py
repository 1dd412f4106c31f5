"""What a digest tells, of what, and where: one message in Slack and one issue about a shift."""

from __future__ import annotations

from msgspec import Struct

from starkeeper.errors import NOWHERE, Where
from starkeeper.model.measures import WeekMeasures
from starkeeper.model.rules import Rule
from starkeeper.model.values import Interval, TemplateName, Text


class DigestList(Struct, frozen=True, kw_only=True):
    """Issues that a rule only chooses, by the name that templates call them.

    `clocks` are those by which they fall due; None, as it is read, means all of the desk.
    """

    name: str
    rule: Rule
    clocks: tuple[str, ...] | None

    @property
    def tracker(self) -> str:
        return self.rule.trackers[0]


class DigestIssue(Struct, frozen=True, kw_only=True):
    """The one issue of each shift; `assigns_incoming` says that it is opened for whoever comes on call."""

    tracker: str
    title: Text
    template: TemplateName
    confidential: bool
    assigns_incoming: bool


class DigestMessage(Struct, frozen=True, kw_only=True):
    """The one message of each shift; a `draft` has words of its own, None where nothing is said before the shift."""

    channel: str
    template: TemplateName
    draft: TemplateName | None = None


class Digest(Struct, frozen=True, kw_only=True):
    """`draft_before` is how long before the next shift the digest is about that one, as a draft.

    `pages` are services of the desk, `weekend` is a calendar: a shift that begins while it is closed is told of in
    fewer words. With `week` the measures of the last week are told as well, once in each week.
    """

    name: str
    policy: str
    rotation: str
    where: Where = NOWHERE
    draft_before: Interval | None = None
    lists: tuple[DigestList, ...] = ()
    pages: tuple[str, ...] = ()
    weekend: str = ""
    week: WeekMeasures | None = None
    issue: DigestIssue | None = None
    slack: DigestMessage | None = None

    @property
    def by_line(self) -> Rule:
        """What stands under its words as who wrote them."""
        return Rule(name=self.name, policy=self.policy, where=self.where)

    @property
    def templates(self) -> tuple[Text | TemplateName, ...]:
        """All of its words."""
        issue = (self.issue.title, self.issue.template) if self.issue else ()
        slack = (self.slack.template, self.slack.draft) if self.slack else ()
        return tuple(each for each in (*issue, *slack) if each is not None)
