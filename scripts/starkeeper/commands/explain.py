"""`starkeeper explain TRACKER#IID`: why an issue is, or is not, acted on."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from starkeeper.commands import options
from starkeeper.commands.watching import watching


@click.command(name="explain", epilog="Example: starkeeper explain star#9")
@click.argument("issue", metavar="TRACKER#IID")
@options.plain_options
@options.policy_options
@options.now_option
@options.output_option
@options.log_option
def command(
    issue: str,
    project: str | None,
    group: str | None,
    policy_paths: tuple[Path, ...],
    templates: Path | None,
    now: dt.datetime | None,
    output: str,
) -> int:
    """Say rule by rule why an issue is, or is not, acted on: each condition, yes or no, with the value seen.

    TRACKER is a name of desk.yml; with --project or --group it is the path of the project. Nothing is changed.
    """
    tracker, hash_sign, number = issue.rpartition("#")
    if not (tracker and hash_sign and number.isdecimal()):
        raise click.UsageError(f"'{issue}' names no issue; write it like star#9")
    settings = options.settings()
    plain = options.plain_tracker(project, group)
    policies = options.load(policy_paths, templates, plain).policies

    from starkeeper import flow
    from starkeeper.model.resources import IssueKey

    key = IssueKey(tracker if plain else "", int(number))
    tracker = plain.name if plain else tracker

    gitlab = options.gitlab(settings)
    render = options.renderer(templates, settings)
    with watching(quiet=True) as watch:
        found, explanations = flow.explain(policies, gitlab, render, options.the_time(now), watch, tracker, key)
    if output == "json":
        import msgspec

        click.echo(msgspec.json.format(msgspec.json.encode(explanations), indent=2))
    else:
        from starkeeper.report.reasons import show_explanations

        show_explanations(options.console(), found, explanations)
    return 0
