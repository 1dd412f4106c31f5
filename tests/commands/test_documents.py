"""What the documents tell people to type works: the README's commands and the examples of the helps."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from starkeeper.commands.main import COMMANDS
from starkeeper.sandbox.seeds import BOT, TOKEN, seed_desk
from starkeeper.sandbox.server import serve
from starkeeper.sandbox.world import World
from tests.flow.conftest import NOW
from tests.running import starkeeper

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text("utf-8")
PLAIN = "resource_rules: {issues: {rules: [{name: Label, conditions: {state: opened}, actions: {labels: [seen]}}]}}\n"
EVENT = '{"object_kind": "issue", "object_attributes": {"iid": 2, "project_id": 1, "action": "update"}}'
ISSUES = '[{"id": 1, "iid": 1, "title": "One", "created_at": "2026-11-30T09:00:00Z"}]'


def _commands_of_the_readme() -> list[str]:
    blocks = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    lines = [line.partition("#")[0].strip() for block in blocks for line in block.splitlines()]
    return [line for line in lines if line and not line.startswith("export ")]


def _example(command: str) -> list[str]:
    printed = starkeeper(command, "--help")[1]
    return shlex.split(printed.rstrip().splitlines()[-1].strip().removeprefix("Example: "), comments=False)


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[str]:
    """A seeded desk to run against, and a folder to run in that has the checkout's policies and what examples name."""
    world = World(clock=lambda: NOW)
    seed_desk(world, NOW)
    world.add_project("group/project")
    world.add_member("group/project", BOT, "developer")
    world.add_label("group/project", "seen")
    for name in ("policies", "templates"):
        shutil.copytree(ROOT / name, tmp_path / name)
    (tmp_path / ".triage-policies.yml").write_text(PLAIN, "utf-8")
    (tmp_path / "issues.json").write_text(ISSUES, "utf-8")
    (tmp_path / "event.json").write_text(EVENT, "utf-8")
    monkeypatch.chdir(tmp_path)
    with serve(world) as served:
        monkeypatch.setenv("GITLAB_URL", served.url)
        monkeypatch.setenv("GITLAB_TOKEN", TOKEN)
        yield served.url


def test_readme_names_the_two_commands_first_and_they_are_there() -> None:
    assert [line.split()[0] for line in _commands_of_the_readme()[:2]] == ["scripts/demo", "scripts/test"]
    for line in _commands_of_the_readme():
        assert os.access(ROOT / line.split()[0], os.X_OK), line


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize("line", [line for line in _commands_of_the_readme() if " starkeeper " in line])
def test_command_of_the_readme_works(line: str) -> None:
    arguments = shlex.split(line.partition(" starkeeper ")[2])
    assert _works(arguments), line


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_example_of_the_help_works(command: str) -> None:
    assert _works(_example(command)[1:]), command


def test_readme_tells_every_command_and_every_variable() -> None:
    settings = (ROOT / "scripts/starkeeper/settings.py").read_text("utf-8")
    for name in re.findall(r'environment\.get\("((?:GITLAB|STARKEEPER)_\w+)"', settings):
        assert f"`{name}`" in README, name
    for command in COMMANDS:
        assert f"`starkeeper {command}" in README, command


def _works(arguments: list[str]) -> bool:
    """Whether the command ends well; one that serves until it is stopped is stopped once it says where it is."""
    if arguments[0] != "sandbox" and "--keep" not in arguments:
        return starkeeper(*arguments)[0] == 0
    # The last --port counts; the usual one may be taken on this machine.
    command = [sys.executable, "-u", "-m", "starkeeper", *arguments, "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        assert process.stdout is not None
        served = any("http://127.0.0.1:" in line and "Ctrl-C" in line for line in process.stdout)
        process.send_signal(signal.SIGINT)
        process.stdout.read()
        return served and process.wait() == 0
