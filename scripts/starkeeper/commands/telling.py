"""What a run came to, said where somebody asked for it: on standard output, in the plan's file, on the job's page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from starkeeper.commands import options

if TYPE_CHECKING:
    from starkeeper.model.plan import Outcome, Plan


def tell(
    plan: Plan,
    outcomes: Sequence[Outcome],
    *,
    output: str,
    dry_run: bool,
    run: str,
    undo: str = "",
    plan_path: Path | None = None,
    annotations_path: Path | None = None,
) -> None:
    """Says it as a table, or with `output` "json" as JSON; `run` is its name, `undo` what takes it back."""
    from starkeeper import report

    try:
        if output == "json":
            click.echo(report.as_json(plan, outcomes, "" if dry_run else run), nl=False)
        else:
            from starkeeper.report.table import show_run

            show_run(options.console(), plan, outcomes, dry=dry_run, run=run, undo=undo)
    finally:
        # Also where nobody reads the report any more.
        write_files(plan, plan_path, annotations_path)


def write_files(plan: Plan, plan_path: Path | None, annotations_path: Path | None) -> None:
    """The plan, and the links of the job's page, where they were asked for."""
    from starkeeper import report

    if plan_path:
        options.write_plan(plan_path, report.plan_file(plan))
    options.write_annotations(annotations_path, plan)
