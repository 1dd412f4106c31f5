"""What the rules decided: which rule holds on which issue, why, and the steps that it wants."""

from __future__ import annotations

from msgspec import Struct

from starkeeper.model.facts import Facet
from starkeeper.model.plan import Change, Conflict, Failure, Notice, Step
from starkeeper.model.resources import Resource, Subject
from starkeeper.model.rules import Rule


class Decision(Struct, frozen=True):
    """A rule that holds on a resource; `steps` is empty where everything is so already.

    `because_of` is the resource on which it holds, where the steps are for another: its original.
    """

    rule: Rule
    resource: Resource
    steps: tuple[Step, ...] = ()
    because_of: Resource | None = None


class Evaluation(Struct, frozen=True, kw_only=True):
    """All decisions of one pass, rule by rule.

    `gathered` are the changes to summaries. Where `needs` is not empty the pass could not answer everything: read those
    facets and evaluate again.
    """

    decisions: tuple[Decision, ...] = ()
    gathered: tuple[Change, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    errors: tuple[Failure, ...] = ()
    notices: tuple[Notice, ...] = ()
    needs: frozenset[tuple[Facet, Subject]] = frozenset()
