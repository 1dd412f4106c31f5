"""`starkeeper sandbox`: serves look-alikes of GitLab, Slack and PagerDuty, and a page to play on, until stopped."""

from __future__ import annotations

import contextlib
import datetime as dt
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from starkeeper.commands import options
from starkeeper.commands.playing import pipeline_runner, services, sweep_report
from starkeeper.errors import PolicyError, Problem, Where

if TYPE_CHECKING:
    from starkeeper.sandbox.server import Served
    from starkeeper.sandbox.web.desk import Desk
    from starkeeper.sandbox.world import World


@click.command(
    name="sandbox",
    epilog="Example: starkeeper sandbox --load support/star=issues.json --port 8929",
)
@click.option("--port", default=8929, show_default=True, type=click.IntRange(0, 65535), help="0 takes any free port.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--load",
    "loads",
    multiple=True,
    metavar="[PROJECT=]FILE",
    help="Start with these issues: an array as GitLab's API returns it; repeatable. Without it: a seeded desk.",
)
@click.option(
    "--react", is_flag=True, help="Let each event on an issue start a `react` at once, as webhooks do in GitLab."
)
@options.now_option
@options.log_option
def command(port: int, host: str, loads: tuple[str, ...], react: bool, now: dt.datetime | None) -> int:
    """Serve a look-alike of GitLab, Slack and PagerDuty to try policies on.

    Its page shows issues and channels as they change. On it you can be anybody: comment, label, write and react, move
    the clock, and run a sweep. Time goes on by itself, unless --now made it stand still. Pipelines that are triggered
    or scheduled in it run, too: `react`, `sweep` or `digest`, one after the other.

    Anyone may do anything in it: it is for one person's machine and holds nothing when it stops. To try a policy on a
    copy of your own tracker, save its issues (GET /projects/:id/issues) into a file and load that.
    """
    from starkeeper.sandbox.seeds import add_tokens, seed_desk, seed_hooks, seed_services
    from starkeeper.sandbox.web.desk import Desk
    from starkeeper.sandbox.world import World

    world = World(clock=lambda: options.the_time(now))
    add_tokens(world)
    loaded = [
        _load(world, Path(file), project or None) for project, _, file in (each.rpartition("=") for each in loads)
    ]
    seed = seed_services if loads else seed_desk
    seed(world, options.the_time(now))
    projects = sorted(set().union(*loaded))
    over = f" --policies FILE --project {projects[0]}" if projects else ""
    desk = Desk(host)
    with serving(world, host, port, desk) as served, tempfile.TemporaryDirectory() as journal:
        desk.run_sweep = lambda at: sweep_report(served.url, Path(journal), at)
        world.on_pipeline = pipeline_runner(world, served.url, Path(journal))
        if react:
            seed_hooks(world)
        until_stopped(
            f"The sandbox is at {served.url}: open it in a browser (stop it with Ctrl-C). In another terminal:\n\n"
            + "".join(f"  export {name}={value}\n" for name, value in services(served.url).items())
            + f"  starkeeper sweep --dry-run{over}\n"
        )
    return 0


def _load(world: World, file: Path, project: str | None) -> set[str]:
    """Fills the world from a file; gives the projects that it holds issues of."""
    from starkeeper.sandbox.load import load_issues

    try:
        rows = msgspec.json.decode(file.read_bytes())
    except OSError as error:
        raise _unreadable(file, f"this file cannot be read: {error.strerror}", "name a file that is there") from None
    except msgspec.DecodeError as error:
        raise _unreadable(file, f"this is no JSON: {error}", "save the answer of GET /projects/:id/issues") from None
    references = load_issues(world, rows, project, str(file))
    projects = {reference.rpartition("#")[0] for reference in references}
    click.echo(f"loaded {len(references)} issues from {file} into {', '.join(sorted(projects)) or 'no project'}")
    return projects


def _unreadable(file: Path, message: str, remedy: str) -> PolicyError:
    return PolicyError([Problem(Where(str(file)), message, remedy)])


@contextlib.contextmanager
def serving(world: World, host: str, port: int, desk: Desk | None = None) -> Iterator[Served]:
    """Serves the world with its page; raises UsageError where that address cannot be had."""
    from starkeeper.sandbox.server import serve

    with contextlib.ExitStack() as stack:
        try:
            served = stack.enter_context(serve(world, host, port, desk))
        except OSError as error:
            raise click.UsageError(f"cannot listen on {host}:{port} ({error.strerror}); give another --port") from None
        yield served


def until_stopped(message: str) -> None:
    """Says where it serves, and waits for Ctrl-C."""
    try:
        click.echo(message)
        threading.Event().wait()
    except KeyboardInterrupt:
        click.echo("Stopped.")
