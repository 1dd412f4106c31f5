"""Takes a plan and its outcomes; writes the table that a person reads, on a terminal or in a job's log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from starkeeper.model.plan import Change, Outcome, Plan
from starkeeper.report.words import counted, step_in_words

_MARKS = {"applied": ("done", "green"), "skipped": ("waits", "yellow"), "failed": ("failed", "red"), "": ("", "")}


def show_run(
    console: Console, plan: Plan, outcomes: Sequence[Outcome], requests: Mapping[str, int], *, dry: bool
) -> None:
    """The changes with their outcomes, then conflicts, skipped rules and errors, then one line that sums up."""
    if plan.changes:
        console.print(_table(plan, outcomes, dry=dry))
    for conflict in plan.conflicts:
        first, second = conflict.rules
        place = f"{conflict.project}#{conflict.iid}"
        _line(
            console,
            "conflict",
            f"{place}: rules '{first}' and '{second}' disagree over {conflict.over}; neither was used",
        )
    for skip in plan.skipped:
        _line(console, "skipped", f"rule '{skip.rule}': {skip.why}")
    for failure in plan.errors:
        _line(console, "error", f"{failure.where}: {failure.what}")
    for outcome in outcomes:
        if outcome.why:
            word = "waits" if outcome.result == "skipped" else "error"
            _line(console, word, f"{outcome.project}#{outcome.iid}, {outcome.action}: {outcome.why}")
    console.print(Text(summary(plan, outcomes, requests, dry=dry), style="bold"), soft_wrap=True)


def _table(plan: Plan, outcomes: Sequence[Outcome], *, dry: bool) -> Table:
    table = Table(title="Plan (dry run: nothing was changed)" if dry else "Changes", title_justify="left", expand=False)
    for column in ("Issue", "Step", "Rule") if dry else ("Issue", "Step", "Rule", "Outcome"):
        table.add_column(column, overflow="fold")
    results = iter(outcomes)
    for change in plan.changes:
        for place, step in enumerate(change.steps):
            outcome = "" if dry else next(results).result
            cells = [Text(_issue(change) if place == 0 else ""), Text(step_in_words(step)), Text(step.rule)]
            if not dry:
                cells.append(Text(*_MARKS[outcome]))
            table.add_row(*cells, end_section=place == len(change.steps) - 1)
    return table


def _issue(change: Change) -> str:
    """As `explain` takes it; in a run over a group, where the number alone says too little, with the project."""
    within = change.project == change.tracker or change.project.startswith(f"{change.tracker}/")
    return f"{change.project if within else change.tracker}#{change.iid}"


def summary(plan: Plan, outcomes: Sequence[Outcome], requests: Mapping[str, int], *, dry: bool) -> str:
    """One line: how much was planned, what became of it, and what it cost."""
    steps = sum(len(change.steps) for change in plan.changes)
    planned = f"{counted(len(plan.changes), 'issue')} to change in {counted(steps, 'step')}"
    asked = f"{counted(sum(requests.values()), 'request')} to GitLab"
    nothing = "Nothing was planned" if plan.errors or plan.conflicts else "Nothing to do"
    if dry:
        return f"{planned if plan.changes else nothing}; {asked}; dry run."
    if not plan.changes:
        return f"{nothing}; {asked}."
    results = [outcome.result for outcome in outcomes]
    said = ", ".join(
        f"{results.count(each)} {_MARKS[each][0]}" for each in ("applied", "skipped", "failed") if each in results
    )
    return f"{counted(len(plan.changes), 'issue')}, {counted(steps, 'step')}: {said}; {asked}."


def _line(console: Console, word: str, text: str) -> None:
    colour = {"error": "red", "conflict": "magenta"}.get(word, "yellow")
    console.print(Text.assemble((f"{word}: ", colour), text), soft_wrap=True)
