"""Rules as data, and what every condition and action must be able to do."""

from __future__ import annotations

import abc
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Protocol, Self

import msgspec
from msgspec import Struct

from starkeeper.errors import NOWHERE, Where
from starkeeper.model.desk import Desk
from starkeeper.model.facts import Facet, Facts
from starkeeper.model.plan import Skipped, Step
from starkeeper.model.resources import Issue
from starkeeper.model.values import Interval, TemplateName, Text


class _KindMeta(msgspec.StructMeta, abc.ABCMeta):
    """Lets a record have methods that each kind must bring."""


class Kind(Struct, frozen=True, metaclass=_KindMeta):
    """What conditions and actions have in common.

    A kind lives in the file of its key. Its docstring is its page in the reference, its fields are its YAML; a kind
    with the single field `value` is written without a name for it.
    """

    def problems(self, desk: Desk, trackers: tuple[str, ...]) -> tuple[str, ...]:
        """What is wrong with this use of the kind: names that the desk, or a tracker of the rule, does not define."""
        return ()

    def beside(self, others: Mapping[str, Kind]) -> Self:
        """The same, completed by what stands beside it in the policy; raises ValueError where that is missing.

        Fields whose name begins with an underscore are for this: they are no part of the YAML.
        """
        return self


class Condition(Kind, frozen=True):
    """A question about one issue, answered from facts alone. `bound` holds the names that it adds for the actions."""

    bound: ClassVar[frozenset[str]] = frozenset()

    @property
    def facets(self) -> frozenset[Facet]:
        """What it costs beyond the list; a condition that costs something is asked last."""
        return frozenset()

    @abc.abstractmethod
    def holds(self, issue: Issue, facts: Facts) -> bool:
        """Whether it holds now; raises FacetNeeded where a facet was not read yet."""

    @abc.abstractmethod
    def explain(self, issue: Issue, facts: Facts) -> str:
        """The value seen, in words, for `explain` and the reasons of a decision; plain text, at most a line."""

    def asks(self) -> frozenset[tuple[str, str]]:
        """Pairs of list parameter and value that GitLab can narrow by and lose no issue for which this holds."""
        return frozenset()

    def binds(self, issue: Issue, facts: Facts) -> Mapping[str, Any]:
        """The values of the names in `bound`, and under `fields` what its patterns found; asked where it holds."""
        return {}


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

    def note(self, parts: Sequence[str], rule: Rule, occurrence: int) -> str:
        """The comments of one rule as one note: with the line that says why and the marker, checked once more."""


class Match(Struct, frozen=True):
    """A rule that holds on an issue, as an action sees it: the issue with the effects of the rules before it."""

    issue: Issue
    facts: Facts
    names: Mapping[str, Any]


class Action(Kind, frozen=True):
    """What a rule wants done to an issue on which it holds. One that `speaks` writes something for people to read."""

    speaks: ClassVar[bool] = False

    @abc.abstractmethod
    def plan(self, rule: str, match: Match, render: Renderer) -> tuple[Step, ...]:
        """The steps that are still needed: none where the issue is already so."""


class Act(Struct, frozen=True):
    """An action where the policy names it."""

    key: str
    action: Action
    where: Where = NOWHERE


class Limits(Struct, frozen=True):
    """At most so many of the issues on which a rule holds, by age; `most_recent` wins where both are given."""

    most_recent: int | None = None
    oldest: int | None = None


class Repeat(Struct, frozen=True):
    """A rule that may speak again: `every` so long after it last did, `at_most` so many times in all."""

    every: Interval
    at_most: int | None = None


class Rule(Struct, frozen=True, kw_only=True):
    """One entry of a policy: on the issues of `trackers` for which every condition holds, the actions are wanted."""

    name: str
    policy: str
    where: Where = NOWHERE
    type: str = "issues"
    trackers: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    conditions: tuple[Clause, ...] = ()
    limits: Limits = Limits()
    actions: tuple[Act, ...] = ()
    repeat: Repeat | None = None
    max_changes: str | int | None = None


class Policies(Struct, frozen=True, kw_only=True):
    """All that one run was told: the rules in order, the desk, and a digest of the files that they come from."""

    rules: tuple[Rule, ...] = ()
    desk: Desk = Desk()
    digest: str = ""
    max_changes: Mapping[str, str | int] = {}
    skipped: tuple[Skipped, ...] = ()
