"""`starkeeper digest`: what is told at the beginning of a shift, and of a week."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from starkeeper.commands import journals, options
from starkeeper.commands.connecting import connect, hand_on
from starkeeper.commands.telling import tell
from starkeeper.commands.watching import costed, watching


@click.command(
    name="digest",
    epilog="Example: starkeeper digest hand-over --dry-run --plan plan.json",
)
@click.argument("name")
@click.option("--dry-run", is_flag=True, help="Stop after the plan: change nothing.")
@options.plan_option
@options.annotations_option
@journals.journal_options
@options.policy_options
@options.now_option
@options.output_option
@options.log_option
def command(
    name: str,
    dry_run: bool,
    plan_path: Path | None,
    annotations_path: Path | None,
    journal: Path | None,
    no_journal: bool,
    policy_paths: tuple[Path, ...],
    templates: Path | None,
    now: dt.datetime | None,
    output: str,
) -> int:
    """Write the issue and the Slack message of a digest, or bring them up to date.

    NAME is one of `digests` in the policies. A schedule runs it when a shift begins, and before, for the draft. Without
    SLACK_BOT_TOKEN or PAGERDUTY_API_KEY the rest of it is done.
    """
    if plan_path:
        options.check_writable(plan_path, "--plan")
    folder = journals.folder_of(journal, none=no_journal)
    if folder and not dry_run:
        journals.check_writable(folder)
    loaded = options.load(policy_paths, templates)
    settings = options.settings(loaded.host_urls)

    from starkeeper import flow, report

    policies = loaded.policies
    flow.the_digest(policies, name)
    at = options.the_time(now)
    header = journals.header_of(at, policies.digest, settings)
    connected = connect(settings, policies.desk, at, folder)
    file = None
    if folder and not dry_run:
        file = journals.begin(folder, header, connected.gitlab, keep_all=now is not None)
    with watching(quiet=output == "json") as watch:
        run = flow.digest(
            policies,
            connected.gitlab,
            options.renderer(templates, settings),
            at,
            watch,
            name,
            dry_run=dry_run,
            said=journals.said(folder, settings),
            record=file.record if file else None,
            services=connected.services,
            swept_at=journals.swept_at(folder, settings),
            heard_at=journals.last_sweep_at(folder, settings),
        )
    if not dry_run:
        hand_on(connected, settings, at, folder)
    plan = costed(run, connected.requests, watch)
    status = report.exit_status(plan, run.outcomes)
    tell(
        plan,
        run.outcomes,
        output=output,
        dry_run=dry_run,
        run=header.run,
        plan_path=plan_path,
        annotations_path=annotations_path,
    )
    return journals.status_with(file, status)
