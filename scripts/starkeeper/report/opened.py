"""Takes what became of a form; gives it as text for a person, and as JSON."""

from __future__ import annotations

from typing import Protocol

import msgspec

from starkeeper.model.plan import Outcome, Plan, SummarizeStep
from starkeeper.model.resources import Issue
from starkeeper.render.clean import shown
from starkeeper.report import as_json


class Ran(Protocol):
    @property
    def outcomes(self) -> tuple[Outcome, ...]: ...


class Opening(Protocol):
    """What is known of the issue; `flow.Opening` is one."""

    @property
    def run(self) -> Ran: ...

    @property
    def issue(self) -> Issue | None: ...

    @property
    def is_new(self) -> bool: ...


def opened_text(plan: Plan, opening: Opening) -> str:
    """Which issue it is; of a dry run what it would be; of a failure why. Nothing that was entered is in it but in a
    dry run, and there only where the issue is not confidential: a job's log has many readers."""
    if failed := [each.why for each in opening.run.outcomes if each.result != "applied"]:
        return shown("\n".join(f"error: {why}" for why in failed))
    if opening.issue is not None:
        return _named(opening.issue, is_new=opening.is_new)
    if opening.run.outcomes:
        return f"Opened an issue in {plan.changes[0].project}."
    steps = [(change, step) for change in plan.changes for step in change.steps if isinstance(step, SummarizeStep)]
    return shown("\n".join(_what_would_be(change.project, step) for change, step in steps))


def opened_json(plan: Plan, opening: Opening, run: str = "") -> bytes:
    """The object of a run, with `issue` beside it: its reference and address, and whether this run opened it; null
    where there is none."""
    issue = opening.issue
    told = {"reference": issue.reference, "web_url": issue.web_url, "is_new": opening.is_new} if issue else None
    whole = {**msgspec.json.decode(as_json(plan, opening.run.outcomes, run)), "issue": told}
    return msgspec.json.format(msgspec.json.encode(whole), indent=2) + b"\n"


def _what_would_be(project: str, step: SummarizeStep) -> str:
    whole = f"{step.title}\n\n{step.description}"
    if step.confidential:
        whole = "What it says is not shown, for it is confidential; the file of --plan has all of it."
    kind = ", confidential" if step.confidential else ""
    return f"Would open in {project}{kind}:\n\n{whole}\n\nDry run: nothing was opened."


def _named(issue: Issue, *, is_new: bool) -> str:
    if is_new:
        return shown(f"Opened {issue.reference}: {issue.web_url}")
    state = ", closed by now" if issue.state == "closed" else ""
    again = "Nothing was opened a second time. To open another one all the same, give it a --key of its own."
    return shown(f"Opened before: {issue.reference}{state}: {issue.web_url}\n{again}")
