"""scripts/environment with a make-believe Python that only writes down what it was asked to install."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[1] / "scripts" / "environment"

# `-m venv DIR` copies itself into DIR; `-m pip` fails while a file `broken` lies in the checkout.
PYTHON = """#!/bin/sh
here={checkout}
case "$*" in
  "-m venv"*) mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
  "-m pip"*) echo "$*" >>"$here/log"; [ ! -e "$here/broken" ] ;;
  *ensurepip*) [ ! -e "$here/bare" ] ;;
  *"sys.version_info"*) [ ! -e "$here/old" ] ;;
  *"sys.version"*) echo "3.11 make-believe" ;;
esac
"""


class Checkout:
    """A checkout with locks, the script, and a PATH whose python3 is make-believe."""

    def __init__(self, root: Path) -> None:
        self.root = root / "a checkout"
        (self.root / "scripts").mkdir(parents=True)
        (self.root / "tests").mkdir()
        shutil.copy(SCRIPT, self.root / "scripts")
        for name in ("pyproject.toml", "requirements.lock", "tests/requirements.lock"):
            (self.root / name).write_text(f"{name}\n", encoding="utf-8")
        self.python = root / "bin" / "python3"
        self.python.parent.mkdir()
        self.python.write_text(PYTHON.format(checkout=f"'{self.root}'"), encoding="utf-8")
        self.python.chmod(0o755)

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        path = f"{self.python.parent}:{os.defpath}"
        return subprocess.run(
            [shutil.which("dash") or "sh", self.root / "scripts" / "environment", *arguments],
            env={"PATH": path, "PYTHON": str(self.python), **environment},
            cwd="/",
            capture_output=True,
            text=True,
            check=False,
        )

    def installed(self) -> list[str]:
        """What was installed since the last call: `program`, `checkout` or `tests`, in order."""
        log = self.root / "log"
        lines = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
        log.unlink(missing_ok=True)
        kinds = {"tests/requirements.lock": "tests", "/requirements.lock": "program", " -e ": "checkout"}
        return [next(kind for sign, kind in kinds.items() if sign in line) for line in lines]

    def put(self, name: str) -> None:
        (self.root / name).write_text("changed\n", encoding="utf-8")


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


def test_a_second_run_installs_nothing(checkout: Checkout) -> None:
    assert checkout.run("echo", "a  b").stdout == "a  b\n"
    assert checkout.installed() == ["program", "checkout"]
    assert checkout.run("echo", "a  b").stdout == "a  b\n"
    assert checkout.installed() == []


def test_the_test_tools_are_added_to_the_environment_that_is_there(checkout: Checkout) -> None:
    checkout.run()
    checkout.installed()
    checkout.run("--tests")
    assert checkout.installed() == ["tests"]
    checkout.run("--tests")
    checkout.run()
    assert checkout.installed() == []


@pytest.mark.parametrize("changed", ["pyproject.toml", "requirements.lock"])
def test_a_changed_lock_makes_the_environment_anew(checkout: Checkout, changed: str) -> None:
    checkout.run("--tests")
    checkout.installed()
    checkout.put(changed)
    checkout.run("--tests")
    assert checkout.installed() == ["program", "checkout", "tests"]


def test_a_changed_lock_of_the_tests_leaves_the_demo_alone(checkout: Checkout) -> None:
    checkout.run("--tests")
    checkout.installed()
    checkout.put("tests/requirements.lock")
    checkout.run()
    assert checkout.installed() == []
    checkout.run("--tests")
    assert checkout.installed() == ["tests"]


@pytest.mark.parametrize("arguments", [(), ("--tests",)])
def test_what_was_left_half_made_is_made_anew(checkout: Checkout, arguments: tuple[str, ...]) -> None:
    checkout.run()
    checkout.put("pyproject.toml")
    checkout.put("broken")
    assert checkout.run(*arguments, "echo", "never").stdout == ""
    (checkout.root / "broken").unlink()
    checkout.installed()
    assert checkout.run(*arguments, "echo", "mended").stdout == "mended\n"
    assert checkout.installed()[:2] == ["program", "checkout"]


def test_test_tools_that_were_half_added_are_not_trusted_by_the_demo(checkout: Checkout) -> None:
    checkout.run()
    checkout.put("broken")
    assert checkout.run("--tests", "echo", "never").stdout == ""
    (checkout.root / "broken").unlink()
    checkout.installed()
    checkout.run()
    assert checkout.installed() == ["program", "checkout"]


def test_a_python_that_is_gone_makes_the_environment_anew(checkout: Checkout) -> None:
    checkout.run()
    checkout.installed()
    (checkout.root / ".venv" / "bin" / "python").unlink()
    checkout.run()
    assert checkout.installed() == ["program", "checkout"]


def test_an_inherited_environment_does_not_reach_the_command(checkout: Checkout) -> None:
    shown = 'echo "${VIRTUAL_ENV-}${PYTHONPATH-}${PYTHONHOME-}"'
    result = checkout.run("sh", "-c", shown, VIRTUAL_ENV="a", PYTHONPATH="b", PYTHONHOME="c")
    assert result.stdout == "\n"


def test_the_exit_status_is_that_of_the_command(checkout: Checkout) -> None:
    assert checkout.run("sh", "-c", "exit 3").returncode == 3


def test_an_environment_that_is_ready_is_used_as_it_is(checkout: Checkout) -> None:
    """An image may bring one along, whatever the checkout of the job is called."""
    ready = checkout.root / "ready" / "bin"
    ready.mkdir(parents=True)
    (ready / "greet").write_text("#!/bin/sh\necho hello\n", encoding="utf-8")
    (ready / "greet").chmod(0o755)
    assert checkout.run("--tests", "greet", STARKEEPER_VENV=str(ready.parent)).stdout == "hello\n"
    assert checkout.installed() == []


@pytest.mark.parametrize(
    ("lack", "advice"), [("bare", "apt-get install python3-venv"), ("old", "Python 3.11 or newer is needed")]
)
def test_a_python_that_will_not_do_is_explained(tmp_path: Path, lack: str, advice: str) -> None:
    checkout = Checkout(tmp_path)
    checkout.put(lack)
    for tool in ("dirname", "cat", "cmp", "rm", "mkdir", "cp"):
        (checkout.python.parent / tool).symlink_to(shutil.which(tool) or tool)
    result = checkout.run("echo", "never", PATH=str(checkout.python.parent))
    assert (result.returncode, result.stdout) == (1, "")
    assert advice in result.stderr
    assert not (checkout.root / ".venv").exists()
