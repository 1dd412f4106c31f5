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
main(['sweep', '--dry-run', *sys.argv[1:]])
"""
"""A sweep up to the moment at which it would send its first request: of the desk's own policies unless told."""


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
    """How soon a command is there, and how soon a sweep has checked everything and asks for the first thing."""
    with tempfile.TemporaryDirectory() as folder:
        rules = Path(folder) / "rules.yml"
        rules.write_text(policy(make_rules(10)), "utf-8")
        plain = ["-c", _FIRST_REQUEST, "--project", "group/project", "--policies", str(rules)]
        commands = (["-c", "pass"], ["-m", "starkeeper", "--help"], ["-c", "import gitlab"], plain, plain[:2])
        turns = [[run([sys.executable, *each], "http://127.0.0.1:9") for each in commands] for _ in range(2 * repeat)]
    python, helped, imported, first, desk = (_best(list(runs)) for runs in zip(*turns, strict=True))
    table = Table("what", "seconds", "against", title="Start")
    table.add_row("python -c pass", f"{python.seconds:.3f}", "")
    table.add_row("starkeeper --help", f"{helped.seconds:.3f}", f"{helped.seconds - python.seconds:.3f} s more")
    table.add_row("import gitlab", f"{imported.seconds:.3f}", "")
    for name, each in (("a file of 10 rules", first), ("the desk, with its templates", desk)):
        ratio = f"{each.seconds / imported.seconds:.2f} times import gitlab"
        table.add_row(f"first request of a sweep of {name}", f"{each.seconds:.3f}", ratio)
    return table


def _best(runs: list[Measured]) -> Measured:
    return min(runs, key=lambda each: each.seconds)


def _numbers(text: str) -> list[int]:
    return [int(each) for each in text.split(",")]


if __name__ == "__main__":
    main()
