"""Takes a step, or how many there are of a thing; says it in a few words. Nothing a customer wrote is in them."""

from __future__ import annotations

from typing import assert_never

from starkeeper.desk.words import instant
from starkeeper.model.plan import (
    AssignStep,
    CommentStep,
    ConfidentialStep,
    DeleteStep,
    DueDateStep,
    IssueStep,
    LabelsStep,
    LockStep,
    MoveStep,
    OverrideStep,
    RelateStep,
    SlackStep,
    StatusStep,
    Step,
    SummarizeStep,
)
from starkeeper.model.resources import ResourceType

NOUNS: dict[ResourceType, str] = {
    "issues": "issue",
    "merge_requests": "merge request",
    "epics": "epic",
    "branches": "branch",
    "slack_messages": "Slack message",
    "shifts": "shift",
}


def step_in_words(step: Step) -> str:
    """One line, such as `label +star::new -star::outside-hours`."""
    match step:
        case LabelsStep():
            return "label " + " ".join([f"+{name}" for name in step.add] + [f"-{name}" for name in step.remove])
        case AssignStep():
            return " ".join([f"assign @{name}" for name in step.add] + [f"unassign @{name}" for name in step.remove])
        case StatusStep():
            return "close" if step.state == "closed" else "reopen"
        case ConfidentialStep():
            return "make confidential" if step.confidential else "make public"
        case DueDateStep():
            return f"due {step.due_date}" if step.due_date else "no due date"
        case LockStep():
            return "lock" if step.locked else "unlock"
        case RelateStep():
            return f"{step.link_type.replace('_', ' ')} {step.to}"
        case MoveStep():
            return f"move to {step.to}"
        case DeleteStep():
            return "delete the branch"
        case IssueStep():
            return f"open an issue in {step.destination} ({len(step.description)} characters)"
        case SummarizeStep():
            return _summary_in_words(step)
        case CommentStep():
            what = "internal note" if step.internal else "note"
            return f"{'thread' if step.thread else what} ({len(step.body)} characters)"
        case SlackStep():
            return _slack_in_words(step)
        case OverrideStep():
            return f"@{step.person} is on call in {step.rotation} from {instant(step.starts)} to {instant(step.ends)}"
    assert_never(step)


def _slack_in_words(step: SlackStep) -> str:
    """Where, and how much; the words themselves are in the plan file."""
    if step.does == "react":
        return f":{step.text}: on the {step.reply_to} in {step.channel}"
    if step.does == "update":
        return f"edit the {step.role} in {step.channel} ({len(step.text)} characters)"
    thread = "a reply" if step.reply_to or step.to else step.role or "a message"
    return f"{thread} in {step.channel} ({len(step.text)} characters)"


def _summary_in_words(step: SummarizeStep) -> str:
    if step.close:
        return "close the summary: nothing is left in it"
    notes = f", {counted(len(step.comments), 'note')}" if step.comments else ""
    return f"summary ({len(step.description)} characters{notes})"


def counted(number: int, thing: str) -> str:
    """`1 issue`, `2 issues`, `2 branches`."""
    return f"{number} {thing if number == 1 else plural(thing)}"


def counted_of(number: int, type: ResourceType) -> str:
    """The same for a type of resources: `2 merge requests`."""
    return counted(number, NOUNS[type])


def plural(thing: str) -> str:
    return f"{thing}es" if thing.endswith(("ch", "sh", "s")) else f"{thing}s"
