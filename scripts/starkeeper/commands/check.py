"""`starkeeper check`: loads everything, reports every mistake at its line."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from starkeeper.commands import options

if TYPE_CHECKING:
    from starkeeper.errors import Problem
    from starkeeper.policies.load import Loaded


@click.command(
    name="check",
    epilog="Example: starkeeper check --policies policies/star.yml",
)
@click.option(
    "--compat",
    is_flag=True,
    help="Say of each rule of a gitlab-triage file whether it runs here, and what is different.",
)
@click.option(
    "--online",
    is_flag=True,
    help="Also ask GitLab, Slack and PagerDuty what is missing there, and say who must do it.",
)
@click.argument("files", nargs=-1, metavar="[FILE]...", type=click.Path(path_type=Path))
@options.codequality_option
@options.policy_options
@options.plain_options
@options.output_option
@options.log_option
def command(
    compat: bool,
    online: bool,
    files: tuple[Path, ...],
    codequality_path: Path | None,
    policy_paths: tuple[Path, ...],
    templates: Path | None,
    project: str | None,
    group: str | None,
    output: str,
) -> int:
    """Load all policies and templates; report every mistake at its line. Without --online no request is sent.

    Mistakes that stop a run are errors (exit status 1); what is probably a mistake is a warning, and a rule that means
    it can say so: `meant: [name-of-the-finding]`.

    With --compat, FILE is a policy written for gitlab-triage; it needs no desk.yml and no project. Exit status 1 where
    anything in it is refused.

    With --online each line says what is missing and who must do it: exit status 1 where something must be corrected, 3
    where a system could not be asked.
    """
    if online and (compat or project or group):
        raise click.UsageError("--online asks for what desk.yml names: leave out --compat, --project and --group")
    if compat:
        if codequality_path:
            raise click.UsageError("--compat and --codequality exclude each other")
        return _check_compat((*files, *policy_paths), templates, output)
    from starkeeper.errors import PolicyError
    from starkeeper.policies.lint import find_mistakes
    from starkeeper.report.findings import findings_json, findings_text

    plain = options.plain_tracker(project, group)
    try:
        loaded = options.load((*policy_paths, *files), templates, plain)
    except PolicyError as error:
        options.write_codequality(codequality_path, error.problems, ())
        click.echo(findings_json(error.problems, ()) if output == "json" else findings_text(error.problems, ()))
        return 1
    warnings = [(each.problem, each.name) for each in find_mistakes(loaded)]
    options.write_codequality(codequality_path, (), warnings)
    if online:
        return _check_online(loaded, warnings, output)
    click.echo(findings_json((), warnings) if output == "json" else findings_text((), warnings, len(loaded.rules)))
    return 0


def _check_online(loaded: Loaded, warnings: Sequence[tuple[Problem, str]], output: str) -> int:
    from starkeeper.commands.connecting import connect
    from starkeeper.flow.asking import ask_around
    from starkeeper.report.findings import findings_text
    from starkeeper.report.online import findings_status, online_json, online_text

    desk, now = loaded.policies.desk, options.the_time(None)
    connected = connect(options.settings(loaded.host_urls), desk, now)
    gitlab = connected.gitlab.setting_up()
    findings = ask_around(loaded.policies, gitlab, connected.slack, connected.pagerduty, now)
    connected.close()
    if output == "json":
        click.echo(online_json(warnings, findings))
    else:
        click.echo(findings_text((), warnings, len(loaded.rules)))
        click.echo(online_text(findings, connected.names))
    return findings_status(findings)


def _check_compat(files: tuple[Path, ...], templates: Path | None, output: str) -> int:
    from starkeeper.policies.compat import judge_files
    from starkeeper.report.compat import anything_refused, compat_json, compat_text

    if not files:
        raise click.UsageError("name the files to look at: starkeeper check --compat FILE...")
    verdicts = judge_files(files, options.template_folder(templates))
    click.echo(compat_json(verdicts) if output == "json" else compat_text(verdicts))
    return 1 if anything_refused(verdicts) else 0
