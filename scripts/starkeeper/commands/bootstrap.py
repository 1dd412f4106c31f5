"""`starkeeper bootstrap`: makes a GitLab ready for the desk."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import click

from starkeeper.commands import options
from starkeeper.errors import NOWHERE, PolicyError, Problem
from starkeeper.settings import Secret


@click.command(
    name="bootstrap",
    epilog="Example: starkeeper bootstrap --dry-run",
)
@click.option("--dry-run", is_flag=True, help="Stop after the plan: change nothing.")
@click.option("--prune", is_flag=True, help="Also delete what an earlier bootstrap made and desk.yml no longer wants.")
@options.plan_option
@options.policy_options
@options.output_option
@options.log_option
def command(
    dry_run: bool,
    prune: bool,
    plan_path: Path | None,
    policy_paths: tuple[Path, ...],
    templates: Path | None,
    output: str,
) -> int:
    """Set up in GitLab what desk.yml and the policies need; what is so already is left alone.

    Labels and an issue template in each tracker's project, webhooks there that start this desk's pipeline, and in the
    project under `pipelines` the trigger token, schedules and CI variables. GITLAB_TOKEN needs the api scope and the
    Maintainer role in each of these projects.

    A CI variable that is missing, such as SLACK_BOT_TOKEN, is set from the variable of that name in this environment.
    No value that is there is changed, and none is shown.
    """
    if plan_path:
        options.check_writable(plan_path, "--plan")
    loaded = options.load(policy_paths, templates)
    settings = options.settings(loaded.host_urls)
    at_hand = secrets()
    _refuse_one_token_for_both(at_hand)

    from starkeeper.flow.setting_up import set_up
    from starkeeper.report import setup as report

    gitlab = options.gitlab(settings)
    run = set_up(loaded.policies, gitlab.setting_up(), at_hand, dry_run=dry_run, prune=prune)
    try:
        if output == "json":
            click.echo(report.setup_json(run.plan, run.outcomes), nl=False)
        else:
            report.show_setup(options.console(), run.plan, run.outcomes, dry=dry_run, requests=gitlab.requests)
    finally:
        if plan_path:
            options.write_plan(plan_path, report.setup_json(run.plan, ()))
    gitlab.close()
    return report.setup_status(run.plan, run.outcomes)


def _refuse_one_token_for_both(at_hand: Mapping[str, Secret]) -> None:
    """The one for merge requests is no protected variable: whoever can push a branch can read it."""
    token = at_hand.get("GITLAB_TOKEN")
    if token is not None and token == at_hand.get("STARKEEPER_READ_TOKEN"):
        what = "STARKEEPER_READ_TOKEN is the token in GITLAB_TOKEN, and every branch would see a token that may write"
        raise PolicyError([Problem(NOWHERE, what, "make another one, with the scope read_api alone, or leave it away")])


def secrets() -> dict[str, Secret]:
    """What this environment has for CI variables, by name."""
    names = ("GITLAB_TOKEN", "STARKEEPER_READ_TOKEN", "SLACK_BOT_TOKEN", "PAGERDUTY_API_KEY", "PAGERDUTY_FROM")
    return {name: Secret(value) for name in names if (value := os.environ.get(name, "").strip())}
