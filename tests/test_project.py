"""The project's own files: what lies where, what is locked, and what must not stand in them."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from functools import cache
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]

FOLDERS = {"policies", "templates", "scripts", "tests", ".ci"}
FILES = {
    ".editorconfig",
    ".gitattributes",
    ".gitignore",
    ".gitlab-ci.yml",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "README.md",
    "pyproject.toml",
    "requirements.lock",
}
# Written so that this file does not match itself.
STRANGE_WORDS = re.compile(
    r"(?<![\w.~$}])/(?:[w]ork|[f]arm|[r]oot|[o]pt|[h]ome|[t]mp/v)/[\w.]"
    r"|[p]ythonhosted|[p]ypi\.org|[r]egistry\.npmjs|[d]eb\.debian"
)
PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)(.*(?:\n .*)*)", re.MULTILINE)


def test_the_top_level_holds_only_what_the_house_names() -> None:
    top = {path.partition("/")[0] for path in project_files()}
    assert top - FOLDERS - FILES == set()


def test_no_file_names_a_path_of_a_machine_or_the_host_of_a_registry() -> None:
    found = [
        f"{path}:{number}"
        for path in project_files()
        for number, line in enumerate((ROOT / path).read_text(encoding="utf-8", errors="ignore").splitlines(), 1)
        if STRANGE_WORDS.search(line)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("lock", "wanted"),
    [("requirements.lock", "dependencies"), ("requirements.lock", "build"), ("tests/requirements.lock", "test")],
)
def test_the_locks_satisfy_what_the_project_asks_for(lock: str, wanted: str) -> None:
    locked = pins(lock)
    unmet = [str(each) for each in requirements(wanted) if locked.get(name_of(each), "none") not in each.specifier]
    assert unmet == [], "renew the locks: scripts/lock"


def test_both_locks_fit_into_one_environment() -> None:
    program, tests = pins("requirements.lock"), pins("tests/requirements.lock")
    differing = {name for name in program.keys() & tests.keys() if program[name] != tests[name]}
    assert differing == set()


@pytest.mark.parametrize("lock", ["requirements.lock", "tests/requirements.lock"])
def test_every_locked_release_is_held_to_its_hash(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert [match[1] for match in PIN.finditer(text) if "--hash=sha256:" not in match[3]] == []


def test_every_dependency_says_why_it_is_there() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    lines = text[text.index("dependencies = [") : text.index("[project.scripts]")].splitlines()[1:]
    silent = [
        line.strip()
        for before, line in zip(["", *lines], lines, strict=False)
        if line.lstrip().startswith('"') and not before.lstrip().startswith("# ")
    ]
    assert silent == []


@pytest.mark.parametrize("script", ["demo", "test", "environment", "generate", "lock"])
def test_the_scripts_need_no_more_than_a_plain_shell(script: str) -> None:
    shell = shutil.which("dash") or "sh"
    result = subprocess.run([shell, "-n", ROOT / "scripts" / script], capture_output=True, text=True, check=False)
    assert (result.returncode, result.stderr) == (0, "")


@cache
def project_files() -> tuple[str, ...]:
    """What is in the repository or about to be, as paths from its top."""
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("only a Git checkout knows which files belong to the project")
    listed = subprocess.run(
        [git, "-C", ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        capture_output=True,
        text=True,
        check=True,
    )
    return tuple(sorted(path for path in set(listed.stdout.split("\0")) if path and (ROOT / path).is_file()))


def requirements(wanted: str) -> list[Requirement]:
    """The requirements of the program ("dependencies") or of one of its dependency groups."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    lines = project["project"]["dependencies"] if wanted == "dependencies" else project["dependency-groups"][wanted]
    return [Requirement(line) for line in lines]


def pins(lock: str) -> dict[str, str]:
    text = (ROOT / lock).read_text(encoding="utf-8")
    return {canonicalize_name(match[1]): match[2] for match in PIN.finditer(text)}


def name_of(requirement: Requirement) -> str:
    return canonicalize_name(requirement.name)
