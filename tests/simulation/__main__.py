"""What each manager received in the days of one seed: `python -m tests.simulation [SEED]`."""

from __future__ import annotations

import sys
from collections import Counter

from rich.console import Console
from rich.table import Table

from tests.simulation.week import MANAGERS, Week, play


def main() -> None:
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    week = play(seed)
    Console(width=120).print(_table(week, seed))


def _table(week: Week, seed: int) -> Table:
    table = Table(title=f"Seed {seed}: {len(week.sweeps)} sweeps, {sum(week.changes)} changes", title_justify="left")
    table.add_column("what")
    for name in MANAGERS:
        table.add_column(name, justify="right")
    said = week.said()
    assigned = Counter(user.username for kept in week.world.kept.values() for user in kept.issue.assignees)
    table.add_row("issues assigned", *(str(assigned[name]) for name in MANAGERS))
    for rule in sorted({each.rule for each in said if each.told}):
        counts = Counter(name for each in said if each.rule == rule for name in each.told)
        table.add_row(rule, *(str(counts[name]) for name in MANAGERS))
    days = Counter((name, each.at.date()) for each in said for name in each.told)
    most = {name: max((count for (who, _), count in days.items() if who == name), default=0) for name in MANAGERS}
    table.add_row("most in one shift", *(str(most[name]) for name in MANAGERS))
    return table


if __name__ == "__main__":
    main()
