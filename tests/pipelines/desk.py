"""A copy of the checkout whose real .gitlab-ci.yml is run, job by job, by gitlab-ci-local against a sandbox."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from starkeeper.sandbox import seeds
from starkeeper.sandbox.world import World

ROOT = Path(__file__).resolve().parents[2]
Given = Mapping[str, str]
NOTHING: Given = {}
TOOLS = ("git", "rsync", "gitlab-ci-local")
COPIED = (".gitlab-ci.yml", ".gitignore", "pyproject.toml", "requirements.lock", "scripts/environment")


def missing_tools() -> str:
    """Why nothing can be run here, or ""."""
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    return f"{', '.join(missing)} not installed; .ci/run installs what it can" if missing else ""


class Ran(NamedTuple):
    """What a pipeline came to; `output` is what its jobs wrote, without colours."""

    status: int
    output: str


class Pipelines:
    """The pipelines of a project; merge requests run in it without the variables that are protected."""

    def __init__(self, folder: Path, world: World, url: str) -> None:
        self.folder, self.world = folder, world
        self.unprotected = {"GITLAB_URL": url, "STARKEEPER_READ_TOKEN": seeds.READ_TOKEN}
        self.protected = {
            "GITLAB_TOKEN": seeds.TOKEN,
            "SLACK_API_URL": f"{url}/slack/api/",
            "SLACK_BOT_TOKEN": seeds.SLACK_TOKEN,
            "PAGERDUTY_API_URL": f"{url}/pagerduty",
            "PAGERDUTY_API_KEY": seeds.PAGERDUTY_TOKEN,
            "STARKEEPER_APPLY": "true",
            "STARKEEPER_NOTES_PER_SECOND": "1000",
            "STARKEEPER_MESSAGES_PER_SECOND": "1000",
        }

    def run(self, source: str, *jobs: str, inputs: Given = NOTHING, variables: Given = NOTHING) -> Ran:
        """All jobs that such an event starts, or only these of them."""
        done = self._call(source, *jobs, inputs=inputs, variables=variables)
        return Ran(done.returncode, re.sub(r"\x1b\[[0-9;]*m", "", done.stdout + done.stderr))

    def started_by(self, source: str, *, inputs: Given = NOTHING, variables: Given = NOTHING) -> set[str]:
        """The names of the jobs that such an event starts."""
        listed = self._call(source, "--list-json", inputs=inputs, variables=variables).stdout
        jobs = json.loads(listed[listed.index("[") :])
        return {job["name"].partition(":")[0] for job in jobs if job["when"] != "never"}

    def plan(self) -> dict[str, list[dict[str, object]]]:
        """The plan file that a job left."""
        plan: dict[str, list[dict[str, object]]] = json.loads((self.folder / "plan.json").read_text("utf-8"))
        return plan

    def edit(self, file: str, old: str, new: str) -> None:
        """What a merge request changes."""
        path = self.folder / file
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")

    def _call(self, source: str, *arguments: str, inputs: Given, variables: Given) -> subprocess.CompletedProcess[str]:
        protected = {} if source == "merge_request_event" else self.protected
        given = {"CI_PIPELINE_SOURCE": source, **protected, **self.unprotected, **variables}
        options = [
            "--force-shell-executor",
            "--ignore-predefined-vars",
            "CI_PIPELINE_SOURCE,CI_PIPELINE_ID,GITLAB_USER_LOGIN",
        ]
        for name, value in given.items():
            options += ["--variable", f"{name}={value}"]
        for name, value in inputs.items():
            options += ["--input", f"{name}={json.dumps(value)}"]
        return subprocess.run(
            ["gitlab-ci-local", *arguments, *options],
            cwd=self.folder,
            env=_environment(self.folder),
            capture_output=True,
            text=True,
            check=False,
        )


def copy_checkout(folder: Path) -> None:
    """What the jobs need of the checkout, as it lies here, in a repository with an origin."""
    for name in COPIED:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    for name in ("policies", "templates"):
        shutil.copytree(ROOT / name, folder / name)
    for command in (
        "init --quiet --initial-branch main",
        "add --all",
        "-c user.name=ops -c user.email=ops@example.com commit --quiet --message Start",
        "remote add origin https://gitlab.example/support/desk.git",
        "update-ref refs/remotes/origin/main HEAD",
        "symbolic-ref refs/remotes/origin/HEAD refs/remotes/origin/main",
    ):
        subprocess.run(["git", *command.split()], cwd=folder, env=_environment(folder), check=True)


def _environment(folder: Path) -> dict[str, str]:
    """Nothing of this machine but its tools, and the environment that is ready here."""
    return {"PATH": os.environ["PATH"], "HOME": str(folder), "STARKEEPER_VENV": sys.prefix, "NO_COLOR": "1"}
