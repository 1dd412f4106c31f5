"""`starkeeper react`: what an issue event starts."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import click

from starkeeper.commands import journals, options
from starkeeper.commands.connecting import connect, hand_on
from starkeeper.commands.telling import tell, write_files
from starkeeper.commands.watching import costed, watching
from starkeeper.errors import ConnectorError


@click.command(
    name="react",
    epilog="Example: starkeeper react --payload event.json --dry-run",
)
@click.option(
    "--payload",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="What the webhook sent.  [default: the file that TRIGGER_PAYLOAD names]",
)
@click.option("--dry-run", is_flag=True, help="Stop after the plan: change nothing.")
@options.plan_option
@options.annotations_option
@journals.journal_options
@options.policy_options
@options.now_option
@options.output_option
@options.log_option
def command(
    payload: Path | None,
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
    """Run the rules for one event on one issue, as soon as GitLab tells of it.

    Of what the webhook sent only numbers and fixed words are taken; the issue is read anew. What is not about an issue
    of the desk, or cannot be understood, is left with one line and exit status 0: the next sweep does whatever an event
    would have done sooner.
    """
    if plan_path:
        options.check_writable(plan_path, "--plan")
    folder = journals.folder_of(journal, none=no_journal)

    from starkeeper import report
    from starkeeper.facts.payloads import Unclear, read_event
    from starkeeper.model.plan import Plan

    def left_alone(why: str) -> int:
        """Said in words of our own: what stood in the payload belongs in no log."""
        click.echo(f"Nothing to do: {why}. The next sweep looks at everything.", err=True)
        nothing = Plan(now=options.the_time(now).strftime("%Y-%m-%dT%H:%M:%SZ"), policies="")
        if output == "json":
            click.echo(report.as_json(nothing, (), ""), nl=False)
        write_files(nothing, plan_path, annotations_path)
        return 0

    named = payload or os.environ.get("TRIGGER_PAYLOAD", "")
    try:
        event = read_event(Path(named)) if named else None
    except Unclear as why:
        return left_alone(str(why))
    if event is None:
        return left_alone("no webhook sent anything: TRIGGER_PAYLOAD is not set")
    if folder and not dry_run:
        journals.check_writable(folder)
    loaded = options.load(policy_paths, templates)
    settings = options.settings(loaded.host_urls)

    from starkeeper import flow

    policies = loaded.policies
    at = options.the_time(now)
    header = journals.header_of(at, policies.digest, settings)
    connected = connect(settings, policies.desk, at, folder)
    file = None
    if folder and not dry_run:
        file = journals.begin(folder, header, connected.gitlab, keep_all=now is not None)
    with watching(quiet=output == "json") as watch:
        try:
            reaction = flow.react(
                policies,
                connected.gitlab,
                options.renderer(templates, settings),
                at,
                watch,
                event,
                dry_run=dry_run,
                said=journals.said(folder, settings),
                record=file.record if file else None,
                services=connected.services,
            )
        except ConnectorError as error:
            if error.status != 404:
                raise
            return left_alone("there is no such issue, or the token may not see it")
    if not dry_run:
        hand_on(connected, settings, at, folder)
    if reaction.why_not:
        return left_alone(reaction.why_not)
    plan = costed(reaction.run, connected.requests, watch)
    outcomes = reaction.run.outcomes
    status = report.exit_status(plan, outcomes)
    tell(
        plan,
        outcomes,
        output=output,
        dry_run=dry_run,
        run=header.run,
        undo=journals.undo_command(file, header.run, {"--policies": policy_paths}),
        plan_path=plan_path,
        annotations_path=annotations_path,
    )
    return journals.status_with(file, status)
