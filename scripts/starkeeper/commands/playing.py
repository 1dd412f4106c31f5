"""What a sandbox runs on itself: a sweep for its page, and the job of each pipeline that its triggers start."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from starkeeper.sandbox.records import Pipeline
    from starkeeper.sandbox.world import World

MOST_SECONDS = 300


class Job(NamedTuple):
    """What became of a job; `output` is all that it printed."""

    succeeded: bool
    output: str


def sweep_report(url: str, journal: Path, at: dt.datetime) -> str:
    """Runs the job itself, as a process of its own, on the sandbox at this address; gives all that it printed."""
    return run_job(["sweep"], url, journal, at).output


def pipeline_runner(world: World, url: str, journal: Path) -> Callable[[Pipeline], None]:
    """What runs the job of a pipeline as GitLab would, for the world's own time, and tells the world what it said."""

    def run(pipeline: Pipeline) -> None:
        at = world.clock()
        with tempfile.TemporaryDirectory() as folder:
            # Not those of the pipeline itself: with them, whoever may send some would rule a process of this machine.
            variables = {"CI": "true", "CI_PIPELINE_SOURCE": pipeline.source}
            if pipeline.source == "trigger":
                file = Path(folder, "TRIGGER_PAYLOAD")
                file.write_text(pipeline.payload, "utf-8")
                variables["TRIGGER_PAYLOAD"] = str(file)
            job = run_job(words_of(pipeline), url, journal, at, variables, dry=is_dry(pipeline))
        world.finish_pipeline(pipeline, succeeded=job.succeeded, log=job.output)

    return run


def words_of(pipeline: Pipeline) -> tuple[str, ...]:
    """The command that .gitlab-ci.yml has for such a pipeline, and what it is called with."""
    if pipeline.source == "trigger":
        return ("react",)
    digest = pipeline.variables.get("STARKEEPER_DIGEST")
    return ("digest", digest) if digest else ("sweep",)


def is_dry(pipeline: Pipeline) -> bool:
    """As .gitlab-ci.yml has it, where the project has that variable at all; in a sandbox without it every job acts."""
    said = [each.value for each in pipeline.project.variables if each.key == "STARKEEPER_APPLY"]
    return bool(said) and said != ["true"]


def run_job(
    words: Sequence[str],
    url: str,
    journal: Path,
    at: dt.datetime,
    variables: Mapping[str, str] | None = None,
    *,
    dry: bool = False,
) -> Job:
    """Runs a command of Starkeeper on the sandbox at this address, as a process of its own."""
    name, *arguments = words
    options = ["--now", at.isoformat(), "--journal", str(journal), *["--dry-run"] * dry]
    try:
        done = subprocess.run(
            [sys.executable, "-m", "starkeeper", name, *options, "--", *arguments],
            env={**os.environ, **(variables or {}), **services(url)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            timeout=MOST_SECONDS,
        )
    except subprocess.TimeoutExpired:
        said = f"The {name} was stopped after {MOST_SECONDS} seconds; what it had done until then is done."
        return Job(False, said)
    succeeded = done.returncode == 0
    return Job(succeeded, done.stdout if succeeded else f"{done.stdout}\nexit status {done.returncode}")


def services(url: str) -> dict[str, str]:
    """The environment of a job that reaches this sandbox and nothing else."""
    from starkeeper.sandbox import seeds

    return {
        "GITLAB_URL": url,
        "GITLAB_TOKEN": seeds.TOKEN,
        "SLACK_API_URL": f"{url}/slack/api/",
        "SLACK_BOT_TOKEN": seeds.SLACK_TOKEN,
        "PAGERDUTY_API_URL": f"{url}/pagerduty",
        "PAGERDUTY_API_KEY": seeds.PAGERDUTY_TOKEN,
        "PAGERDUTY_FROM": seeds.PAGERDUTY_FROM,
        "STARKEEPER_NOTES_PER_SECOND": "1000",
        "STARKEEPER_MESSAGES_PER_SECOND": "1000",
    }
