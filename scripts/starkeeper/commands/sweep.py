"""`starkeeper sweep`: the main job."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import click

from starkeeper.commands import journals, options
from starkeeper.commands.connecting import connect, hand_on
from starkeeper.commands.telling import tell
from starkeeper.commands.watching import costed, watching

if TYPE_CHECKING:
    from starkeeper.model.parts import Part


@click.command(
    name="sweep",
    epilog="Example: starkeeper sweep --dry-run --tracker star --plan plan.json",
)
@click.option("--dry-run", is_flag=True, help="Stop after the plan: change nothing.")
@click.option("--tracker", "trackers", multiple=True, metavar="NAME", help="Only this tracker of desk.yml; repeatable.")
@click.option("--rule", "rules", multiple=True, metavar="NAME", help="Only this rule; repeatable.")
@click.option(
    "--shard",
    "part",
    type=options.PartOf(),
    metavar="K/N",
    help="Only the Kth of N parts, which other jobs sweep at the same time. Listed is all in each.",
)
@options.plan_option
@options.annotations_option
@journals.journal_options
@options.plain_options
@options.policy_options
@options.now_option
@options.output_option
@options.log_option
def command(
    dry_run: bool,
    trackers: tuple[str, ...],
    rules: tuple[str, ...],
    part: Part | None,
    plan_path: Path | None,
    annotations_path: Path | None,
    journal: Path | None,
    no_journal: bool,
    project: str | None,
    group: str | None,
    policy_paths: tuple[Path, ...],
    templates: Path | None,
    now: dt.datetime | None,
    output: str,
) -> int:
    """Read the trackers, plan what the policies want, and do it.

    A policy written for gitlab-triage needs no desk.yml: name its project or group. GITLAB_URL and GITLAB_TOKEN say
    which GitLab; without a token only what is public can be read. SLACK_BOT_TOKEN and PAGERDUTY_API_KEY connect Slack
    and PagerDuty; without them the rules that need them are skipped.
    """
    if plan_path:
        options.check_writable(plan_path, "--plan")
    folder = journals.folder_of(journal, none=no_journal)
    if folder and not dry_run:
        journals.check_writable(folder)
    loaded = options.load(policy_paths, templates, options.plain_tracker(project, group))
    settings = options.settings(loaded.host_urls)

    from starkeeper import flow, report

    policies = flow.narrowed(loaded.policies, trackers, rules)
    at = options.the_time(now)
    header = journals.header_of(at, policies.digest, settings)
    connected = connect(settings, policies.desk, at, folder)
    gitlab = connected.gitlab
    file = journals.begin(folder, header, gitlab, keep_all=now is not None) if folder and not dry_run else None
    with watching(quiet=output == "json") as watch:
        render = options.renderer(templates, settings)
        said, record = journals.said(folder, settings), file.record if file else None
        run = flow.sweep(
            policies,
            gitlab,
            render,
            at,
            watch,
            dry_run=dry_run,
            said=said,
            record=record,
            services=connected.services,
            swept_at=journals.swept_at(folder, settings),
            part=part,
        )
    plan = costed(run, connected.requests, watch)
    status = report.exit_status(plan, run.outcomes)
    if not dry_run:
        hand_on(connected, settings, at, folder)
    if folder and not dry_run and not (trackers or rules) and (part is None or part.is_first):
        journals.keep_sweep(folder, settings, at, status)
    tell(
        plan,
        run.outcomes,
        output=output,
        dry_run=dry_run,
        run=header.run,
        undo=journals.undo_command(
            file, header.run, {"--policies": policy_paths, "--project": project, "--group": group}
        ),
        plan_path=plan_path,
        annotations_path=annotations_path,
    )
    return journals.status_with(file, status)
