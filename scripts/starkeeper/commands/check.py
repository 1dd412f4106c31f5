"""`starkeeper check`: loads everything, reports every mistake at its line."""

from __future__ import annotations

from pathlib import Path

import click

from starkeeper.commands import options


@click.command(
    name="check",
    epilog="Example: starkeeper check --policies policies/star.yml",
)
@click.option(
    "--compat",
    is_flag=True,
    help="Say of each rule of a gitlab-triage file whether it runs here, and what is different.",
)
@click.argument("files", nargs=-1, metavar="[FILE]...", type=click.Path(path_type=Path))
@options.policy_options
@options.plain_options
@options.output_option
@options.log_option
def command(
    compat: bool,
    files: tuple[Path, ...],
    policy_paths: tuple[Path, ...],
    templates: Path | None,
    project: str | None,
    group: str | None,
    output: str,
) -> int:
    """Load all policies and templates; report every mistake at its line. No request is sent.

    Mistakes that stop a run are errors (exit status 1); what is probably a mistake is a warning, and a rule that means
    it can say so: `meant: [name-of-the-finding]`.

    With --compat, FILE is a policy written for gitlab-triage; it needs no desk.yml and no project. Exit status 1 where
    anything in it is refused.
    """
    if compat:
        return _check_compat((*files, *policy_paths), templates, output)
    from starkeeper.errors import PolicyError
    from starkeeper.policies.lint import find_mistakes
    from starkeeper.report.findings import findings_json, findings_text

    plain = options.plain_tracker(project, group)
    try:
        loaded = options.load((*policy_paths, *files), templates, plain)
    except PolicyError as error:
        click.echo(findings_json(error.problems, ()) if output == "json" else findings_text(error.problems, ()))
        return 1
    warnings = [(each.problem, each.name) for each in find_mistakes(loaded)]
    click.echo(findings_json((), warnings) if output == "json" else findings_text((), warnings, len(loaded.rules)))
    return 0


def _check_compat(files: tuple[Path, ...], templates: Path | None, output: str) -> int:
    from starkeeper.policies.compat import judge_files
    from starkeeper.report.compat import anything_refused, compat_json, compat_text

    if not files:
        raise click.UsageError("name the files to look at: starkeeper check --compat FILE...")
    verdicts = judge_files(files, options.template_folder(templates))
    click.echo(compat_json(verdicts) if output == "json" else compat_text(verdicts))
    return 1 if anything_refused(verdicts) else 0
