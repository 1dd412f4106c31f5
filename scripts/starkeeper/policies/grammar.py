"""What a policy file may hold around its conditions and actions: the records that files are bound to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal, Self

from msgspec import Meta, Struct

from starkeeper.errors import NOWHERE, Where
from starkeeper.model.events import EventName
from starkeeper.model.forms import FieldKind
from starkeeper.model.resources import ResourceType
from starkeeper.model.rules import Act, Clause
from starkeeper.model.values import Interval, LabelPattern, Pattern, TemplateName, Text
from starkeeper.policies.nodes import ListNode, MapNode

FindingName = Literal[
    "added-and-removed",
    "braces-kept",
    "dead-magic",
    "does-nothing",
    "empties-its-summary",
    "ignored-in-summary",
    "literal-newline",
    "never-matches",
    "own-activity",
    "repeats",
    "shared-name",
    "undone",
    "unlike-its-name",
    "warning-stays",
]
RULE_TYPES: dict[str, ResourceType] = {
    "issues": "issues",
    "merge_requests": "merge_requests",
    "epics": "epics",
    "branches": "branches",
    # GitLab lists its other work items among the issues.
    "work_items": "issues",
    "slack_messages": "slack_messages",
    "shifts": "shifts",
}
PLACED_BY: dict[ResourceType, str] = {"slack_messages": "channel", "shifts": "rotation"}
"""The condition that says where a rule for what is not in GitLab looks."""
LATER_TYPES = ("pages", "tickets", "incidents")
LATER_CONDITIONS = frozenset(
    {
        "ticket",
        "page",
        "incident",
    }
)
LATER_ACTIONS = frozenset({"work_item_status", "page", "zendesk", "incident"})


class Word(Struct, frozen=True):
    """A name in a policy, and where it stands there."""

    text: str
    where: Where = NOWHERE


class Ceiling(Struct, frozen=True):
    """How many changes are still believable: a number, or a part of the tracker's resources such as `25%`."""

    value: int | str

    @classmethod
    def parse(cls, text: str) -> Self:
        if re.fullmatch(r"[0-9]{1,9}", text):
            return cls(int(text))
        if re.fullmatch(r"(100|[0-9]{1,2})%", text):
            return cls(text)
        raise ValueError(f"'{text}' is no ceiling; write a number such as 20, or a part of the issues such as '25%'")


class Grammar(Struct, frozen=True):
    """A level of the file around the kinds; a key with nothing behind it counts as left out, as in gitlab-triage."""


class DeskGrammar(Grammar, frozen=True):
    """A level of desk.yml, people.yml and forms. There a key with nothing behind it is an error: what is left out can
    turn a fuse off, or open a calendar round the clock, and that must not happen by a slip. Only whole sections may be
    empty.
    """

    may_be_empty: ClassVar[frozenset[str]] = frozenset()


class LimitsEntry(Struct, frozen=True, kw_only=True):
    """At most so many of the resources on which the rule holds; `most_recent` wins where both are given.

    A limit without a number would be none at all, so it is an error; what is left out is -1.
    """

    most_recent: Annotated[int, Meta(ge=0)] = -1
    oldest: Annotated[int, Meta(ge=0)] = -1


class RepeatEntry(Grammar, frozen=True, kw_only=True):
    """How a rule speaks again: `every` so long after it last did, `at_most` so many times in all.

    With a `calendar` only the time counts in which it is open. After that many times, when it would be time again, the
    actions of `then` are done, what they say once.
    """

    every: Interval
    calendar: Word = Word("")
    at_most: Annotated[int, Meta(ge=1)] | None = None
    then: tuple[Act, ...] = ()


class RuleEntry(Grammar, frozen=True, kw_only=True):
    """One rule: on the resources for which every condition holds, the actions are done."""

    name: Word | None = None
    tracker: Word | tuple[Word, ...] = ()
    events: tuple[EventName, ...] | None = None
    conditions: tuple[Clause, ...] = ()
    limits: LimitsEntry = LimitsEntry()
    actions: tuple[Act, ...] = ()
    repeat: RepeatEntry | None = None
    once: bool = True
    max_changes: Ceiling | None = None
    api: Literal["rest", "graphql"] | None = None
    meant: tuple[FindingName, ...] = ()
    where: Where = NOWHERE


class SummaryEntry(Grammar, frozen=True, kw_only=True):
    """Several rules whose resources are listed in one issue, which `actions` words with `summarize`."""

    rules: ListNode
    actions: tuple[Act, ...]
    name: Word | None = None
    tracker: Word | tuple[Word, ...] = ()
    meant: tuple[FindingName, ...] = ()
    where: Where = NOWHERE


class Section(Grammar, frozen=True, kw_only=True):
    """The rules for one type of thing, in the order in which they run; `summaries` come before them."""

    rules: ListNode | None = None
    summaries: ListNode | None = None


class DigestListEntry(Grammar, frozen=True, kw_only=True):
    """Issues of one tracker that a digest tells of; `name` is what its templates call them, as in `lists.stars`.

    `clocks` are those of desk.yml by which they fall due, all of them if left out.
    """

    name: Word
    tracker: Word
    conditions: tuple[Clause, ...] = ()
    clocks: Word | tuple[Word, ...] | None = None
    where: Where = NOWHERE


class DigestIssueEntry(Grammar, frozen=True, kw_only=True):
    """The one issue of each shift, in the project of a tracker; it is hidden from outsiders unless that is said.

    `assign: incoming` gives it to whoever comes on call, when it is opened; where that is not known it gets the label
    `needs-human`.
    """

    tracker: Word
    title: Text
    template: TemplateName
    confidential: bool = True
    assign: Literal["incoming"] | None = None


class DigestMessageEntry(Grammar, frozen=True, kw_only=True):
    """The one message of each shift, in a channel of desk.yml; `draft` words the one that is said before."""

    post: Word
    template: TemplateName
    draft: TemplateName | None = None


class FeedbackMeasuresEntry(Grammar, frozen=True, kw_only=True):
    """Feedback: its tracker, the field that says which kind it is, the label of what asks for contact and the clock
    that runs on it, the label of what is good, and those of trends."""

    tracker: Word
    kind: Word
    asked: LabelPattern
    clock: Word
    good: LabelPattern
    trends: LabelPattern


class WeekMeasuresEntry(Grammar, frozen=True, kw_only=True):
    """STARs: their tracker, the clock of their answer, the calendar whose open time counts, the rotation whose shifts
    tell the regions apart, the labels of what was acknowledged and what was unstarred, and those of trends."""

    tracker: Word
    clock: Word
    calendar: Word
    rotation: Word
    acknowledged: LabelPattern
    unstarred: LabelPattern
    trends: LabelPattern
    feedback: FeedbackMeasuresEntry | None = None


class MeasuresEntry(Grammar, frozen=True, kw_only=True):
    """What is measured: the last `week`, beside the four before it."""

    week: WeekMeasuresEntry


class DigestEntry(Grammar, frozen=True, kw_only=True):
    """What is told at the beginning of each shift of a `rotation`, in an `issue`, in `slack`, or in both.

    With `draft_before`, 4 hours at most, a run so long before the next shift, or less, is about that one: a draft for
    whoever is on call now. In its first two hours, or half of a shorter one, the shift that is on comes first. `pages`
    are services of desk.yml whose open incidents are told, too; `weekend` is a calendar: templates know whether the
    shift begins while it is closed. With `measures` the digest is about the last week, once in each.
    """

    name: Word
    rotation: Word
    draft_before: Interval | None = None
    lists: tuple[DigestListEntry, ...] = ()
    pages: Word | tuple[Word, ...] = ()
    weekend: Word | None = None
    measures: MeasuresEntry | None = None
    issue: DigestIssueEntry | None = None
    slack: DigestMessageEntry | None = None
    where: Where = NOWHERE


class FormFieldEntry(DeskGrammar, frozen=True, kw_only=True):
    """One question of a form, which `about` puts to whoever fills it in; its answer stands below `heading`, or below
    the heading of the tracker's `form` that reads a field of that name.

    `kind` is what is asked for: one `line`, a `text` of several, a `count` from 1 up, the number of a `ticket`, a
    `time` in UTC, a `manager` of desk.yml, or a `link`. With `options` it is one of these; answers that people think
    of are `refused`, each with what to do instead. A `pattern` must fit all of the answer, and `such_as` is an example
    of it.

    `required_when: {form: [SaaS]}` asks for it where another field has one of these answers; `forbidden_when` refuses
    it there and says `why`. A time comes `after` that of another field, or after `now`, and by `at_most` so much.
    """

    about: str
    kind: FieldKind = "line"
    heading: str = ""
    required: bool = False
    required_when: Mapping[str, Word | tuple[Word, ...]] = {}
    forbidden_when: Mapping[str, Word | tuple[Word, ...]] = {}
    why: str = ""
    options: tuple[Word, ...] = ()
    refused: Mapping[str, str] = {}
    pattern: Pattern | None = None
    such_as: str = ""
    max_length: Annotated[int, Meta(ge=1, le=4_000)] | None = None
    after: Word | None = None
    at_most: Interval | None = None
    where: Where = NOWHERE


class FormHoursEntry(DeskGrammar, frozen=True, kw_only=True):
    """The calendar while which is open the form can be filled in, and what to do while it is closed."""

    calendar: Word
    otherwise: str


class FormEntry(DeskGrammar, frozen=True, kw_only=True):
    """What somebody fills in, and the issue of a tracker that it becomes, opened once.

    Without a `template` each answer stands below its heading, as the tracker's `form` reads it. `confidential` hides
    the issue from outsiders from its first moment.
    """

    name: Word
    tracker: Word
    title: Text
    fields: Mapping[str, FormFieldEntry]
    template: TemplateName | None = None
    confidential: bool = False
    within: FormHoursEntry | None = None
    where: Where = NOWHERE


class PolicyFile(Grammar, frozen=True, kw_only=True):
    """One policy file."""

    resource_rules: MapNode | None = None
    digests: tuple[DigestEntry, ...] = ()
    forms: tuple[FormEntry, ...] = ()
    tracker: Word | tuple[Word, ...] = ()
    max_changes: Ceiling | None = None
    host_url: Word | None = None
    api_version: Literal["v4"] = "v4"
    per_page: Annotated[int, Meta(ge=1)] = 100
