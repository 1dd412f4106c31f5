"""An issue to another project: a new issue with all that was said, and the old one closed."""

from __future__ import annotations

import datetime as dt

from starkeeper.sandbox.announcing import told
from starkeeper.sandbox.linking import reference, system_note
from starkeeper.sandbox.opening import new_issue
from starkeeper.sandbox.records import PLANNER, Award, Issue, LabelEvent, Note, Project, StateEvent, User
from starkeeper.sandbox.state import State


def may_move(state: State, issue: Issue, target: Project, user: User) -> bool:
    """Planners and above of both projects may; what was moved once cannot be moved again."""
    levels = (state.level(user, issue.project), state.level(user, target))
    return min(levels) >= PLANNER and issue.moved_to is None and target.issues_enabled


def move_issue(state: State, issue: Issue, target: Project, user: User, at: dt.datetime) -> Issue:
    """Copies the issue; labels and milestone come along where the target has them by the same name."""
    moved = new_issue(state, target, issue.author, issue.title, issue.created_at)
    with told(state, moved, user, new=True):
        _copy(state, issue, moved, target)
        system_note(state, moved, user, f"moved from {reference(issue, moved)}", at)
        state.changed(moved, at)
    with told(state, issue, user):
        _leave(state, issue, moved, user, at)
    return moved


def _copy(state: State, issue: Issue, moved: Issue, target: Project) -> None:
    moved.description, moved.confidential, moved.due_date = issue.description, issue.confidential, issue.due_date
    moved.issue_type, moved.weight, moved.health_status = issue.issue_type, issue.weight, issue.health_status
    moved.time_estimate, moved.time_spent = issue.time_estimate, issue.time_spent
    moved.upvotes, moved.downvotes = issue.upvotes, issue.downvotes
    moved.assignees = [each for each in issue.assignees if state.can_see(each, target)]
    moved.labels = [found for each in issue.labels if (found := state.find_label(target, each.name))]
    moved.milestone = next(
        (each for each in state.milestones_of(target) if issue.milestone and each.title == issue.milestone.title), None
    )
    _copy_history(state, issue, moved)


def _copy_history(state: State, issue: Issue, moved: Issue) -> None:
    threads: dict[int, int] = {}
    for each in issue.notes:
        number = state.number("note")
        if each.thread:
            threads.setdefault(each.thread, number)
        copy = Note(number, moved, each.author, each.body, each.created_at, each.updated_at, each.system, each.internal)
        copy.thread = threads.get(each.thread, 0)
        moved.notes.append(copy)
    moved.notes_count = issue.notes_count
    moved.awards = [Award(state.number("award"), each.name, each.user, each.created_at) for each in issue.awards]
    for event in issue.label_events:
        number = state.number("label_event")
        moved.label_events.append(LabelEvent(number, event.user, event.label, event.action, event.created_at))


def _leave(state: State, issue: Issue, moved: Issue, user: User, at: dt.datetime) -> None:
    system_note(state, issue, user, f"moved to {reference(moved, issue)}", at)
    if issue.state == "opened":
        issue.state, issue.closed_at, issue.closed_by = "closed", at, user
        issue.state_events.append(StateEvent(state.number("state_event"), user, "closed", at))
    issue.moved_to = moved
    state.changed(issue, at)
