"""Rules as data, and what every condition and action must be able to do."""

from __future__ import annotations

import abc
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from typing import Any, ClassVar, Literal, Protocol, Self

import msgspec
from msgspec import Struct

from starkeeper.errors import NOWHERE, Where
from starkeeper.model.desk import Desk
from starkeeper.model.events import EventName
from starkeeper.model.facets import Facet, System
from starkeeper.model.facts import Facts
from starkeeper.model.plan import Change, SlackStep, Step
from starkeeper.model.resources import Resource, ResourceType
from starkeeper.model.values import Interval, LabelPattern, TemplateName, Text


class _KindMeta(msgspec.StructMeta, abc.ABCMeta):
    """Lets a record have methods that each kind must bring."""


class Kind(Struct, frozen=True, metaclass=_KindMeta):
    """What conditions and actions have in common.

    A kind lives in the file of its key. Its docstring is its page in the reference, its fields are its YAML; a kind
    with the single field `value` is written without a name for it. `types` are the resources that it is for; where its
    `system` is not connected it cannot be asked or done.
    """

    types: ClassVar[frozenset[ResourceType]] = frozenset({"issues", "merge_requests", "epics"})
    system: ClassVar[System] = "gitlab"

    def problems(self, desk: Desk, rule: Rule) -> tuple[str, ...]:
        """What is wrong with this use of the kind: what the type of the rule does not have, or names that the desk, or
        a tracker of the rule, does not define. Each is a sentence, and behind a semicolon what to do."""
        return ()

    def looks_at(self, rule: Rule) -> frozenset[str]:
        """The trackers of which it looks at all open issues, and not only at those of its rule."""
        return frozenset()

    def beside(self, others: Mapping[str, Kind]) -> Self:
        """The same, completed by what stands beside it in the policy; raises ValueError where that is missing.

        Fields whose name begins with an underscore are for this: they are no part of the YAML.
        """
        return self


class Occasion(Struct, frozen=True):
    """One of several times at which a rule may hold on one resource, and the names that templates see for it.

    `about` tells it from the others, in as many parts as conditions tell it apart; the same at every run, and also once
    the resource has moved elsewhere.
    """

    about: tuple[str, ...] = ()
    names: Mapping[str, Any] = {}


def each_with_each(every: Iterable[Sequence[Occasion]]) -> tuple[Occasion, ...]:
    """The occasions of several conditions that hold together; one that tells nothing apart where there are none."""
    return tuple(
        Occasion(
            tuple(about for part in parts for about in part.about),
            {name: value for part in parts for name, value in part.names.items()},
        )
        for parts in product(*(each for each in every if each))
    )


class Condition(Kind, frozen=True):
    """A question about one resource, answered from facts alone. `bound` are the names that it adds for the actions."""

    bound: ClassVar[frozenset[str]] = frozenset()

    @property
    def facets(self) -> frozenset[Facet]:
        """What it costs beyond the list; a condition that costs something is asked last."""
        return frozenset()

    @abc.abstractmethod
    def holds(self, resource: Resource, facts: Facts) -> bool:
        """Whether it holds now; raises FacetNeeded where a facet was not read yet."""

    @abc.abstractmethod
    def explain(self, resource: Resource, facts: Facts) -> str:
        """The value seen, in words, for `explain` and the reasons of a decision; plain text, at most a line."""

    def asks(self) -> frozenset[tuple[str, str]]:
        """Pairs of list parameter and value that GitLab can narrow by and lose nothing for which this holds.

        The pairs `state` and `labels` also say which resources are looked at here, so they must be true of each.
        """
        return frozenset()

    def bars(self) -> tuple[LabelPattern, ...]:
        """Labels with any one of which this holds on nothing; known in so many words, they spare many a look."""
        return ()

    def binds(self, resource: Resource, facts: Facts) -> Mapping[str, Any]:
        """The values of the names in `bound`, and under `fields` what its patterns found; asked where it holds."""
        return {}

    def occasions(self, resource: Resource, facts: Facts) -> tuple[Occasion, ...]:
        """On which occasions it holds, where these are told apart: each may be spoken of once. Asked where it holds."""
        return ()

    def next_change(self, resource: Resource, facts: Facts) -> dt.datetime | None:
        """The next instant after now at which the answer may be another one if nothing happens; None for never."""
        return None

    def held_since(self, resource: Resource, facts: Facts) -> dt.datetime | None:
        """The instant since which it holds because of the time alone; None where it is no question of time."""
        return None


class Clause(Struct, frozen=True):
    """A condition where the policy names it."""

    key: str
    condition: Condition
    where: Where = NOWHERE


class Renderer(Protocol):
    """What rules need to put something into words or to ask an expression. All raise RenderError."""

    def comment(self, template: Text | TemplateName, names: Mapping[str, Any]) -> str:
        """The text of a template as GitLab Markdown, every value escaped for it."""

    def word(self, template: Text, names: Mapping[str, Any]) -> str:
        """The text of a template where a label or a user is named: one line, no comma, not empty."""

    def plain(self, template: Text, names: Mapping[str, Any]) -> str:
        """The text of a template as one plain line, which may be empty: what is looked up, and never shown as it is."""

    def line(self, template: Text, names: Mapping[str, Any]) -> str:
        """The text of a template as the title of an issue: one plain line of at most 255 characters."""

    def message(self, template: Text | TemplateName, names: Mapping[str, Any]) -> str:
        """The text of a template in Slack's markup, every value escaped for it; raises RenderError where it is
        empty."""

    def reason(self, rule: Rule) -> str:
        """The small line beneath a Slack message that says which rule wrote it."""

    def note(self, parts: Sequence[str], rule: Rule, marker: str) -> str:
        """What `comment` gave as one finished note: with the line that says why and the marker, checked once more."""


class Match(Struct, frozen=True):
    """A rule that holds on a resource, as an action sees it: with the effects of the rules before it."""

    resource: Resource
    facts: Facts
    names: Mapping[str, Any]


class Action(Kind, frozen=True):
    """What a rule wants done to a resource on which it holds. One that `speaks` writes something for people to read.

    One that `tells` does so in Slack: its `outline` says where, and of its plan only that is sent which was not said
    before. One that `gathers` is asked once for all resources on which the rule holds, in `gather`. One that is
    `elsewhere` holds, in `acts`, what is done to the original instead. `names` are what its templates see beyond the
    rule's.
    """

    speaks: ClassVar[bool] = False
    tells: ClassVar[bool] = False
    gathers: ClassVar[bool] = False
    elsewhere: ClassVar[bool] = False
    names: ClassVar[frozenset[str]] = frozenset()

    @abc.abstractmethod
    def plan(self, rule: str, match: Match, render: Renderer) -> tuple[Step, ...]:
        """The steps that are still needed: none where the resource is already so."""

    def outline(self, rule: str, match: Match) -> tuple[SlackStep, ...]:
        """Of one that tells: the same steps before they are put into words, for most were said long ago."""
        return ()

    @property
    def channels(self) -> frozenset[str]:
        """The Slack channels that it names, as desk.yml calls them."""
        return frozenset()

    def acts(self) -> tuple[Act, ...]:
        """What is done to the original."""
        return ()

    def gather(
        self, rule: Rule, tracker: str, sections: Sequence[Section], facts: Facts, render: Renderer
    ) -> tuple[Change, ...]:
        """The changes that are still needed for the resources of one tracker together, `sections` of them."""
        return ()


class Act(Struct, frozen=True):
    """An action where the policy names it."""

    key: str
    action: Action
    where: Where = NOWHERE


class Limits(Struct, frozen=True):
    """At most so many of the resources on which a rule holds, by age; `most_recent` wins where both are given."""

    most_recent: int | None = None
    oldest: int | None = None


class Repeat(Struct, frozen=True):
    """A rule that may speak again: `every` so long after it last did, `at_most` so many times in all.

    With a `calendar` only the time counts in which it is open. When it would be time again and it may not, the actions
    of `then` are done, if it has any.
    """

    every: Interval
    at_most: int | None = None
    calendar: str = ""
    then: tuple[Act, ...] = ()


class Rule(Struct, frozen=True, kw_only=True):
    """One entry of a policy: on the resources of that type for which every condition holds, the actions are wanted.

    It runs at once on its `events`, with None on all, and at every sweep. `is_left` says of a rule in a reaction that
    it is left to the sweep: "for_now" since it waits for another event or the time, "whole" since it is about all
    issues.
    """

    name: str
    policy: str
    where: Where = NOWHERE
    type: ResourceType = "issues"
    trackers: tuple[str, ...] = ()
    events: tuple[EventName, ...] | None = None
    conditions: tuple[Clause, ...] = ()
    limits: Limits = Limits()
    actions: tuple[Act, ...] = ()
    repeat: Repeat | None = None
    max_changes: str | int | None = None
    digest: str = ""
    is_left: Literal["", "for_now", "whole"] = ""


class Summary(Struct, frozen=True, kw_only=True):
    """Several rules whose resources are listed in one issue; of the rules themselves only that is done.

    `summarize` is the rule that says so: its action gives the issue's words, and it has no conditions of its own.
    """

    summarize: Rule
    parts: tuple[Rule, ...]


class Section(Struct, frozen=True):
    """One rule, and the resources of one tracker on which it holds."""

    rule: Rule
    matches: tuple[Match, ...]
