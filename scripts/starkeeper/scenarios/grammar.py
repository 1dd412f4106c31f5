"""What a scenario file may hold: the records that its mappings are bound to.

    scenarios:
      - name: "1. A normal STAR"                # one of its kind in the file
        given:                                  # may be left out
          on_call: {support_manager: amber}     # this rotation is held by that person all the time
          policies: [star.yml]                  # only these files of the policy folder
        steps:
          - at: 2026-11-30 09:00                # in UTC; or `after: 10 minutes`; without either the time stands still
            opens: {tracker: star, by: ivy, title: STAR for ZD#1, form: {Urgency: Timely}}
          - sweep: true                         # or sweeps: {every: 10 minutes, until: 2026-11-30 12:00}
          - expect:
              star#1: {labels: ["star::new"], notes: 1}
          - fills_in: {form: star, by: ivy, fields: {ticket: "1"}}

A step does what it says in the order in which it is written; its keys are those of `Step`. What the form says stands
in the issue as it is: GitLab carries out the commands of a description before any policy sees the issue. Keys whose
name begins with a dot are for anchors only.

Slack and PagerDuty are connected, unless `given: {without: [slack, pagerduty]}`. A message in Slack is named by what a
person called it, or by the role that the bot gave it and what it is about:

          - reacts: {issue: star#1, to: announcement, by: emil, emoji: eyes}
          - writes: {channel: star, by: lee, text: "Anybody?", called: question}
            replies: {message: question, by: kim, text: I look.}
          - expect:
              slack:                            # all that the bot has said so far, in this order, and nothing else
                - {to: star, issue: star#1, as: announcement, mentions: [emil], says: "10:00 UTC"}
                - {reply_to: announcement, issue: star#1, at: "09:10"}

Everybody who acts has a Slack account, and those of people.yml are known by what stands there. Who is on call in a
rotation with `schedules` is what its table of shifts says, but for each `override`.

`waits_for: zendesk` (pagerduty, incident_io, or a list of them) marks a step for a system that is not connected yet: it
is checked, its time passes, and it is not played. Only there may stand the verbs `ticket` and `pages` and the
expectations `zendesk`, `pagerduty` and `incident_io`: lists of mappings whose keys are free for now. What waits for
pagerduty are its incidents.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Literal

from msgspec import Meta, field

from starkeeper.errors import NOWHERE, Where
from starkeeper.model.values import Interval
from starkeeper.policies.grammar import Grammar, Word
from starkeeper.policies.nodes import ListNode, MapNode
from starkeeper.scenarios.moments import Hour, Moment

CONNECTED = frozenset({"gitlab", "slack"})
"""The systems whose steps are played."""
SYSTEMS = ("gitlab", "slack", "pagerduty", "zendesk", "incident_io")
VERB_OF = {"ticket": "zendesk", "pages": "pagerduty"}
"""The verbs of systems that are not."""
Beside = Literal["slack", "pagerduty"]
"""What can be missing, or fail, beside GitLab."""

NO_WORD = Word("")
Number = Annotated[int, Meta(ge=1)]
Count = Annotated[int, Meta(ge=0)]


class Opens(Grammar, frozen=True, kw_only=True):
    """Somebody opens an issue; `form` is what its form asks, heading by heading."""

    tracker: Word
    by: str
    title: str
    form: Mapping[str, str] = {}
    labels: tuple[str, ...] = ()
    assignees: tuple[str, ...] = ()
    confidential: bool = False
    where: Where = NOWHERE


class FillsIn(Grammar, frozen=True, kw_only=True):
    """Somebody fills in a form of the policies, which then opens an issue; with a `key` that was there before it opens
    none. `refused` is looked for in what is said where the form may not be sent like that."""

    form: Word
    by: str
    fields: Mapping[str, str] = {}
    key: str = ""
    refused: str = ""
    where: Where = NOWHERE


class OnIssue(Grammar, frozen=True, kw_only=True):
    """What is done to an issue that is there, named like `star#1`."""

    issue: Word
    where: Where = NOWHERE


class ByPerson(OnIssue, frozen=True, kw_only=True):
    """What somebody does to it."""

    by: str


class Comments(ByPerson, frozen=True, kw_only=True):
    """Somebody writes a comment, for members only where it is `internal`."""

    body: str
    internal: bool = False


class Labels(ByPerson, frozen=True, kw_only=True):
    """Somebody sets labels and takes some off; a scoped label pushes the others of its scope out."""

    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()


class Closes(ByPerson, frozen=True, kw_only=True):
    """Somebody closes it."""


class Reopens(ByPerson, frozen=True, kw_only=True):
    """Somebody opens it again."""


class Retitles(ByPerson, frozen=True, kw_only=True):
    """Somebody gives it another title."""

    title: str


class Corrects(ByPerson, frozen=True, kw_only=True):
    """Somebody fills in the form anew, all of it; or writes `text` in place of the whole description."""

    form: Mapping[str, str] = {}
    text: str = ""


class Assigns(ByPerson, frozen=True, kw_only=True):
    """Somebody assigns people, or takes the issue from them."""

    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()


class DeletesNote(OnIssue, frozen=True, kw_only=True):
    """A note of the bot is deleted; 1 is the oldest that is there."""

    number: Number


class EditsNote(OnIssue, frozen=True, kw_only=True):
    """The text of a note of the bot is replaced, its hidden marker included."""

    number: Number
    body: str


class OnMessage(Grammar, frozen=True, kw_only=True):
    """What somebody does to a message in Slack: to the `message` that a person called so, or to the bot's about an
    issue, or about a shift (`support_manager 2026-12-02 16:00`); `to` says which, such as `announcement`."""

    by: str
    message: Word = NO_WORD
    issue: Word = NO_WORD
    shift: Word = NO_WORD
    to: Word = NO_WORD
    where: Where = NOWHERE


class Reacts(OnMessage, frozen=True, kw_only=True):
    """Somebody sets an emoji on it."""

    emoji: str


class Unreacts(OnMessage, frozen=True, kw_only=True):
    """Somebody takes their emoji off it."""

    emoji: str


class Replies(OnMessage, frozen=True, kw_only=True):
    """Somebody writes in its thread, in Slack's own markup."""

    text: str


class Writes(Grammar, frozen=True, kw_only=True):
    """Somebody writes in a channel, named as in desk.yml, in Slack's own markup; `called` names the message for the
    rest of the scenario."""

    channel: Word
    by: str
    text: str
    called: Word = NO_WORD
    where: Where = NOWHERE


class Override(Grammar, frozen=True, kw_only=True):
    """Somebody stands in for whoever is on call by the schedules of a rotation."""

    rotation: Word
    person: Word
    starts: Moment = field(name="from")
    ends: Moment = field(name="to")
    where: Where = NOWHERE


class Fails(Grammar, frozen=True):
    """From now on each request to these systems fails."""

    value: tuple[Beside, ...]


class Works(Grammar, frozen=True):
    """These systems answer again."""

    value: tuple[Beside, ...]


class Sweeps(Grammar, frozen=True, kw_only=True):
    """One sweep after the other, the first one `every` from now, the last one at `until` at the latest.

    `missed` are those of its times at which none runs; `late` are times between them at which one does.
    """

    every: Interval
    until: Moment
    missed: tuple[Moment, ...] = ()
    late: tuple[Moment, ...] = ()
    where: Where = NOWHERE


class Step(Grammar, frozen=True, kw_only=True):
    """When it is, and what then happens; each verb is described at its record. `digest` runs one of that name."""

    at: Moment | None = None
    after: Interval | None = None
    waits_for: Word | tuple[Word, ...] = ()
    opens: Opens | None = None
    fills_in: FillsIn | None = None
    comments: Comments | None = None
    labels: Labels | None = None
    closes: Closes | None = None
    reopens: Reopens | None = None
    retitles: Retitles | None = None
    corrects: Corrects | None = None
    assigns: Assigns | None = None
    deletes_note: DeletesNote | None = None
    edits_note: EditsNote | None = None
    reacts: Reacts | None = None
    unreacts: Unreacts | None = None
    writes: Writes | None = None
    replies: Replies | None = None
    override: Override | None = None
    fails: Fails | None = None
    works: Works | None = None
    sweep: Literal[True] | None = None
    sweeps: Sweeps | None = None
    digest: Word | None = None
    expect: MapNode | None = None
    ticket: MapNode | None = None
    pages: MapNode | None = None
    where: Where = NOWHERE


class Expected(Grammar, frozen=True, kw_only=True):
    """How an issue must stand. What is not named may be as it likes.

    `labels`, `assignees`, `linked` and `notified` are all of them, in any order; `has` must be among the labels, and
    `lacks` must not. `notes` counts all comments, `own` those of the bot; `internal` says of each of these in turn
    whether it is for members only. `says` and `never_says` are looked for in all that the bot wrote there; whom its
    notes mention is `notified`. `changes: none`: no sweep has changed anything about it since the last `expect`; what
    was said in Slack is no change of the issue.
    """

    title: str | None = None
    labels: tuple[str, ...] | None = None
    has: tuple[str, ...] | None = None
    lacks: tuple[str, ...] | None = None
    assignees: tuple[str, ...] | None = None
    state: Literal["opened", "closed"] | None = None
    confidential: bool | None = None
    due_date: dt.date | Literal["none"] | None = None
    notes: Count | None = None
    own: Count | None = None
    internal: tuple[bool, ...] | None = None
    says: tuple[str, ...] | None = None
    never_says: tuple[str, ...] | None = None
    notified: tuple[str, ...] | None = None
    linked: tuple[Word, ...] | None = None
    changes: Literal["none"] | None = None


class ExpectedMessage(Grammar, frozen=True, kw_only=True):
    """A message of the bot in Slack, as it reads by now. What is not named may be as it likes.

    It stands in a channel (`to`, named as in desk.yml), or in the thread of a message (`reply_to`: its role, or what a
    person called it); it is about an issue or a shift, and known by its role (`as`). `mentions` are all whom it tells,
    by user name in GitLab or by handle of a group, in any order. `says` and `never_says` are looked for in its text, as
    Slack encodes it. `at` is when it was posted; `edited`, whether its words have changed since. `reactions` are all
    that are set on it, each emoji with who set it: user names, and `bot`.
    """

    to: Word = NO_WORD
    reply_to: Word = NO_WORD
    issue: Word = NO_WORD
    shift: Word = NO_WORD
    role: Word = field(default=NO_WORD, name="as")
    mentions: tuple[Word, ...] | None = None
    says: str | tuple[str, ...] = ()
    never_says: str | tuple[str, ...] = ()
    at: Hour | None = None
    edited: bool | None = None
    reactions: Mapping[str, tuple[str, ...]] | None = None
    where: Where = NOWHERE


class GivenEntry(Grammar, frozen=True, kw_only=True):
    """What holds during the whole scenario; `without` are systems that are not connected in it."""

    without: tuple[Beside, ...] = ()
    on_call: MapNode | None = None
    policies: tuple[Word, ...] = ()


class ScenarioEntry(Grammar, frozen=True, kw_only=True):
    """One scenario."""

    name: Word
    steps: ListNode
    given: MapNode | None = None
    where: Where = NOWHERE


class ScenarioFile(Grammar, frozen=True, kw_only=True):
    """One file."""

    scenarios: ListNode
