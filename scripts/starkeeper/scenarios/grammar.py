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

A step does what it says in the order in which it is written; its keys are those of `Step`. What the form says stands
in the issue as it is: GitLab carries out the commands of a description before any policy sees the issue. Keys whose
name begins with a dot are for anchors only.

`waits_for: slack` (pagerduty, zendesk, incident_io, or a list of them) marks a step for a system that is not connected
yet: it is checked, its time passes, and it is not played. Only there may stand the verbs `reacts`, `ticket` and `pages`
and the expectations `slack`, `zendesk`, `pagerduty` and `incident_io`: lists of mappings whose keys are free for now.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Annotated, Literal, Self

from msgspec import Meta, Struct

from starkeeper.errors import NOWHERE, Where
from starkeeper.model.values import Interval
from starkeeper.policies.grammar import Grammar, Word
from starkeeper.policies.nodes import ListNode, MapNode

CONNECTED = frozenset({"gitlab"})
"""The systems that a scenario is played on."""
SYSTEMS = ("gitlab", "slack", "pagerduty", "zendesk", "incident_io")
VERB_OF = {"reacts": "slack", "ticket": "zendesk", "pages": "pagerduty"}
"""The verbs of systems other than GitLab."""

Number = Annotated[int, Meta(ge=1)]
Count = Annotated[int, Meta(ge=0)]


class Moment(Struct, frozen=True):
    """An instant, written in UTC to the minute."""

    instant: dt.datetime

    @classmethod
    def parse(cls, text: str) -> Self:
        if re.fullmatch(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d)?Z?", text, re.ASCII):
            try:
                return cls(dt.datetime.fromisoformat(text.removesuffix("Z")).replace(tzinfo=dt.UTC))
            except ValueError:
                raise ValueError(f"there is no time {text}; check day and hour") from None
        raise ValueError(f"'{text}' is no time; write it in UTC, like 2026-11-30 09:00")


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
    """Somebody fills in the form anew, all of it."""

    form: Mapping[str, str]


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


class Reacts(ByPerson, frozen=True, kw_only=True):
    """Somebody sets an emoji on a Slack message about the issue; `to` says which, such as `announcement`."""

    to: str
    emoji: str


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
    """When it is, and what then happens; each verb is described at its record."""

    at: Moment | None = None
    after: Interval | None = None
    waits_for: Word | tuple[Word, ...] = ()
    opens: Opens | None = None
    comments: Comments | None = None
    labels: Labels | None = None
    closes: Closes | None = None
    reopens: Reopens | None = None
    retitles: Retitles | None = None
    corrects: Corrects | None = None
    assigns: Assigns | None = None
    deletes_note: DeletesNote | None = None
    edits_note: EditsNote | None = None
    sweep: Literal[True] | None = None
    sweeps: Sweeps | None = None
    expect: MapNode | None = None
    reacts: Reacts | None = None
    ticket: MapNode | None = None
    pages: MapNode | None = None
    where: Where = NOWHERE


class Expected(Grammar, frozen=True, kw_only=True):
    """How an issue must stand. What is not named may be as it likes.

    `labels`, `assignees`, `linked` and `notified` are all of them, in any order; `has` must be among the labels, and
    `lacks` must not. `notes` counts all comments, `own` those of the bot; `internal` says of each of these in turn
    whether it is for members only. `says` and `never_says` are looked for in all that the bot wrote there; whom its
    notes mention is `notified`. `changes: none`: no sweep has changed anything about it since the last `expect`.
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


class GivenEntry(Grammar, frozen=True, kw_only=True):
    """What holds during the whole scenario."""

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
