"""Takes a step; says in a few words what it does. Nothing a customer wrote is in them."""

from __future__ import annotations

from starkeeper.model.plan import (
    AssignStep,
    ConfidentialStep,
    LabelsStep,
    RelateStep,
    StatusStep,
    Step,
)


def step_in_words(step: Step) -> str:
    """One line, such as `label +star::new -star::outside-hours`."""
    if isinstance(step, LabelsStep):
        return "label " + " ".join([f"+{name}" for name in step.add] + [f"-{name}" for name in step.remove])
    if isinstance(step, AssignStep):
        return " ".join([f"assign @{name}" for name in step.add] + [f"unassign @{name}" for name in step.remove])
    if isinstance(step, StatusStep):
        return "close" if step.state == "closed" else "reopen"
    if isinstance(step, ConfidentialStep):
        return "make confidential" if step.confidential else "make public"
    if isinstance(step, RelateStep):
        return f"{step.link_type.replace('_', ' ')} {step.to}"
    return f"{'internal note' if step.internal else 'note'} ({len(step.body)} characters)"


def counted(number: int, thing: str) -> str:
    """`1 issue`, `2 issues`."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
