"""What runs have in common: what they are given, what they give, and what earlier ones are known to have said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Protocol

from msgspec import Struct

from starkeeper.apply.target import Target
from starkeeper.errors import NOWHERE, Problem, nearest
from starkeeper.facts import Progress, Source
from starkeeper.model.facts import Facts
from starkeeper.model.journal import Said
from starkeeper.model.plan import Outcome, Plan
from starkeeper.model.resources import ResourceKey


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
