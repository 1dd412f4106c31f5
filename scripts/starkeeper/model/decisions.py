"""What the rules decided: which rule holds on which issue, why, and the steps that it wants."""

from __future__ import annotations

from msgspec import Struct

from starkeeper.model.facts import Facet
from starkeeper.model.plan import Conflict, Failure, Step
from starkeeper.model.resources import Issue, IssueKey
from starkeeper.model.rules import Rule


class Decision(Struct, frozen=True):
    """A rule that holds on an issue; `steps` is empty where everything is so already."""

    rule: Rule
    issue: Issue
    steps: tuple[Step, ...] = ()


class Evaluation(Struct, frozen=True, kw_only=True):
    """All decisions of one pass, rule by rule.

    Where `needs` is not empty the pass could not answer everything: read those facets and evaluate again.
    """

    decisions: tuple[Decision, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    errors: tuple[Failure, ...] = ()
    needs: frozenset[tuple[Facet, IssueKey]] = frozenset()
