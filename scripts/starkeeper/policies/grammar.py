"""What a policy file may hold around its conditions and actions: the records that files are bound to."""

from __future__ import annotations

import re
from typing import Annotated, ClassVar, Literal, Self

from msgspec import Meta, Struct

from starkeeper.errors import NOWHERE, Where
from starkeeper.model.resources import ResourceType
from starkeeper.model.rules import Act, Clause
from starkeeper.model.values import Interval
from starkeeper.policies.nodes import ListNode, MapNode

Event = Literal["issue.opened", "issue.updated", "issue.labelled", "issue.closed", "issue.reopened", "note.created"]
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
}
LATER_TYPES = ("slack_messages", "pages", "tickets", "incidents", "shifts")
LATER_CONDITIONS = frozenset(
    {
        "slack_reaction",
        "ticket",
        "page",
        "incident",
        "on_call",
        "channel",
        "reaction",
        "reply_is",
    }
)
LATER_ACTIONS = frozenset({"work_item_status", "slack", "page", "zendesk", "incident", "override"})


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
    """A level of desk.yml and people.yml. There a key with nothing behind it is an error: what is left out can turn a
    fuse off, or open a calendar round the clock, and that must not happen by a slip. Only whole sections may be empty.
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
    events: tuple[Event, ...] = ()
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


class PolicyFile(Grammar, frozen=True, kw_only=True):
    """One policy file."""

    resource_rules: MapNode
    tracker: Word | tuple[Word, ...] = ()
    max_changes: Ceiling | None = None
    host_url: Word | None = None
    api_version: Literal["v4"] = "v4"
    per_page: Annotated[int, Meta(ge=1)] = 100
