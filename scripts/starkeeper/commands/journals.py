"""What sweep and undo share: the options of the journal, the name of a run, and the file that it is written to."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import secrets
import shlex
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from starkeeper.errors import ConnectorError

if TYPE_CHECKING:
    from starkeeper.connectors.gitlab import GitLab
    from starkeeper.journal import JournalFile
    from starkeeper.model.journal import Header, Said
    from starkeeper.model.resources import ResourceKey
    from starkeeper.settings import Settings

Function = TypeVar("Function", bound=Callable[..., Any])
FOLDER = Path("journal")
KEPT = dt.timedelta(days=30)


def journal_options(function: Function) -> Function:
    """Adds --journal and --no-journal; gives None for the latter."""
    folder = click.option(
        "--journal",
        "journal",
        metavar="DIR",
        type=click.Path(file_okay=False, path_type=Path),
        help="Keep what the run does here, for undo.  [default: journal/]",
    )
    none = click.option("--no-journal", is_flag=True, help="Keep nothing: the run cannot be undone.")
    return folder(none(function))


def journal_option(function: Function) -> Function:
    """Adds --journal alone, for what reads it."""
    return click.option(
        "--journal",
        metavar="DIR",
        type=click.Path(file_okay=False, path_type=Path),
        help="Where runs keep what they do.  [default: journal/]",
    )(function)


def folder_of(journal: Path | None, *, none: bool = False) -> Path | None:
    """The folder that was named, else journal/ here; None where there is to be none."""
    if journal and none:
        raise click.UsageError("--journal and --no-journal exclude each other")
    return None if none else journal or FOLDER


def check_writable(folder: Path) -> None:
    """Said before the first request, for afterwards the changes are made."""
    if folder.is_symlink() and not folder.exists():
        raise click.BadParameter(f"'{folder}' leads nowhere; make the folder, or name another", param_hint="--journal")
    there = next((each for each in (folder, *folder.absolute().parents) if each.exists()), folder)
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        raise click.BadParameter(
            f"'{folder}' cannot be written, and what is done could not be undone; name another", param_hint="--journal"
        )


def run_name(now: dt.datetime, policies: str, settings: Settings) -> str:
    """When the run is, and what tells it from another at that time."""
    about = "\0".join((now.isoformat(), policies, settings.job_id, secrets.token_hex(16)))
    return f"{now.astimezone(dt.UTC):%Y-%m-%dT%H%MZ}-{hashlib.sha256(about.encode()).hexdigest()[:6]}"


def begin(folder: Path, header: Header, gitlab: GitLab, *, keep_all: bool) -> JournalFile:
    """The journal of a run, in which nothing stands yet. At a time that was only given nothing grows too old."""
    from starkeeper.journal import JournalFile

    keep_since = None if keep_all else header.now - KEPT
    return JournalFile(folder, header, lambda: _account(gitlab), keep_since)


def header_of(now: dt.datetime, policies: str, settings: Settings, *, undoes: str = "") -> Header:
    """What a run says of itself, its new name first."""
    from starkeeper.model.journal import Header

    return Header(
        run=run_name(now, policies, settings),
        now=now,
        gitlab_url=settings.gitlab_url,
        policies=policies,
        commit=settings.commit,
        job_url=settings.job_url,
        undoes=undoes,
    )


def said(folder: Path | None, settings: Settings) -> Mapping[ResourceKey, Said]:
    """What earlier runs said on this GitLab."""
    from starkeeper.journal import said_before

    return said_before(folder, settings.gitlab_url) if folder else {}


def swept_at(folder: Path | None, settings: Settings) -> dt.datetime | None:
    """When a sweep of this GitLab last did all that it was to do; None where nobody knows."""
    from starkeeper.journal import read_sweep

    known = read_sweep(folder, settings.gitlab_url) if folder else None
    return known.whole_at if known else None


def last_sweep_at(folder: Path | None, settings: Settings) -> dt.datetime | None:
    """When a sweep of this GitLab last ran, whether it did all or not; None where none is on record."""
    from starkeeper.journal import read_sweep

    known = read_sweep(folder, settings.gitlab_url) if folder else None
    return known.at if known else None


def keep_sweep(folder: Path, settings: Settings, at: dt.datetime, status: int) -> None:
    """Remembers that a sweep ran, for digests that notice when none does, and whether it did all."""
    from starkeeper.journal import write_sweep

    write_sweep(folder, settings.gitlab_url, at, is_whole=status == 0)


def undo_command(file: JournalFile | None, run: str, named: Mapping[str, object]) -> str:
    """What takes the run back, with those of its options that it was `named` by; "" where its journal is not whole."""
    if file is None or file.trouble is not None:
        return ""
    folder = file.path.parent
    options = [("--journal", folder)] if folder != FOLDER else []
    for option, value in named.items():
        values = value if isinstance(value, tuple) else (value,)
        options += [(option, each) for each in values if each]
    return " ".join(("starkeeper undo", run, *(f"{option} {shlex.quote(str(value))}" for option, value in options)))


def status_with(file: JournalFile | None, status: int) -> int:
    """The exit status of a run; where its journal is not whole that is said, and not all is done."""
    if file is None or file.trouble is None:
        return status
    why = (file.trouble.strerror or "no reason given").lower()
    click.echo(
        f"error: {file.path}: {why}; what this run did is not all in its journal, and cannot be undone", err=True
    )
    return status or 3


def _account(gitlab: GitLab) -> str:
    """Left out where it cannot be told: no change must fail for it."""
    try:
        return gitlab.whoami().username
    except ConnectorError:
        return ""
