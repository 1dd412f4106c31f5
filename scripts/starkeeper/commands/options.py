"""What the commands share: the options that several have, and how the clock and the policies are read from them."""

from __future__ import annotations

import datetime as dt
import logging
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from starkeeper.settings import Settings, read_settings

if TYPE_CHECKING:
    from rich.console import Console

    from starkeeper.connectors.gitlab import GitLab
    from starkeeper.errors import Problem
    from starkeeper.model.desk import Tracker
    from starkeeper.model.parts import Part
    from starkeeper.model.plan import Plan
    from starkeeper.policies.load import Loaded
    from starkeeper.render.late import LateRenderer

Function = TypeVar("Function", bound=Callable[..., Any])
CHECKOUT = Path(__file__).resolve().parents[3]


def policy_options(function: Function) -> Function:
    """Adds --policies and --templates."""
    policies = click.option(
        "--policies",
        "policy_paths",
        multiple=True,
        metavar="DIR-or-FILE",
        type=click.Path(path_type=Path),
        help="Policies to load; repeatable.  [default: policies/]",
    )
    templates = click.option(
        "--templates",
        metavar="DIR",
        type=click.Path(path_type=Path),
        help="Where the templates are.  [default: templates/]",
    )
    return policies(templates(function))


def plain_options(function: Function) -> Function:
    """Adds --project and --group, for a run without desk.yml."""
    project = click.option(
        "--project", metavar="GROUP/PROJECT", help="Run the policies over this project, without a desk.yml."
    )
    group = click.option("--group", metavar="GROUP", help="The same over all projects of a group.")
    return project(group(function))


def plan_option(function: Function) -> Function:
    """Adds --plan."""
    return click.option(
        "--plan",
        "plan_path",
        metavar="FILE.json",
        type=click.Path(dir_okay=False, path_type=Path),
        help="Write the plan here.",
    )(function)


def annotations_option(function: Function) -> Function:
    """Adds --annotations."""
    return click.option(
        "--annotations",
        "annotations_path",
        metavar="FILE.json",
        type=click.Path(dir_okay=False, path_type=Path),
        callback=_writable,
        help="Write links to what is changed here, for GitLab's page of the job.",
    )(function)


def codequality_option(function: Function) -> Function:
    """Adds --codequality."""
    return click.option(
        "--codequality",
        "codequality_path",
        metavar="FILE.json",
        type=click.Path(dir_okay=False, path_type=Path),
        callback=_writable,
        help="Write what was found here, for GitLab's page of a merge request.",
    )(function)


def output_option(function: Function) -> Function:
    """Adds --output."""
    return click.option(
        "--output", type=click.Choice(["table", "json"]), default="table", show_default=True, help="What to print."
    )(function)


def now_option(function: Function) -> Function:
    """Adds --now."""
    return click.option("--now", type=Instant(), metavar="ISO8601", help="Take this for the time.  [default: now]")(
        function
    )


def zone_option(function: Function) -> Function:
    """Adds --zone, the reader's."""
    return click.option(
        "--zone",
        metavar="NAME",
        default="",
        callback=_zone,
        help="Tell times on this clock as well, such as Europe/Amsterdam.  [default: TZ, else UTC]",
    )(function)


def log_option(function: Function) -> Function:
    """Adds --log-level, which takes effect as soon as it is read."""
    return click.option(
        "--log-level",
        type=click.Choice(["debug", "info", "warning", "error"]),
        default="warning",
        show_default=True,
        expose_value=False,
        is_eager=True,
        callback=_set_log_level,
        help="How much to say on standard error.",
    )(function)


class Instant(click.ParamType[dt.datetime]):
    """An ISO 8601 time; one without a zone is UTC."""

    name = "instant"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.datetime:
        if isinstance(value, dt.datetime):
            return value
        try:
            at = dt.datetime.fromisoformat(value)
            return (at if at.tzinfo else at.replace(tzinfo=dt.UTC)).astimezone(dt.UTC)
        except (ValueError, OverflowError):
            self.fail(f"'{value}' is no time; write it like 2026-11-30T09:00:00Z", param, ctx)


class PartOf(click.ParamType["Part"]):
    """One of several parts, such as 2/5."""

    name = "part"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Part:
        from starkeeper.model.parts import Part

        try:
            return value if isinstance(value, Part) else Part.parse(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


def the_time(now: dt.datetime | None) -> dt.datetime:
    """The time that was given, else the clock's: the only look at it in a run."""
    return now or dt.datetime.now(dt.UTC).replace(microsecond=0)


def settings(host_urls: Sequence[str] = ()) -> Settings:
    """What the environment says; raises PolicyError where that makes no sense.

    `host_urls` are the addresses that policies name, as gitlab-triage has it. One counts where the environment names
    none: the token is for the GitLab of the environment, and a policy must not send it elsewhere.
    """
    named = os.environ.get("GITLAB_URL") or os.environ.get("CI_SERVER_URL")
    if len(host_urls) == 1 and not named:
        return read_settings({**os.environ, "GITLAB_URL": host_urls[0]})
    read = read_settings(os.environ)
    for url in host_urls:
        if url.rstrip("/") != read.gitlab_url:
            click.echo(f"note: the policies are written for {url}; this run is at {read.gitlab_url}", err=True)
    return read


def gitlab(of: Settings) -> GitLab:
    """The connector to the GitLab that the environment names."""
    from starkeeper.connectors.gitlab import GitLab

    return GitLab(of.gitlab_url, of.gitlab_token, notes_per_second=of.notes_per_second)


def load(policy_paths: tuple[Path, ...], templates: Path | None, plain: Tracker | None = None) -> Loaded:
    """All policies; raises PolicyError with every problem of every file."""
    from starkeeper.policies.load import load as load_files

    return load_files(policy_paths or (default_folder("policies"),), template_folder(templates), plain=plain)


def renderer(templates: Path | None, of: Settings) -> LateRenderer:
    """The renderer over the folder of templates."""
    from starkeeper.render.late import LateRenderer

    return LateRenderer(template_folder(templates), policy_url=of.policy_url)


def default_folder(folder: str) -> Path:
    """The folder of that name here, else that of the checkout that this program runs from."""
    here = Path(folder)
    return here if here.is_dir() or not (CHECKOUT / folder).is_dir() else CHECKOUT / folder


def template_folder(templates: Path | None) -> Path:
    """The folder that was named, else templates/ here, else that of the checkout that this program runs from."""
    return templates or default_folder("templates")


def plain_tracker(project: str | None, group: str | None) -> Tracker | None:
    """The one tracker of a run with --project or --group; None for a desk."""
    from starkeeper.model.desk import Tracker

    if project and group:
        raise click.UsageError("--project and --group exclude each other")
    path = (project or group or "").strip("/")
    if not path:
        return None
    return Tracker(name=path, path=path, source="projects" if project else "groups")


def check_writable(path: Path, option: str) -> None:
    """Said before the first request, for afterwards the changes are made."""
    if not os.access(path if path.exists() else path.parent, os.W_OK):
        raise click.BadParameter(
            f"'{path}' cannot be written; name a file in a folder that is there", param_hint=option
        )


def write_codequality(path: Path | None, problems: Sequence[Problem], warnings: Sequence[tuple[Problem, str]]) -> None:
    """What `check` found, where it is wanted; also that it found nothing."""
    if path:
        from starkeeper.report.codequality import codequality_json

        write_plan(path, codequality_json(problems, warnings))


def write_annotations(path: Path | None, plan: Plan) -> None:
    """The links to what a run changed, where they are wanted."""
    if path:
        from starkeeper.report.annotations import annotations_json

        write_plan(path, annotations_json(plan))


def write_plan(path: Path, data: bytes) -> None:
    """The plan file or a report, once the run is over."""
    try:
        path.write_bytes(data)
    except OSError as error:
        raise click.FileError(str(path), error.strerror) from None


def console(*, stderr: bool = False) -> Console:
    """Where tables go: as wide as the terminal, or 140 columns in a job's log."""
    from rich.console import Console

    stream = sys.stderr if stderr else sys.stdout
    return Console(file=stream, width=None if stream.isatty() else 140, highlight=False, markup=False, emoji=False)


def _writable(_context: click.Context, option: click.Parameter, value: Path | None) -> Path | None:
    if value:
        check_writable(value, option.opts[0])
    return value


def _zone(context: click.Context, option: click.Parameter, value: str) -> str:
    """A TZ that names no zone, as some systems have it, is passed over; one that was typed is an error."""
    from zoneinfo import ZoneInfo

    name = value or os.environ.get("TZ", "")
    try:
        return ZoneInfo(name).key if name else "UTC"
    except (KeyError, ValueError, OSError):
        if not value:
            return "UTC"
        raise click.BadParameter(
            f"there is no time zone '{value}'; write it like Europe/Amsterdam", context, option
        ) from None


def _set_log_level(_context: click.Context, _option: click.Parameter, value: str) -> str:
    log = logging.getLogger("starkeeper")
    log.setLevel(value.upper())
    if not log.handlers:
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("%(levelname)s %(message)s"))
        log.addHandler(handler)
    return value
