"""`starkeeper check`: loads everything, reports every mistake at its line."""

from __future__ import annotations

from pathlib import Path

import click

from starkeeper.commands import options


@click.command(
    name="check",
    epilog="Example: starkeeper check --policies policies/star.yml",
)
@options.policy_options
@options.plain_options
@options.output_option
@options.log_option
def command(
    policy_paths: tuple[Path, ...], templates: Path | None, project: str | None, group: str | None, output: str
) -> int:
    """Load all policies and templates; report every mistake at its line. No request is sent.

    Mistakes that stop a run are errors (exit status 1); what is probably a mistake is a warning, and a rule that means
    it can say so: `meant: [name-of-the-finding]`.
    """
    from starkeeper.errors import PolicyError
    from starkeeper.policies.lint import find_mistakes
    from starkeeper.report.findings import findings_json, findings_text

    plain = options.plain_tracker(project, group)
    try:
        loaded = options.load(policy_paths, templates, plain)
    except PolicyError as error:
        click.echo(findings_json(error.problems, ()) if output == "json" else findings_text(error.problems, ()))
        return 1
    warnings = [(each.problem, each.name) for each in find_mistakes(loaded)]
    click.echo(findings_json((), warnings) if output == "json" else findings_text((), warnings, len(loaded.rules)))
    return 0
