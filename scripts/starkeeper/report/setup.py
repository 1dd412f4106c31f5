"""Takes what is to be set up and what became of it; gives a table, JSON, the plan as a file, an exit status."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
from rich.console import Console
from rich.table import Table
from rich.text import Text

from starkeeper.model.setup import SetupOutcome, SetupPlan, SetupStep
from starkeeper.render.clean import shown
from starkeeper.report import DONE, MUST_CORRECT, NOT_ALL_DONE
from starkeeper.report.online import finding_in_words, findings_status
from starkeeper.report.words import counted

_COLOURS = {"error": "red", "unread": "red", "hidden": "red", "warning": "yellow", "note": "cyan"}
_WORDS = {"unread": "error", "hidden": "error"}
_DOES = {"make": "make", "change": "change", "replace": "replace", "remove": "delete"}


def show_setup(
    console: Console, plan: SetupPlan, outcomes: Sequence[SetupOutcome], *, dry: bool, requests: Mapping[str, int]
) -> None:
    """The steps with their outcomes, then what a person should know or do, and one line that sums up."""
    if plan.steps:
        console.print(_table(plan, outcomes, dry=dry))
    for each in plan.findings:
        _line(console, each.level, finding_in_words(each))
    for outcome in outcomes:
        if outcome.why:
            _line(console, "error", f"{outcome.step.place.path}, {step_in_words(outcome.step)}: {outcome.why}")
    console.print(Text(_summary(plan, outcomes, dry=dry, asked=sum(requests.values())), style="bold"), soft_wrap=True)


def step_in_words(step: SetupStep) -> str:
    """`make label star::new (#1f75cb)`; of a CI variable its name and flags, never its value."""
    if step.kind == "variable":
        return _variable_in_words(step)
    if step.kind in ("webhook", "trigger"):
        number, leads = f" {step.id}" if step.id else "", f" to {step.leads}" if step.leads else ""
        return f"{_DOES[step.does]} {step.kind}{number}{leads}"
    told = [str(step.fields[key]) for key in ("color", "cron", "cron_timezone", "process_mode") if key in step.fields]
    return f"{_DOES[step.does]} {step.kind} {step.name}" + (f" ({', '.join(told)})" if told else "")


def setup_json(plan: SetupPlan, outcomes: Sequence[SetupOutcome]) -> bytes:
    """`{"version": 1, "steps": [...], "findings": [...], "outcomes": [...]}`; no secret stands in any of them."""
    whole = {"version": 1, **msgspec.to_builtins(plan), "outcomes": msgspec.to_builtins(outcomes)}
    return msgspec.json.format(msgspec.json.encode(whole), indent=2) + b"\n"


def setup_status(plan: SetupPlan, outcomes: Sequence[SetupOutcome]) -> int:
    """0 all done, 1 a person must do something first, 3 something could not be read or done."""
    if any(each.result == "failed" for each in outcomes):
        return NOT_ALL_DONE
    # What is hidden here was not set up.
    is_hidden = any(each.level == "hidden" for each in plan.findings)
    return findings_status(plan.findings) or (MUST_CORRECT if is_hidden else DONE)


def _variable_in_words(step: SetupStep) -> str:
    flags = [name for name in ("masked", "protected") if step.fields.get(name)] or ["not masked"]
    if step.does == "change":
        return f"change CI variable {step.name} ({', '.join(flags)})"
    value = "from this environment" if step.secret else f"to {step.fields['value']}"
    return f"set CI variable {step.name} {value} ({', '.join(flags)})"


def _table(plan: SetupPlan, outcomes: Sequence[SetupOutcome], *, dry: bool) -> Table:
    title = "Plan (dry run: nothing was changed)" if dry else "Set up"
    table = Table(title=title, title_justify="left", expand=False)
    for column in ("Where", "Step", "Why") if dry else ("Where", "Step", "Why", "Outcome"):
        table.add_column(column, overflow="fold")
    before = ""
    for place, step in enumerate(plan.steps):
        where = step.place.path if step.place.path != before else ""
        before = step.place.path
        cells = [Text(shown(each)) for each in (where, step_in_words(step), step.why)]
        if not dry:
            result = outcomes[place].result
            cells.append(Text(result, "green" if result == "done" else "red"))
        ends = place + 1 == len(plan.steps) or plan.steps[place + 1].place.path != before
        table.add_row(*cells, end_section=ends)
    return table


def _summary(plan: SetupPlan, outcomes: Sequence[SetupOutcome], *, dry: bool, asked: int) -> str:
    requests = counted(asked, "request")
    missed = sum(each.level in ("unread", "hidden") for each in plan.findings)
    unseen = f"; it could not look at {counted(missed, 'more thing' if plan.steps else 'thing')}" if missed else ""
    if not plan.steps:
        nothing = "Nothing was planned" if missed else "Nothing to do"
        return f"{nothing}{unseen}; {requests}{'; dry run' if dry else ''}."
    things = counted(len(plan.steps), "thing")
    if dry:
        return f"{things} to set up{unseen}; {requests}; dry run."
    failed = sum(each.result == "failed" for each in outcomes)
    said = f"{len(outcomes) - failed} done" + (f", {failed} failed" if failed else "")
    return f"{things} to set up: {said}{unseen}; {requests}."


def _line(console: Console, level: str, text: str) -> None:
    word = _WORDS.get(level, level)
    console.print(Text.assemble((f"{word}: ", _COLOURS[level]), shown(text)), soft_wrap=True)
