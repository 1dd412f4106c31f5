"""`starkeeper demo`: the main job on a sandbox with a seeded desk, and what it changed."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import click

from starkeeper.commands import options
from starkeeper.commands.connecting import connect
from starkeeper.settings import Secret, Settings

if TYPE_CHECKING:
    from starkeeper.sandbox.world import World

DEMO_TIME = dt.datetime(2026, 11, 30, 9, 30, tzinfo=dt.UTC)


@click.command(name="demo", epilog="Example: starkeeper demo --keep")
@click.option("--keep", is_flag=True, help="Leave the sandbox running, to look at its page.")
@click.option("--port", default=0, type=click.IntRange(0, 65535), help="The sandbox's port.  [default: any free one]")
@options.log_option
def command(keep: bool, port: int) -> int:
    """Run the main job on a sandbox with a seeded desk: nothing outside this machine is read or changed."""
    from starkeeper.commands.sandbox import serving, until_stopped
    from starkeeper.sandbox.seeds import PAGERDUTY_TOKEN, SLACK_TOKEN, TOKEN, seed_desk
    from starkeeper.sandbox.world import World

    world = World(clock=lambda: DEMO_TIME)
    seed_desk(world, DEMO_TIME)
    with serving(world, "127.0.0.1", port) as served:
        settings = Settings(
            gitlab_url=served.url,
            gitlab_token=Secret(TOKEN),
            notes_per_second=1000,
            slack_url=f"{served.url}/slack/api/",
            slack_token=Secret(SLACK_TOKEN),
            messages_per_second=1000,
            pagerduty_url=f"{served.url}/pagerduty",
            pagerduty_token=Secret(PAGERDUTY_TOKEN),
        )
        status = _play(world, settings)
        if keep:
            until_stopped(f"The sandbox's page is at {served.url} (stop with Ctrl-C).")
    return status


def _play(world: World, settings: Settings) -> int:
    issues = [issue for project in world.projects.values() for issue in world.issues(project.path)]
    projects = len({issue.project for issue in issues})
    click.echo(f"A sandbox GitLab with {len(issues)} issues in {projects} projects, at {settings.gitlab_url}.\n")
    click.echo("1. What the policies would do (starkeeper sweep --dry-run):\n")
    _sweep(settings, dry_run=True)
    click.echo("\n2. The sweep itself (starkeeper sweep):\n")
    status = _sweep(settings, dry_run=False)
    click.echo("\n3. The same sweep again:\n")
    status = max(status, _sweep(settings, dry_run=False))
    click.echo("\n4. One of the notes it wrote, as the manager on call reads it:\n")
    click.echo(_a_note(world))
    click.echo("5. And what it announced in Slack:\n")
    click.echo(_a_message(world))
    click.echo(
        "Next: `starkeeper sandbox` serves this desk with a page to watch; policies/ and templates/ say what is done."
    )
    return status


def _sweep(settings: Settings, *, dry_run: bool) -> int:
    from starkeeper import flow, report
    from starkeeper.commands.watching import costed, watching
    from starkeeper.report.table import show_run, summary

    policies = options.load((), None).policies
    connected = connect(settings, policies.desk, DEMO_TIME)
    with watching(quiet=True) as watch:
        render, services = options.renderer(None, settings), connected.services
        run = flow.sweep(policies, connected.gitlab, render, DEMO_TIME, watch, dry_run=dry_run, services=services)
    connected.close()
    plan = costed(run, connected.requests, watch)
    if dry_run:
        show_run(options.console(), plan, run.outcomes, dry=True)
    else:
        click.echo(summary(plan, run.outcomes, dry=False))
    return report.exit_status(run.plan, run.outcomes)


def _a_note(world: World) -> str:
    notes = [note for issue in world.issues("support/star") for note in world.notes(issue.project, issue.iid)]
    written = [note.body for note in notes if "<!-- starkeeper" in note.body]
    lines = written[0].splitlines() if written else ["(none)"]
    return "\n".join(f"    {line}".rstrip() for line in lines if not line.startswith("<!--")) + "\n"


def _a_message(world: World) -> str:
    """The first that the bot posted in the channel of STARs."""
    messages = world.slack.messages("support_ticket-attention-requests")
    texts = [each.text for each in messages if each.bot_id]
    return "\n".join(f"    {line}".rstrip() for line in (texts[0] if texts else "(none)").splitlines()) + "\n"
