"""`starkeeper explain TRACKER#IID`: why an issue is, or is not, acted on."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import click

from starkeeper.commands import journals, options
from starkeeper.commands.connecting import connect
from starkeeper.commands.watching import watching


@click.command(name="explain", epilog="Example: starkeeper explain star#9")
@click.argument("wanted", metavar="TRACKER#IID")
@options.plain_options
@options.policy_options
@options.zone_option
@options.now_option
@options.output_option
@options.log_option
def command(
    wanted: str,
    project: str | None,
    group: str | None,
    policy_paths: tuple[Path, ...],
    templates: Path | None,
    zone: str,
    now: dt.datetime | None,
    output: str,
) -> int:
    """Say rule by rule why an issue is, or is not, acted on: each condition, yes or no, with the value seen and, where
    time alone will change it, the instant from which it holds.

    TRACKER is a name of desk.yml; with --project or --group it is the path of the project. A merge request is written
    TRACKER!IID, an epic TRACKER&IID. Nothing is changed.
    """
    named = re.fullmatch(r"(.+)([#!&])([0-9]{1,18})", wanted)
    if not named:
        raise click.UsageError(f"'{wanted}' names nothing; write an issue like star#9, a merge request like star!3")
    plain = options.plain_tracker(project, group)
    loaded = options.load(policy_paths, templates, plain)
    settings = options.settings(loaded.host_urls)

    from starkeeper import flow
    from starkeeper.model.resources import ResourceKey, ResourceType

    place, sign, number = named.groups()
    types: dict[str, ResourceType] = {"#": "issues", "!": "merge_requests", "&": "epics"}
    key = ResourceKey(place if plain else "", int(number), types[sign])
    tracker = plain.name if plain else place

    at = options.the_time(now)
    connected = connect(settings, loaded.policies.desk, at)
    render = options.renderer(templates, settings)
    with watching(quiet=True) as watch:
        said, gitlab = journals.said(journals.FOLDER, settings), connected.gitlab
        found, explanations = flow.explain(
            loaded.policies, gitlab, render, at, watch, tracker, key, said=said, services=connected.services
        )
    if output == "json":
        import msgspec

        click.echo(msgspec.json.format(msgspec.json.encode(explanations), indent=2))
    else:
        from starkeeper.report.reasons import show_explanations

        show_explanations(options.console(), found, explanations, zone)
    return 0
