# ruff: noqa: N999 (a command is a file of its name)
"""`starkeeper import FILE`: a policy of gitlab-triage in the desk's form."""

from __future__ import annotations

from pathlib import Path

import click

from starkeeper.commands import options


@click.command(name="import", epilog="Example: starkeeper import .triage-policies.yml --to policies/triage.yml")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--to", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path), help="Write it here.")
@click.option("--force", is_flag=True, help="Write it even where there is a file of that name.")
@click.option("--tracker", metavar="NAME", default="", help="The tracker of its rules.  [default: the desk's first]")
@click.option(
    "--templates",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Where the templates are.  [default: templates/]",
)
@options.log_option
def command(file: Path, to: Path | None, force: bool, tracker: str, templates: Path | None) -> int:
    """Bring a policy written for gitlab-triage into the desk's form. No request is sent.

    Layout and comments stay. Ruby becomes the conditions that say the same; what cannot run here becomes a comment
    with its reason above it. The result passes `check`, and does what the original did as far as that ran. What was
    done is said on standard error.

    The tracker is the first of desk.yml beside --to, or in policies/; without a desk it is `main`.
    """
    from starkeeper.policies.importing import import_file
    from starkeeper.render.clean import one_line

    if to is not None and to.exists() and not force:
        raise click.UsageError(f"'{to}' is there already; name another file, or write over it with --force")
    imported = import_file(file, tracker or _first_tracker(to), options.template_folder(templates))
    if to is None:
        click.echo(imported.text, nl=False)
    else:
        try:
            to.write_bytes(imported.text.encode())
        except OSError as error:
            raise click.FileError(str(to), error.strerror) from None
    for each in imported.done:
        click.echo(f"{file}:{each.line}: {each.kind}: {one_line(each.said)}", err=True)
    return 0


def _first_tracker(to: Path | None) -> str:
    from starkeeper.policies.desk import read_desk
    from starkeeper.policies.files import DESK_FILE

    for folder in (to.parent if to else Path(), Path("policies")):
        desk = read_desk(folder).desk if (folder / DESK_FILE).exists() else None
        if desk and desk.trackers:
            return next(iter(desk.trackers))
    return "main"
