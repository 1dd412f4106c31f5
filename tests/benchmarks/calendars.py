"""The calendars of the desk against a reference that looks at the wall clock every minute.

    python -m tests.benchmarks.calendars [--cases 100000] [--seed 1] [--processes 2]

Each case is a calendar with windows, closed days and holidays in some zone, and a stretch of time that often holds a
change of the clock, a new year or a holiday. Says how many cases there were and how many differences, of which there
must be none: then it ends with status 0, else with 1.
"""

from __future__ import annotations

import random
import sys
import time
from concurrent.futures import ProcessPoolExecutor

import click
from msgspec import Struct

from tests.desk.reference import Case, clock_changes, differences, make_case, public_holidays

CHUNK = 500


class Tally(Struct, frozen=True):
    """What a chunk of cases gave."""

    cases: int = 0
    minutes: int = 0
    changes: int = 0
    holidays: int = 0
    wrong: tuple[str, ...] = ()

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.cases + other.cases,
            self.minutes + other.minutes,
            self.changes + other.changes,
            self.holidays + other.holidays,
            self.wrong + other.wrong,
        )


@click.command()
@click.option("--cases", default=100_000)
@click.option("--seed", default=1)
@click.option("--processes", default=2)
def main(cases: int, seed: int, processes: int) -> None:
    began = time.monotonic()
    chunks = [(f"{seed}/{first}", min(CHUNK, cases - first)) for first in range(0, cases, CHUNK)]
    with ProcessPoolExecutor(processes) as pool:
        tally = sum(pool.map(check, *zip(*chunks, strict=True)), Tally())
    for line in tally.wrong[:20]:
        click.echo(line, err=True)
    click.echo(f"cases         {tally.cases:>12,}")
    click.echo(f"minutes       {tally.minutes:>12,}")
    click.echo(f"clock changes {tally.changes:>12,} cases with one")
    click.echo(f"holidays      {tally.holidays:>12,} cases with one that closes")
    click.echo(f"differences   {len(tally.wrong):>12,}")
    click.echo(f"seconds       {time.monotonic() - began:>12,.0f}")
    sys.exit(1 if tally.wrong else 0)


def check(seed: str, count: int) -> Tally:
    """The same cases for the same seed, on any machine."""
    chance = random.Random(seed)
    return sum((tallied(make_case(chance)) for _ in range(count)), Tally())


def tallied(case: Case) -> Tally:
    """One case with what it holds."""
    has_change = any(case.start <= each < case.end for each in clock_changes(case.calendar.zone))
    days = {day for name in case.calendar.holidays for day in public_holidays(name)}
    has_holiday = any(case.start.date() <= day <= case.end.date() for day in days)
    return Tally(1, case.minutes, has_change, has_holiday, tuple(differences(case)))


if __name__ == "__main__":
    main()
