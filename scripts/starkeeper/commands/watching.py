"""Shows how a run gets on: a progress bar on a terminal, plain lines in a job's log."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from starkeeper.flow import Watch
from starkeeper.report.words import counted

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from starkeeper.model.plan import Plan


@contextlib.contextmanager
def watching(*, quiet: bool = False) -> Iterator[Watch]:
    """A watch for one run, on standard error so that standard output stays the report's."""
    if quiet:
        yield _Silent()
    elif sys.stderr.isatty():
        with _bar() as progress:
            yield _Bar(progress)
    else:
        yield _Lines()


class _Silent:
    def reading(self, tracker: str, pages: int, of: int | None) -> None:
        pass

    def listed(self, tracker: str, issues: int) -> None:
        pass

    def planned(self, plan: Plan) -> None:
        pass

    def applying(self, done: int, total: int) -> None:
        pass


class _Lines(_Silent):
    """One line when a tracker is read, one for the plan, and one for every hundredth issue written."""

    def listed(self, tracker: str, issues: int) -> None:
        click.echo(f"read tracker {tracker}: {counted(issues, 'issue')}", err=True)

    def planned(self, plan: Plan) -> None:
        click.echo(f"planned: {counted(len(plan.changes), 'issue')} to change", err=True)

    def applying(self, done: int, total: int) -> None:
        if done % 100 == 0 or done == total:
            click.echo(f"applied: {done} of {total} issues", err=True)


class _Bar(_Silent):
    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._tasks: dict[str, TaskID] = {}

    def reading(self, tracker: str, pages: int, of: int | None) -> None:
        self._show(f"reading {tracker} (pages)", pages, of)

    def applying(self, done: int, total: int) -> None:
        self._show("writing (issues)", done, total)

    def _show(self, what: str, count: int, total: int | None) -> None:
        if what not in self._tasks:
            self._tasks[what] = self._progress.add_task(what, total=total)
        self._progress.update(self._tasks[what], completed=count, total=total)


def _bar() -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True)
