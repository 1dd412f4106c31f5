"""Takes an issue and a step; gives the issue as GitLab would have it afterwards."""

from __future__ import annotations

from msgspec import structs

from starkeeper.model.plan import AssignStep, ConfidentialStep, LabelsStep, StatusStep, Step
from starkeeper.model.resources import Issue, User


def with_step(issue: Issue, step: Step) -> Issue:
    """A new record with the effect of the step; a note and a link change nothing that rules look at in the list."""
    if isinstance(step, LabelsStep):
        kept = tuple(label for label in issue.labels if label not in step.remove)
        return structs.replace(issue, labels=kept + tuple(label for label in step.add if label not in kept))
    if isinstance(step, StatusStep):
        return structs.replace(issue, state=step.state)
    if isinstance(step, AssignStep):
        kept_users = tuple(user for user in issue.assignees if user.username not in step.remove)
        return structs.replace(issue, assignees=kept_users + tuple(User(name) for name in step.add))
    if isinstance(step, ConfidentialStep):
        return structs.replace(issue, confidential=step.confidential)
    return issue
