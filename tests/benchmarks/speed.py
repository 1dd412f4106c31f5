"""How the cost of a sweep grows with issues, rules and latency, as ratios measured in one go.

    python -m tests.benchmarks.speed [--issues 1000,10000] [--rules 1,10,50,200] [--latency 0,50] [--repeat 3]

Each line compares a dry run with only listing the same issues with python-gitlab, as many requests at once, and with a
client that lists anew for each rule, one page after the other. All run as programs of their own, by turns; the best of
the repeated runs counts, for whatever else the machine does only makes them slower. `--no-sequential` leaves the last
one out, which takes long.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from tests.benchmarks.measure import Measured, client, run, sandbox, sweep
from tests.benchmarks.rules import make_rules, policy

COLUMNS = ("issues", "rules", "latency", "bare listing", "sweep", "ratio", "requests", "peak MB", "one by one", "ratio")

_FIRST_REQUEST = """
import os, socket, sys
socket.socket.connect = lambda *_: os._exit(0)
from starkeeper.commands.main import main
main(sys.argv[1:])
"""
"""A command up to the moment at which it would send its first request."""
_EVENT = {"object_kind": "issue", "object_attributes": {"iid": 1, "project_id": 1, "action": "open"}}


@click.command()
@click.option("--issues", default="1000,10000")
@click.option("--rules", default="1,10,50,200")
@click.option("--latency", default="0,50", help="Milliseconds.")
@click.option("--repeat", default=3)
@click.option("--sequential/--no-sequential", default=True)
def main(issues: str, rules: str, latency: str, repeat: int, sequential: bool) -> None:
    console = Console(width=150)
    console.print(_starting(repeat))
    table = Table(*COLUMNS, title="A dry run against listing only, and against one list for each rule")
    for latency_ms in _numbers(latency):
        for count in _numbers(issues):
            with sandbox(count, latency_ms) as url:
                for number in _numbers(rules):
                    figures = _compared(url, number, repeat, sequential)
                    table.add_row(str(count), str(number), f"{latency_ms} ms", *figures)
    console.print(table)


def _compared(url: str, number: int, repeat: int, sequential: bool) -> tuple[str, ...]:
    with tempfile.TemporaryDirectory() as folder:
        rules = Path(folder) / "rules.yml"
        rules.write_text(policy(make_rules(number)), "utf-8")
        pairs = [(client("bare", url, rules), sweep(url, rules)) for _ in range(repeat)]
        ours, bare = _best([each for _, each in pairs]), _best([each for each, _ in pairs])
        other = client("sequential", url, rules) if sequential else None
    listed = json.loads(bare.printed)["requests"]
    summary = json.loads(ours.printed)["summary"]
    return (
        f"{bare.seconds:.2f} s ({listed})",
        f"{ours.seconds:.2f} s ({summary['requests']['list']})",
        f"{ours.seconds / bare.seconds:.2f}",
        " ".join(f"{count} {kind}" for kind, count in summary["requests"].items()),
        f"{ours.peak_mb:.0f}",
        f"{other.seconds:.1f} s ({json.loads(other.printed)['requests']})" if other else "-",
        f"{ours.seconds / other.seconds:.3f}" if other else "-",
    )


def _starting(repeat: int) -> Table:
    """How soon a command is there, and how soon a run has checked everything and asks for the first thing."""
    with tempfile.TemporaryDirectory() as folder:
        rules, payload = Path(folder) / "rules.yml", Path(folder) / "payload.json"
        rules.write_text(policy(make_rules(10)), "utf-8")
        payload.write_text(json.dumps(_EVENT), "utf-8")
        sweep_of = ["-c", _FIRST_REQUEST, "sweep", "--dry-run"]
        reaction = ["-c", _FIRST_REQUEST, "react", "--payload", str(payload), "--no-journal"]
        python = [sys.executable]
        commands = (
            [*python, "-c", "pass"],
            [*python, "-m", "starkeeper", "--help"],
            [*python, "-c", "import gitlab"],
            [*python, *sweep_of, "--project", "group/project", "--policies", str(rules)],
            [*python, *sweep_of],
            [*python, *reaction],
            ["scripts/environment", "python", *reaction],
        )
        turns = [[run(each, "http://127.0.0.1:9") for each in commands] for _ in range(2 * repeat)]
    bare, helped, imported, *firsts = (_best(list(runs)) for runs in zip(*turns, strict=True))
    table = Table("what", "seconds", "against", title="Start")
    table.add_row("python -c pass", f"{bare.seconds:.3f}", "")
    table.add_row("starkeeper --help", f"{helped.seconds:.3f}", f"{helped.seconds - bare.seconds:.3f} s more")
    table.add_row("import gitlab", f"{imported.seconds:.3f}", "")
    names = (
        "first request of a sweep of a file of 10 rules",
        "first request of a sweep of the desk, with its templates",
        "first request of a reaction of the desk",
        "the same as a job begins it, with scripts/environment",
    )
    for name, each in zip(names, firsts, strict=True):
        ratio = f"{each.seconds / imported.seconds:.2f} times import gitlab"
        table.add_row(name, f"{each.seconds:.3f}", ratio)
    return table


def _best(runs: list[Measured]) -> Measured:
    return min(runs, key=lambda each: each.seconds)


def _numbers(text: str) -> list[int]:
    return [int(each) for each in text.split(",")]


if __name__ == "__main__":
    main()
