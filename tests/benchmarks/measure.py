"""Runs a program on a seeded sandbox: how long it took, what it needed, what it said."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from starkeeper.sandbox.seeds import TOKEN

ROOT = Path(__file__).resolve().parents[2]


class Measured(Struct, frozen=True):
    """Seconds of wall clock and of this program's own processors, memory in megabytes at its peak, and its output."""

    seconds: float
    cpu_seconds: float
    peak_mb: float
    printed: str


@contextlib.contextmanager
def sandbox(issues: int, latency_ms: int) -> Iterator[str]:
    """A filled sandbox; gives its address."""
    command = [sys.executable, "-m", "tests.benchmarks.server", str(issues), str(latency_ms)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout and process.stdin
        yield process.stdout.readline().strip()
        process.stdin.close()


def run(command: Sequence[str], url: str = "") -> Measured:
    """Runs a command to its end; RuntimeError where it fails."""
    environment = {**os.environ, "GITLAB_URL": url, "GITLAB_TOKEN": TOKEN}
    # As installed, with its bytecode: the libraries that it is compared with have theirs.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryFile("w+") as out:
        began = time.perf_counter()
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=subprocess.PIPE, text=True)
        assert process.stderr
        complaint = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        out.seek(0)
        printed = out.read()
    if os.waitstatus_to_exitcode(status) != 0:
        raise RuntimeError(f"{' '.join(command)}: {complaint or printed}")
    return Measured(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, printed)


def sweep(url: str, rules: Path) -> Measured:
    """The real command, as a dry run."""
    command = [sys.executable, "-m", "starkeeper", "sweep", "--dry-run", "--output", "json"]
    command += ["--now", "2026-11-30T09:00:00Z", "--project", "support/busy", "--policies", str(rules)]
    return run(command, url)


def client(name: str, url: str, rules: Path) -> Measured:
    """One of those that it is compared with."""
    return run([sys.executable, "-m", "tests.benchmarks.clients", name, url, str(rules)], url)
