"""`starkeeper demo`: the main job on a sandbox with a seeded desk, and what it changed."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import click

from starkeeper.commands import options
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
    from starkeeper.sandbox.seeds import TOKEN, seed_desk
    from starkeeper.sandbox.world import World

    world = World(clock=lambda: DEMO_TIME)
    seed_desk(world, DEMO_TIME)
    with serving(world, "127.0.0.1", port) as served:
        settings = Settings(gitlab_url=served.url, gitlab_token=Secret(TOKEN), notes_per_second=1000)
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
    click.echo(
        "Next: `starkeeper sandbox` serves this desk with a page to watch; policies/ and templates/ say what is done."
    )
    return status


def _sweep(settings: Settings, *, dry_run: bool) -> int:
    from starkeeper import flow, report
    from starkeeper.commands.watching import costed, watching
    from starkeeper.report.table import show_run, summary

    gitlab = options.gitlab(settings)
    with watching(quiet=True) as watch:
        render = options.renderer(None, settings)
        run = flow.sweep(options.load((), None).policies, gitlab, render, DEMO_TIME, watch, dry_run=dry_run)
    gitlab.close()
    plan = costed(run, gitlab.requests, watch)
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
