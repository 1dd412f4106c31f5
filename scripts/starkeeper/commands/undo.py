"""`starkeeper undo RUN`: takes back what a run did."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import click

from starkeeper.commands import journals, options
from starkeeper.commands.telling import tell
from starkeeper.commands.watching import costed, watching

if TYPE_CHECKING:
    from starkeeper.model.journal import Journal
    from starkeeper.settings import Settings

SHOWN = 10


@click.command(
    name="undo",
    epilog="\b\nOf one run: starkeeper undo 2026-11-30T0930Z-3fa9c1 --dry-run\nExample: starkeeper undo",
)
@click.argument("wanted", metavar="[RUN]", required=False)
@click.option("--dry-run", is_flag=True, help="Stop after the plan: change nothing.")
@click.option("--tracker", "trackers", multiple=True, metavar="NAME", help="Only in this tracker; repeatable.")
@click.option("--rule", "rules", multiple=True, metavar="NAME", help="Only what this rule did; repeatable.")
@journals.journal_option
@options.plain_options
@options.policy_options
@options.now_option
@options.output_option
@options.log_option
def command(
    wanted: str | None,
    dry_run: bool,
    trackers: tuple[str, ...],
    rules: tuple[str, ...],
    journal: Path | None,
    project: str | None,
    group: str | None,
    policy_paths: tuple[Path, ...],
    templates: Path | None,
    now: dt.datetime | None,
    output: str,
) -> int:
    """Take back what a run did: labels, state, assignees, due date, lock and confidentiality.

    RUN is the name that the sweep printed, or the beginning of it; without one the last runs are listed. What anybody
    has touched since is left, and said. Notes and opened issues stay. The rules whose doing was undone keep off an
    issue until their text changes, or until the label starkeeper:undone is taken off.
    """
    folder = journal or journals.FOLDER
    if wanted is None:
        return _list(folder, output)
    run = _run_named(wanted, folder)
    if not dry_run:
        journals.check_writable(folder)
    loaded = options.load(policy_paths, templates, options.plain_tracker(project, group))
    settings = options.settings(loaded.host_urls)

    from starkeeper import flow, report
    from starkeeper.journal import read_journal, undone_by

    done = read_journal(folder, run)
    _check_place(done, settings)
    at, policies = options.the_time(now), loaded.policies
    header = journals.header_of(at, policies.digest, settings, undoes=run)
    gitlab = options.gitlab(settings)
    file = None if dry_run else journals.begin(folder, header, gitlab, keep_all=now is not None)
    with watching(quiet=output == "json") as watch:
        undone = flow.undo(
            policies,
            gitlab,
            done,
            at,
            watch,
            dry_run=dry_run,
            trackers=trackers,
            rules=rules,
            earlier=undone_by(folder, run),
            record=file.record if file else None,
        )
    plan = costed(undone, gitlab.requests, watch)
    named = {"--policies": policy_paths, "--project": project, "--group": group}
    undo = journals.undo_command(file, header.run, named)
    tell(plan, undone.outcomes, output=output, dry_run=dry_run, run=header.run, undo=undo)
    return journals.status_with(file, report.exit_status(plan, undone.outcomes))


def _run_named(wanted: str, folder: Path) -> str:
    """The one run of that name or beginning."""
    from starkeeper.journal import find_runs

    runs = find_runs(folder)
    found = [wanted] if wanted in runs else [each for each in runs if wanted and each.startswith(wanted)]
    if len(found) == 1:
        return found[0]
    if found:
        raise click.UsageError(f"'{wanted}' may be any of {', '.join(found[-SHOWN:])}; write more of it")
    if not runs:
        raise click.UsageError(
            f"there is no run '{wanted}', for '{folder}' holds no journal; name its folder with --journal"
        )
    raise click.UsageError(f"there is no run '{wanted}' in '{folder}'; {_near(wanted, runs)}")


def _near(wanted: str, runs: tuple[str, ...]) -> str:
    import difflib

    close = difflib.get_close_matches(wanted, runs, n=3, cutoff=0.7)
    return f"did you mean {' or '.join(close)}?" if close else f"the last are {', '.join(runs[-SHOWN:])}"


def _check_place(journal: Journal, settings: Settings) -> None:
    if journal.header.gitlab_url != settings.gitlab_url:
        from starkeeper.errors import NOWHERE, PolicyError, Problem

        message = (
            f"run {journal.header.run} was at {journal.header.gitlab_url}, and GITLAB_URL is {settings.gitlab_url}"
        )
        raise PolicyError([Problem(NOWHERE, message, "set GITLAB_URL to where the run was")])


def _list(folder: Path, output: str) -> int:
    """The last runs, the latest first, with what they changed."""
    from starkeeper.errors import PolicyError
    from starkeeper.journal import find_runs, read_journal
    from starkeeper.report.runs import runs_as_json, runs_in_words

    read: list[Journal] = []
    for run in reversed(find_runs(folder)[-SHOWN:]):
        try:
            read.append(read_journal(folder, run))
        except PolicyError as error:
            click.echo(f"passed over: {error}", err=True)
    click.echo(runs_as_json(read) if output == "json" else runs_in_words(read, str(folder)))
    return 0
