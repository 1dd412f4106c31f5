"""What runs have in common: what they are given, what they give, and what earlier ones are known to have said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from msgspec import Struct, structs

from starkeeper.apply.entries import Record
from starkeeper.apply.target import Target
from starkeeper.errors import NOWHERE, Problem, nearest
from starkeeper.evaluate import Shortlist, evaluate
from starkeeper.facts import Progress, Source, read_facets
from starkeeper.model.decisions import Evaluation
from starkeeper.model.facts import Facts
from starkeeper.model.journal import Entry, Said
from starkeeper.model.plan import Outcome, Plan
from starkeeper.model.policies import Policies
from starkeeper.model.resources import ResourceKey
from starkeeper.model.rules import Renderer
from starkeeper.model.services import Services


class Connector(Source, Target, Protocol):
    """A service that trackers are read from and written to."""


class Run(Struct, frozen=True):
    """What a sweep planned, and what became of it; `outcomes` is empty in a dry run.

    `resources` is how many were read.
    """

    plan: Plan
    outcomes: tuple[Outcome, ...] = ()
    resources: int = 0


class Watch(Progress, Protocol):
    """Is told how a run gets on, for a progress bar, the log and what it cost."""

    def began(self, step: str) -> None:
        """Another part of the run begins: listing, deciding, reading facets, applying, reporting."""

    def planned(self, plan: Plan) -> None: ...

    def applying(self, done: int, total: int) -> None: ...


def said_of(said: Mapping[ResourceKey, Said], facts: Facts) -> dict[ResourceKey, Mapping[str, dt.datetime]]:
    """Of the resources that were read; one that has only the number of another is not taken for that.

    What a run with a later clock said, as a trial with `--now` may, is yet to be said.
    """
    found = ((each, said[each.key]) for each in (facts.resources if said else ()) if each.key in said)
    return {
        each.key: {key: at for key, at in known.notes.items() if at <= facts.now}
        for each, known in found
        if known.is_of(each)
    }


def unknown_names(what: str, names: Iterable[str], known: Iterable[str]) -> list[Problem]:
    """A problem for each name that is not there."""
    names_known = list(known)
    return [
        Problem(NOWHERE, f"there is no {what} '{name}'", nearest(name, names_known))
        for name in names
        if name not in names_known
    ]


def decide(
    policies: Policies, facts: Facts, connector: Connector, services: Services, render: Renderer, watch: Watch
) -> tuple[Evaluation, Facts]:
    """Evaluates, reads the facets that turned out to be in question, and evaluates again until none is missing."""
    shortlist = Shortlist()
    while True:
        watch.began("deciding")
        evaluation = evaluate(policies, facts, render, shortlist)
        if not evaluation.needs:
            return evaluation, facts
        watch.began("reading facets")
        known = read_facets(facts, evaluation.needs, connector, services)
        if known.resources is not facts.resources:
            shortlist = Shortlist()
        facts = known


def with_digests(record: Record | None, policies: Policies) -> Record | None:
    """Tells with each entry which text its rule had, so that an undo holds until that text changes."""
    if record is None:
        return None
    rules = [*policies.rules, *(each.summarize for each in policies.summaries)]
    digests = {(tracker, each.type, each.name): each.digest for each in rules for tracker in each.trackers}

    def tell(entries: Sequence[Entry]) -> None:
        known = ((each, digests.get((each.tracker, each.type, each.rule), "")) for each in entries)
        record([structs.replace(each, digest=digest) for each, digest in known])

    return tell
