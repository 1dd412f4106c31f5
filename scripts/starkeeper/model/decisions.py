"""What the rules decided: which rule holds on which issue, why, and the steps that it wants."""

from __future__ import annotations

from msgspec import Struct

from starkeeper.model.facets import Facet
from starkeeper.model.plan import Change, Conflict, Failure, Notice, Step
from starkeeper.model.resources import Resource, ResourceKey, Subject
from starkeeper.model.rules import Match, Rule


class Decision(Struct, frozen=True):
    """A rule that holds on a resource; `steps` is empty where everything is so already.

    `because_of` is the resource on which it holds, where the steps are for another: its original.
    """

    rule: Rule
    resource: Resource
    steps: tuple[Step, ...] = ()
    because_of: Resource | None = None


class Chosen(Struct, frozen=True):
    """The resources on which a rule holds; `is_whole` says that it could be told of every one of its tracker."""

    matches: tuple[Match, ...] = ()
    is_whole: bool = False


class Evaluation(Struct, frozen=True, kw_only=True):
    """All decisions of one pass, rule by rule.

    `gathered` are the changes to summaries, `left` the resources of which the rest is left to the sweep. Where `needs`
    is not empty the pass could not answer everything: read those facets and evaluate again.
    """

    decisions: tuple[Decision, ...] = ()
    gathered: tuple[Change, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    errors: tuple[Failure, ...] = ()
    notices: tuple[Notice, ...] = ()
    needs: frozenset[tuple[Facet, Subject]] = frozenset()
    left: frozenset[ResourceKey] = frozenset()
