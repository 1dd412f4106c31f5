"""Takes a resource on which a rule holds; gives drafts of what is said or done about it in Slack."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar, Literal, Self

from msgspec import Struct, field, structs

from starkeeper.actions._people import OnCall, unknown_rotation
from starkeeper.actions._redaction import asks_words, names_shown
from starkeeper.actions._slack import mention_line, place_problems
from starkeeper.model.desk import Desk
from starkeeper.model.facets import System
from starkeeper.model.plan import SlackStep, Step
from starkeeper.model.resources import Resource, ResourceType, SlackMessage
from starkeeper.model.rules import Action, Kind, Match, Renderer, Rule
from starkeeper.model.values import TemplateName, Text
from starkeeper.registry import ACTIONS, Example

EXAMPLES = (
    Example(
        says="a message in the channel that desk.yml calls `leadership`",
        yaml="{post: leadership, text: 'ZD#{{ fields.ticket }} waits: {{ title }}'}",
        gives=[
            {
                "action": "slack",
                "channel": "leadership",
                "reply_to": None,
                "text": "ZD#7 waits: STAR for ZD#7 &lt;!channel&gt;",
                "does": "post",
                "to": "",
                "about": "support/star#12",
                "role": "",
                "note": "",
            }
        ],
        resource={"title": "STAR for ZD#7 <!channel>", "fields": {"ticket": "7"}},
    ),
    Example(
        says="a reply in the thread of the announcement, which tells whoever is assigned (emil, U0EMIL in Slack)",
        yaml="{reply_to: announcement, mention: assignee, text: Not acknowledged yet.}",
        gives=[
            {
                "action": "slack",
                "channel": "star",
                "reply_to": "announcement",
                "text": "<@U0EMIL> Not acknowledged yet.",
                "does": "post",
                "to": "",
                "about": "support/star#12",
                "role": "",
                "note": "",
            }
        ],
        resource={"assignees": ("emil",)},
    ),
)


class Telling(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing that is said or done: `post`, `reply_to`, `update` or `react`."""

    post: str = ""
    reply_to: str = ""
    update: str = ""
    react: str = ""
    role: str = field(default="", name="as")
    emoji: str = ""
    template: TemplateName | None = None
    text: Text | None = None
    mention: Literal["assignee", "author"] | OnCall | None = None

    @property
    def what(self) -> tuple[tuple[str, str], ...]:
        """Those of the four that are said, with their value."""
        every = (("post", self.post), ("reply_to", self.reply_to), ("update", self.update), ("react", self.react))
        return tuple(each for each in every if each[1])


@ACTIONS.register("slack")
class Slack(Action, frozen=True):
    """Says something in Slack, or does something there: one of these, or a list of them.

    `post: CHANNEL` writes a message in a channel of desk.yml. With `as: announcement` it is one message for each issue,
    in the channel of its tracker: as long as the rule holds it is edited when its words change, and other rules find it
    by that name. `reply_to: announcement` writes in its thread, on `slack_messages` `reply_to: message` in the thread
    of the message; where there is no announcement any more the words are posted in the channel. `update: announcement`
    only edits one that is there. `react: announcement` sets an `emoji` on it.

    The words are a `template` under templates/ or a `text`, in Slack's own markup; every value is escaped. With
    `mention: assignee` (or `author`, or `{on_call: ROTATION}`) they begin with that person, who is told; where nobody
    is on call with the `fallback` of the rotation. Each is said once for each rule and resource, as a comment is,
    unless the rule has `repeat`. Of a confidential issue only its reference and address are shown, unless the rule says
    `redact_confidential_resources: false`.

    Slack is off without SLACK_BOT_TOKEN: a rule then does only its other actions.
    """

    types: ClassVar[frozenset[ResourceType]] = frozenset({"issues", "slack_messages", "shifts"})
    system: ClassVar[System] = "slack"
    tells: ClassVar[bool] = True

    value: Telling | tuple[Telling, ...]
    _redacts: bool = True

    def beside(self, others: Mapping[str, Kind]) -> Self:
        return structs.replace(self, _redacts=not asks_words(others))

    @property
    def tellings(self) -> tuple[Telling, ...]:
        return (self.value,) if isinstance(self.value, Telling) else self.value

    @property
    def channels(self) -> frozenset[str]:
        return frozenset(each.post for each in self.tellings if each.post)

    def outline(self, rule: str, match: Match) -> tuple[SlackStep, ...]:
        return tuple(_outlined(each, rule, match) for each in self.tellings)

    def plan(self, rule: str, match: Match, render: Renderer) -> tuple[Step, ...]:
        outlined = zip(self.tellings, self.outline(rule, match), strict=True)
        return tuple(
            structs.replace(step, text=_words(telling, match, render, redacts=self._redacts))
            for telling, step in outlined
        )

    def problems(self, desk: Desk, rule: Rule) -> tuple[str, ...]:
        return tuple(text for each in self.tellings for text in _problems(each, desk, rule))


def _outlined(telling: Telling, rule: str, match: Match) -> SlackStep:
    resource, home = match.resource, _home(match.resource, match)
    if telling.react:
        about, itself = resource.reference, _itself(resource)
        return SlackStep(rule=rule, channel=home, does="react", reply_to=telling.react, about=about, to=itself)
    return SlackStep(
        rule=rule,
        channel=telling.post or home,
        reply_to=telling.reply_to or None,
        does="update" if telling.update else "post",
        to=_itself(resource) if telling.reply_to else "",
        about=resource.reference,
        role=telling.update or telling.role,
    )


def _words(telling: Telling, match: Match, render: Renderer, *, redacts: bool) -> str:
    if telling.react:
        return match.facts.desk.emoji.get(telling.emoji, telling.emoji)
    words = render.message(telling.template or telling.text or Text(""), names_shown(match, redacts=redacts))
    return f"{mention_line(telling.mention, match, redacts=redacts)}{words}"


def _itself(resource: Resource) -> str:
    """The time stamp of the message that a rule of `slack_messages` is about, "" on all else."""
    return resource.name if isinstance(resource, SlackMessage) else ""


def _home(resource: Resource, match: Match) -> str:
    """The channel of a message, or the one in which the issues of a tracker are announced."""
    if isinstance(resource, SlackMessage):
        return resource.project
    tracker = match.facts.desk.trackers.get(resource.tracker)
    return tracker.channel if tracker else ""


def _problems(telling: Telling, desk: Desk, rule: Rule) -> Iterator[str]:
    if len(telling.what) != 1:
        yield "'slack' does one thing at a time; write post, reply_to, update or react, or a list of them"
        return
    key, value = telling.what[0]
    if key == "react":
        if not telling.emoji or telling.template or telling.text:
            yield "'react' needs an emoji and no words; write {react: announcement, emoji: eyes}"
    elif telling.emoji:
        yield "'emoji' is for 'react'; take it out"
    elif (telling.template is None) is (telling.text is None):
        yield "'slack' needs a template or a text, and not both; write {template: slack/FILE.md}"
    yield from place_problems(key, value, telling.role, desk, rule)
    yield from unknown_rotation(telling.mention, desk)
