"""A sandbox GitLab in a process of its own, filled with issues: `python -m tests.benchmarks.server ISSUES LATENCY_MS`.

It prints its address once it is ready, and ends when its standard input does.
"""

from __future__ import annotations

import datetime as dt
import sys

from starkeeper.sandbox.seeds import seed_many
from starkeeper.sandbox.server import serve
from starkeeper.sandbox.world import World

PROJECT = "support/busy"
NOW = dt.datetime(2026, 11, 30, 9, tzinfo=dt.UTC)


def main(issues: int, latency_ms: int) -> None:
    world = World(clock=lambda: NOW)
    seed_many(world, issues, project=PROJECT)
    world.latency_seconds = latency_ms / 1000
    with serve(world) as sandbox:
        print(sandbox.url, flush=True)  # noqa: T201
        sys.stdin.read()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
