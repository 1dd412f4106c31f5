"""Shows how a run gets on: a progress bar on a terminal, plain lines in a job's log."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import click
from msgspec import structs

from starkeeper.model.plan import Cost, Plan
from starkeeper.report.words import NOUNS, counted, counted_of, plural

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from starkeeper.flow import Run
    from starkeeper.model.resources import ResourceType


@contextlib.contextmanager
def watching(*, quiet: bool = False) -> Iterator[Watching]:
    """A watch for one run, on standard error so that standard output stays the report's."""
    if quiet:
        yield Watching()
    elif sys.stderr.isatty():
        with _bar() as progress:
            yield _Bar(progress)
    else:
        yield _Lines()


def costed(run: Run, requests: Mapping[str, int], watch: Watching) -> Plan:
    """The plan of a run, with what the run cost."""
    return structs.replace(run.plan, summary=Cost(resources=run.resources, requests=requests, seconds=watch.seconds))


class Watching:
    """Says nothing, and keeps how many seconds each step took."""

    def __init__(self) -> None:
        self._seconds: dict[str, float] = {}
        self._step, self._since = "", time.perf_counter()

    @property
    def seconds(self) -> dict[str, float]:
        """By step, in the order in which they first began; rounded, for more would mean nothing."""
        return {step: round(taken, 3) for step, taken in self._seconds.items()}

    def began(self, step: str) -> None:
        now = time.perf_counter()
        if self._step:
            self._seconds[self._step] = self._seconds.get(self._step, 0.0) + now - self._since
        self._step, self._since = step, now

    def reading(self, tracker: str, type: ResourceType, pages: int, of: int | None) -> None:
        pass

    def listed(self, tracker: str, type: ResourceType, resources: int) -> None:
        pass

    def planned(self, plan: Plan) -> None:
        pass

    def applying(self, done: int, total: int) -> None:
        pass


class _Lines(Watching):
    """One line when a list is read, one for the plan, and one for every hundredth change written."""

    def listed(self, tracker: str, type: ResourceType, resources: int) -> None:
        click.echo(f"read tracker {tracker}: {counted_of(resources, type)}", err=True)

    def planned(self, plan: Plan) -> None:
        click.echo(f"planned: {counted(len(plan.changes), 'change')}", err=True)

    def applying(self, done: int, total: int) -> None:
        if done % 100 == 0 or done == total:
            click.echo(f"applied: {done} of {counted(total, 'change')}", err=True)


class _Bar(Watching):
    def __init__(self, progress: Progress) -> None:
        super().__init__()
        self._progress = progress
        self._tasks: dict[str, TaskID] = {}

    def reading(self, tracker: str, type: ResourceType, pages: int, of: int | None) -> None:
        self._show(f"reading {tracker}, {plural(NOUNS[type])} (pages)", pages, of)

    def applying(self, done: int, total: int) -> None:
        self._show("writing", done, total)

    def _show(self, what: str, count: int, total: int | None) -> None:
        if what not in self._tasks:
            self._tasks[what] = self._progress.add_task(what, total=total)
        self._progress.update(self._tasks[what], completed=count, total=total)


def _bar() -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True)
