"""`starkeeper sandbox`: serves the look-alike GitLab until it is stopped."""

from __future__ import annotations

import contextlib
import datetime as dt
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from starkeeper.commands import options
from starkeeper.errors import PolicyError, Problem, Where

if TYPE_CHECKING:
    from starkeeper.sandbox.server import Served
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
@options.now_option
@options.log_option
def command(port: int, host: str, loads: tuple[str, ...], now: dt.datetime | None) -> int:
    """Serve a GitLab look-alike to try policies on. Its page shows projects, issues, labels and notes as they change.

    Anyone may do anything in it: it is for one person's machine and holds nothing when it stops. To try a policy on a
    copy of your own tracker, save its issues (GET /projects/:id/issues) into a file and load that.
    """
    from starkeeper.sandbox.seeds import TOKEN, add_tokens, seed_desk
    from starkeeper.sandbox.world import World

    world = World(clock=lambda: options.the_time(now))
    add_tokens(world)
    loaded = [
        _load(world, Path(file), project or None) for project, _, file in (each.rpartition("=") for each in loads)
    ]
    if not loads:
        seed_desk(world, options.the_time(now))
    projects = sorted(set().union(*loaded))
    over = f" --policies FILE --project {projects[0]}" if projects else ""
    with serving(world, host, port) as served:
        until_stopped(
            f"The sandbox is at {served.url} (stop it with Ctrl-C). In another terminal:\n\n"
            f"  export GITLAB_URL={served.url} GITLAB_TOKEN={TOKEN}\n"
            f"  starkeeper sweep --dry-run{over}\n"
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
def serving(world: World, host: str, port: int) -> Iterator[Served]:
    """Serves the world; raises UsageError where that address cannot be had."""
    from starkeeper.sandbox.server import serve

    with contextlib.ExitStack() as stack:
        try:
            served = stack.enter_context(serve(world, host=host, port=port))
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
