"""One change to an issue, merge request or epic, with all that GitLab writes about it: events and system notes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from msgspec import UNSET, Struct, UnsetType

from starkeeper.sandbox.announcing import told
from starkeeper.sandbox.labelling import ensure_labels, exclusive, set_labels, with_labels
from starkeeper.sandbox.linking import closing_issues, set_closes, system_note
from starkeeper.sandbox.records import Epic, Issue, Item, Iteration, MergeRequest, Milestone, StateEvent, User
from starkeeper.sandbox.state import State


class Edit(Struct, kw_only=True, frozen=True):
    """What to change about an item; what is UNSET stays. `labels` replaces all, as the other two do not."""

    labels: Sequence[str] | UnsetType = UNSET
    add_labels: Sequence[str] = ()
    remove_labels: Sequence[str] = ()
    state_event: str | UnsetType = UNSET
    assignees: Sequence[User] | UnsetType = UNSET
    reviewers: Sequence[User] | UnsetType = UNSET
    title: str | UnsetType = UNSET
    description: str | UnsetType | None = UNSET
    confidential: bool | UnsetType = UNSET
    locked: bool | UnsetType = UNSET
    start_date: dt.date | UnsetType | None = UNSET
    due_date: dt.date | UnsetType | None = UNSET
    milestone: Milestone | UnsetType | None = UNSET
    weight: int | UnsetType | None = UNSET
    health_status: str | UnsetType | None = UNSET
    iteration: Iteration | UnsetType | None = UNSET
    issue_type: str | UnsetType = UNSET
    target_branch: str | UnsetType = UNSET


def edit_item(state: State, item: Item, user: User, edit: Edit, at: dt.datetime) -> None:
    """Carries an edit out as this user: what the user may not change is left as it is, without a word."""
    with told(state, item, user):
        _edit_item(state, item, user, edit, at)


def _edit_item(state: State, item: Item, user: User, edit: Edit, at: dt.datetime) -> None:
    before = _visible(item)
    if edit.title is not UNSET and edit.title != item.title:
        _retitle(state, item, user, edit.title, at)
    if edit.description is not UNSET and edit.description != item.description:
        item.description = edit.description
        system_note(state, item, user, "changed the description", at)
    if may_edit_details(state, item, user):
        _edit_details(state, item, user, edit, at)
        _edit_kind(state, item, user, edit, at)
    if isinstance(item, MergeRequest) and edit.description is not UNSET:
        set_closes(state, item, closing_issues(state, item))
    if edit.state_event is not UNSET:
        change_state(state, item, user, edit.state_event, at)
    if _visible(item) != before:
        state.changed(item, at)


def may_edit_details(state: State, item: Item, user: User) -> bool:
    """Labels, assignees, milestone and the like are for planners and above, even on one's own issue.

    Of a merge request its author may change them, too; else developers and above.
    """
    own = isinstance(item, MergeRequest) and user is item.author
    return own or state.level(user, item.place) >= item.editors


def may_edit(state: State, item: Item, user: User) -> bool:
    return may_edit_details(state, item, user) or state.is_own(user, item)


def _visible(item: Item) -> tuple[Any, ...]:
    names = tuple(each.name for each in item.labels)
    people = tuple(each.id for each in item.assignees)
    common = (item.title, item.description, item.state, item.confidential, item.locked, item.due_date)
    rest: tuple[Any, ...] = ()
    if isinstance(item, Issue):
        rest = (item.weight, item.health_status, item.iteration and item.iteration.id, item.issue_type)
    elif isinstance(item, MergeRequest):
        rest = (item.target_branch, tuple(each.id for each in item.reviewers))
    elif isinstance(item, Epic):
        rest = (item.start_date,)
    return (*common, names, people, item.milestone and item.milestone.id, *rest)


def _retitle(state: State, item: Item, user: User, title: str, at: dt.datetime) -> None:
    before, was_draft = item.title, isinstance(item, MergeRequest) and item.draft
    item.title = title
    if isinstance(item, MergeRequest) and item.draft is not was_draft:
        system_note(state, item, user, f"marked this merge request as **{'draft' if item.draft else 'ready'}**", at)
    else:
        system_note(state, item, user, f"changed title from **{{-{before}-}}** to **{{+{title}+}}**", at)


def _edit_details(state: State, item: Item, user: User, edit: Edit, at: dt.datetime) -> None:
    change_labels(state, item, user, edit, at)
    if edit.assignees is not UNSET:
        change_assignees(state, item, user, edit.assignees, at)
    if edit.confidential is not UNSET and edit.confidential != item.confidential:
        item.confidential = edit.confidential
        word = "confidential" if edit.confidential else "visible to everyone"
        system_note(state, item, user, f"made the {item.noun} {word}", at)
    if edit.locked is not UNSET and edit.locked != item.locked:
        item.locked = edit.locked
        verb = "locked" if edit.locked else "unlocked"
        system_note(state, item, user, f"{verb} the discussion in this {item.noun}", at)
    if edit.due_date is not UNSET and edit.due_date != item.due_date:
        item.due_date = edit.due_date
        text = f"changed due date to {edit.due_date:%B %-d, %Y}" if edit.due_date else "removed due date"
        system_note(state, item, user, text, at)
    if edit.milestone is not UNSET and edit.milestone is not item.milestone:
        item.milestone = edit.milestone
        text = f"changed milestone to %{edit.milestone.title}" if edit.milestone else "removed milestone"
        system_note(state, item, user, text, at)


def _edit_kind(state: State, item: Item, user: User, edit: Edit, at: dt.datetime) -> None:
    """What only issues, only merge requests or only epics have."""
    if isinstance(item, Issue):
        item.weight = item.weight if edit.weight is UNSET else edit.weight
        item.health_status = item.health_status if edit.health_status is UNSET else edit.health_status
        item.iteration = item.iteration if edit.iteration is UNSET else edit.iteration
        item.issue_type = item.issue_type if edit.issue_type is UNSET else edit.issue_type
    elif isinstance(item, Epic):
        item.start_date = item.start_date if edit.start_date is UNSET else edit.start_date
    elif isinstance(item, MergeRequest):
        if edit.reviewers is not UNSET:
            change_reviewers(state, item, user, edit.reviewers, at)
        if edit.target_branch is not UNSET and edit.target_branch != item.target_branch:
            said = f"changed target branch from `{item.target_branch}` to `{edit.target_branch}`"
            item.target_branch = edit.target_branch
            system_note(state, item, user, said, at)


def change_labels(state: State, item: Item, user: User, edit: Edit, at: dt.datetime) -> None:
    """Sets, adds and removes labels; names that do not exist are created, scoped labels push each other out."""
    wanted = list(item.labels)
    if edit.labels is not UNSET:
        wanted = exclusive(state, ensure_labels(state, item, edit.labels))
    removed = set(edit.remove_labels)
    wanted = [each for each in wanted if each.name not in removed]
    set_labels(state, item, user, with_labels(state, wanted, ensure_labels(state, item, edit.add_labels)), at)


def change_assignees(state: State, item: Item, user: User, people: Sequence[User], at: dt.datetime) -> None:
    """Makes these the assignees; the free edition keeps the first one only."""
    wanted = _people(state, people)
    said = _came_and_went("assigned to", "unassigned", item.assignees, wanted)
    item.assignees = wanted
    if said:
        system_note(state, item, user, said, at)


def change_reviewers(state: State, item: MergeRequest, user: User, people: Sequence[User], at: dt.datetime) -> None:
    """Makes these the reviewers; the free edition keeps the first one only."""
    wanted = _people(state, people)
    said = _came_and_went("requested review from", "removed review request for", item.reviewers, wanted)
    item.reviewers = wanted
    if said:
        system_note(state, item, user, said, at)


def _people(state: State, people: Sequence[User]) -> list[User]:
    return list(dict.fromkeys(people, None)) if state.edition == "premium" else list(people[:1])


def _came_and_went(came: str, went: str, before: Sequence[User], wanted: Sequence[User]) -> str:
    new = [f"@{each.username}" for each in wanted if each not in before]
    old = [f"@{each.username}" for each in before if each not in wanted]
    parts = [f"{came} {' and '.join(new)}"] if new else []
    parts += [f"{went} {' and '.join(old)}"] if old else []
    return " and ".join(parts)


def change_state(state: State, item: Item, user: User, event: str, at: dt.datetime) -> bool:
    """Closes or reopens; False where the item is so already, or was merged."""
    target = "closed" if event == "close" else "opened"
    if item.state == target or item.state in ("merged", "locked") or not may_edit(state, item, user):
        return False
    with told(state, item, user):
        _change_state(state, item, user, target, at)
    return True


def _change_state(state: State, item: Item, user: User, target: str, at: dt.datetime) -> None:
    item.state = target
    item.closed_at, item.closed_by = (at, user) if target == "closed" else (None, None)
    said = "closed" if target == "closed" else "reopened"
    item.state_events.append(
        StateEvent(state.number("state_event"), user, "closed" if target == "closed" else "reopened", at)
    )
    system_note(state, item, user, said, at)
    state.changed(item, at)


def merge(state: State, item: MergeRequest, user: User, at: dt.datetime) -> bool:
    """Merges what is open, and closes the issues that it says it closes; False where it is not open."""
    if item.state != "opened":
        return False
    item.state, item.merged_at, item.merged_by = "merged", at, user
    item.state_events.append(StateEvent(state.number("state_event"), user, "merged", at))
    system_note(state, item, user, "merged", at)
    state.changed(item, at)
    for issue in item.closes:
        change_state(state, issue, user, "close", at)
    return True
