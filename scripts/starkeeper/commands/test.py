"""`starkeeper test`: plays the scenarios of the policies, without a request."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec import structs

from starkeeper.commands import options

if TYPE_CHECKING:
    from starkeeper.model.policies import Policies
    from starkeeper.model.scenarios import Played
    from starkeeper.scenarios import Scenario


@click.command(name="test", epilog="Example: starkeeper test --scenario 'Positive feedback' --junit test.xml")
@click.option("--scenario", "names", multiple=True, metavar="TEXT", help="Only those named so in part; repeatable.")
@click.option(
    "--junit",
    "junit_path",
    metavar="FILE.xml",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Write what came of each here, for GitLab.",
)
@options.policy_options
@options.output_option
@options.log_option
def command(
    names: tuple[str, ...],
    junit_path: Path | None,
    policy_paths: tuple[Path, ...],
    templates: Path | None,
    output: str,
) -> int:
    """Play the scenarios of policies/tests/: what people do, when the desk sweeps, and how its issues must stand then.

    A folder of policies has its scenarios in tests/ below it, a policy file in the file of its own name there. They are
    played on the engine itself, with no GitLab, no Slack and no clock. Each sweep must do what its dry run planned, and
    a second one right after it nothing. What goes another way than a scenario says is shown at its line, with the rules
    that it concerns; the exit status is then 1.
    """
    from starkeeper.report import scenarios as report
    from starkeeper.scenarios import read_scenarios, scenario_files

    if junit_path:
        options.check_writable(junit_path, "--junit")
    policies = options.load(policy_paths, templates).policies
    files = scenario_files(policy_paths or (options.default_folder("policies"),))
    scenarios = _named(read_scenarios(files, policies), names)
    all_played: list[Played] = []
    for played in _play(scenarios, policies, options.template_folder(templates)):
        if output == "table" and (not all_played or all_played[-1].where.file != played.where.file):
            click.echo(played.where.file)
        if output == "table":
            click.echo(report.played_text(played))
        all_played.append(played)
    if junit_path:
        _write(junit_path, report.scenarios_junit(all_played))
    click.echo(report.scenarios_json(all_played) if output == "json" else report.summary_text(all_played))
    return 1 if any(each.status == "failed" for each in all_played) else 0


def _write(path: Path, data: bytes) -> None:
    try:
        path.write_bytes(data)
    except OSError as error:
        raise click.FileError(str(path), error.strerror) from None


def _named(scenarios: Sequence[Scenario], names: Sequence[str]) -> list[Scenario]:
    from starkeeper.errors import NOWHERE, PolicyError, Problem, nearest

    known = [each.name for each in scenarios]
    for name in names:
        if not any(name.casefold() in each.casefold() for each in known):
            remedy = nearest(name, known) or "starkeeper test names them all"
            raise PolicyError([Problem(NOWHERE, f"no scenario has '{name}' in its name", remedy)])
    wanted = [name.casefold() for name in names] or [""]
    return [each for each in scenarios if any(name in each.name.casefold() for name in wanted)]


def _play(scenarios: Sequence[Scenario], policies: Policies, templates: Path) -> Iterator[Played]:
    from starkeeper.render.late import LateRenderer
    from starkeeper.scenarios import EngineStage, play

    render = LateRenderer(templates)
    for each in scenarios:
        began = time.perf_counter()
        played = play(each, EngineStage(policies, render, each.given))
        yield structs.replace(played, seconds=time.perf_counter() - began)
