"""Takes a plan and its outcomes; writes the table that a person reads, on a terminal or in a job's log."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from starkeeper.model.plan import Change, Cost, Outcome, Plan, SummarizeStep
from starkeeper.model.resources import EVERY_TYPE
from starkeeper.render.clean import shown
from starkeeper.report.words import counted, counted_of, step_in_words

_MARKS = {"applied": ("done", "green"), "skipped": ("waits", "yellow"), "failed": ("failed", "red"), "": ("", "")}


def show_run(
    console: Console, plan: Plan, outcomes: Sequence[Outcome], *, dry: bool, run: str = "", undo: str = ""
) -> None:
    """The changes with their outcomes, then conflicts, skipped rules and errors, what was done, and what it cost.

    `run` is its name and `undo` the command that takes it back, said where there is anything to take back.
    """
    if plan.changes:
        console.print(_table(plan, outcomes, dry=dry))
    for conflict in plan.conflicts:
        first, second = conflict.rules
        place = conflict.key
        _line(
            console,
            "conflict",
            f"{place}: rules '{first}' and '{second}' disagree over {conflict.over}; neither was used",
        )
    for skip in plan.skipped:
        _line(console, "skipped", f"rule '{skip.rule}': {skip.why}")
    for notice in plan.notices:
        _line(console, notice.kind, f"{notice.where}: {notice.what}")
    for failure in plan.errors:
        _line(console, "error", f"{failure.where}: {failure.what}")
    for outcome in outcomes:
        if outcome.why:
            word = "waits" if outcome.result == "skipped" else "error"
            _line(console, word, f"{_outcome_place(outcome)}, {outcome.action}: {outcome.why}")
    console.print(Text(summary(plan, outcomes, dry=dry), style="bold"), soft_wrap=True)
    if plan.summary:
        console.print(Text(cost(plan.summary)), soft_wrap=True)
    if undo and any(outcome.result == "applied" for outcome in outcomes):
        console.print(Text(f"Run {run}; to take it back: {undo}"), soft_wrap=True)


def _table(plan: Plan, outcomes: Sequence[Outcome], *, dry: bool) -> Table:
    table = Table(title="Plan (dry run: nothing was changed)" if dry else "Changes", title_justify="left", expand=False)
    first = "Issue" if all(change.type == "issues" for change in plan.changes) else "Where"
    for column in (first, "Step", "Rule") if dry else (first, "Step", "Rule", "Outcome"):
        table.add_column(column, overflow="fold")
    results = iter(outcomes)
    for change in plan.changes:
        for place, step in enumerate(change.steps):
            outcome = "" if dry else next(results).result
            cells = [
                Text(shown(each)) for each in (_place(change) if place == 0 else "", step_in_words(step), step.rule)
            ]
            if not dry:
                cells.append(Text(*_MARKS[outcome]))
            table.add_row(*cells, end_section=place == len(change.steps) - 1)
    return table


def _place(change: Change) -> str:
    """As `explain` takes it; in a run over a group, where the number alone says too little, with the project."""
    within = change.project == change.tracker or change.project.startswith(f"{change.tracker}/")
    new = change.type == "issues" and not change.iid
    if new:
        return f"{change.project} (new)"
    elsewhere = any(isinstance(step, SummarizeStep) for step in change.steps)
    return str(change.key if within or elsewhere else change.key._replace(project=change.tracker))


def _outcome_place(outcome: Outcome) -> str:
    return str(outcome.key) if outcome.iid or outcome.name else f"{outcome.project} (new)"


def summary(plan: Plan, outcomes: Sequence[Outcome], *, dry: bool) -> str:
    """One line: how much was planned, what became of it, and how many requests it took."""
    steps = sum(len(change.steps) for change in plan.changes)
    planned = f"{_things(plan)} to change in {counted(steps, 'step')}"
    requests = sum(plan.summary.requests.values()) if plan.summary else 0
    asked = counted(requests, "request")
    nothing = "Nothing was planned" if plan.errors or plan.conflicts else "Nothing to do"
    if dry:
        return f"{planned if plan.changes else nothing}; {asked}; dry run."
    if not plan.changes:
        return f"{nothing}; {asked}."
    results = [outcome.result for outcome in outcomes]
    said = ", ".join(
        f"{results.count(each)} {_MARKS[each][0]}" for each in ("applied", "skipped", "failed") if each in results
    )
    return f"{_things(plan)}, {counted(steps, 'step')}: {said}; {asked}."


def cost(of: Cost) -> str:
    """One line: what was read, and what it took in requests by kind and seconds by step."""
    requests = ", ".join(f"{count} {kind}" for kind, count in sorted(of.requests.items(), key=lambda each: -each[1]))
    seconds = ", ".join(f"{step} {taken:.1f} s" for step, taken in of.seconds.items() if taken >= 0.05)
    return f"Read {of.resources}; requests: {requests or 'none'}{'; ' if seconds else ''}{seconds}."


def _things(plan: Plan) -> str:
    """What is changed in two steps of the way, as by a reaction, counts once; what is new has no number yet."""
    known = {(each.tracker, each.key) for each in plan.changes if each.iid or each.name}
    new = [each.type for each in plan.changes if not (each.iid or each.name)]
    types = Counter([key.type for _, key in known] + new)
    return " and ".join(counted_of(types[each], each) for each in EVERY_TYPE if types[each])


def _line(console: Console, word: str, text: str) -> None:
    colour = {"error": "red", "conflict": "magenta", "note": "cyan"}.get(word, "yellow")
    console.print(Text.assemble((f"{word}: ", colour), shown(text)), soft_wrap=True)
