"""One change to an issue, with all that GitLab writes about it: label events, state events and system notes."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any

from msgspec import UNSET, Struct, UnsetType

from starkeeper.sandbox.records import PLANNER, Issue, Label, LabelEvent, Link, Milestone, Note, StateEvent, User
from starkeeper.sandbox.state import State

DEFAULT_COLOR = "#428BCA"


class Edit(Struct, kw_only=True, frozen=True):
    """What to change about an issue; what is UNSET stays. `labels` replaces all, as the other two do not."""

    labels: Sequence[str] | UnsetType = UNSET
    add_labels: Sequence[str] = ()
    remove_labels: Sequence[str] = ()
    state_event: str | UnsetType = UNSET
    assignees: Sequence[User] | UnsetType = UNSET
    title: str | UnsetType = UNSET
    description: str | UnsetType | None = UNSET
    confidential: bool | UnsetType = UNSET
    locked: bool | UnsetType = UNSET
    due_date: dt.date | UnsetType | None = UNSET
    milestone: Milestone | UnsetType | None = UNSET
    weight: int | UnsetType | None = UNSET


def edit_issue(state: State, issue: Issue, user: User, edit: Edit, at: dt.datetime) -> None:
    """Carries an edit out as this user: what the user may not change is left as it is, without a word."""
    before = _visible(issue)
    if edit.title is not UNSET and edit.title != issue.title:
        changed = f"changed title from **{{-{issue.title}-}}** to **{{+{edit.title}+}}**"
        issue.title = edit.title
        system_note(state, issue, user, changed, at)
    if edit.description is not UNSET and edit.description != issue.description:
        issue.description = edit.description
        system_note(state, issue, user, "changed the description", at)
    if may_edit_details(state, issue, user):
        _edit_details(state, issue, user, edit, at)
    if edit.state_event is not UNSET:
        change_state(state, issue, user, edit.state_event, at)
    if _visible(issue) != before:
        state.changed(issue, at)


def may_edit_details(state: State, issue: Issue, user: User) -> bool:
    """Labels, assignees, milestone and the like are for planners and above, even on one's own issue."""
    return state.level(user, issue.project) >= PLANNER


def may_edit(state: State, issue: Issue, user: User) -> bool:
    return may_edit_details(state, issue, user) or state.is_own(user, issue)


def _visible(issue: Issue) -> tuple[Any, ...]:
    names = tuple(each.name for each in issue.labels)
    people = tuple(each.id for each in issue.assignees)
    text = (issue.title, issue.description, issue.state, issue.confidential, issue.locked, issue.weight)
    return (*text, names, people, issue.due_date, issue.milestone and issue.milestone.id)


def _edit_details(state: State, issue: Issue, user: User, edit: Edit, at: dt.datetime) -> None:
    change_labels(state, issue, user, edit, at)
    if edit.assignees is not UNSET:
        change_assignees(state, issue, user, edit.assignees, at)
    if edit.confidential is not UNSET and edit.confidential != issue.confidential:
        issue.confidential = edit.confidential
        word = "confidential" if edit.confidential else "visible to everyone"
        system_note(state, issue, user, f"made the issue {word}", at)
    if edit.locked is not UNSET and edit.locked != issue.locked:
        issue.locked = edit.locked
        system_note(state, issue, user, f"{'' if edit.locked else 'un'}locked the discussion in this issue", at)
    if edit.due_date is not UNSET and edit.due_date != issue.due_date:
        issue.due_date = edit.due_date
        text = f"changed due date to {edit.due_date:%B %-d, %Y}" if edit.due_date else "removed due date"
        system_note(state, issue, user, text, at)
    if edit.milestone is not UNSET and edit.milestone is not issue.milestone:
        issue.milestone = edit.milestone
        text = f"changed milestone to %{edit.milestone.title}" if edit.milestone else "removed milestone"
        system_note(state, issue, user, text, at)
    if edit.weight is not UNSET:
        issue.weight = edit.weight


def change_labels(state: State, issue: Issue, user: User, edit: Edit, at: dt.datetime) -> None:
    """Sets, adds and removes labels; names that do not exist are created, scoped labels push each other out."""
    wanted = list(issue.labels)
    if edit.labels is not UNSET:
        wanted = exclusive(state, ensure_labels(state, issue, edit.labels))
    removed = set(edit.remove_labels)
    wanted = [each for each in wanted if each.name not in removed]
    for label in ensure_labels(state, issue, edit.add_labels):
        wanted = exclusive(state, [each for each in wanted if each is not label] + [label])
    set_labels(state, issue, user, wanted, at)


def ensure_labels(state: State, issue: Issue, names: Sequence[str]) -> list[Label]:
    """The labels of these names, created in the project where neither it nor a group around it has one."""
    found = []
    for name in dict.fromkeys(each.strip() for each in names):
        if name:
            found.append(state.find_label(issue.project, name) or _new_label(state, issue, name))
    return found


def _new_label(state: State, issue: Issue, name: str) -> Label:
    label = Label(state.number("label"), name, DEFAULT_COLOR, None, issue.project, None)
    state.labels[(f"p{issue.project.id}", name)] = label
    return label


def exclusive(state: State, labels: Sequence[Label]) -> list[Label]:
    """In the premium edition the last label of each scope; a scope is all before the last `::`."""
    if state.edition != "premium":
        return list(labels)
    last: dict[str, Label] = {}
    for label in labels:
        last[scope(label.name) or f"= {label.name}"] = label
    kept = set(map(id, last.values()))
    return [each for each in labels if id(each) in kept]


def scope(name: str) -> str:
    key, separator, value = name.rpartition("::")
    return f"{key}::" if separator and key and value else ""


def set_labels(state: State, issue: Issue, user: User, wanted: list[Label], at: dt.datetime) -> None:
    """Makes these the issue's labels and writes an event for each one that comes or goes."""
    for label in wanted:
        if label not in issue.labels:
            issue.label_events.append(LabelEvent(state.number("label_event"), user, label, "add", at))
    for label in issue.labels:
        if label not in wanted:
            issue.label_events.append(LabelEvent(state.number("label_event"), user, label, "remove", at))
    issue.labels = wanted


def forget_label(issue: Issue, gone: Label) -> None:
    """Takes a deleted label from an issue; its events stay and name no label any more."""
    if gone in issue.labels:
        issue.labels.remove(gone)
        issue.encoded.clear()
    for event in issue.label_events:
        if event.label is gone:
            event.label = None


def change_assignees(state: State, issue: Issue, user: User, people: Sequence[User], at: dt.datetime) -> None:
    """Makes these the assignees; the free edition keeps the first one only."""
    wanted = list(dict.fromkeys(people, None)) if state.edition == "premium" else list(people[:1])
    came = [f"@{each.username}" for each in wanted if each not in issue.assignees]
    went = [f"@{each.username}" for each in issue.assignees if each not in wanted]
    issue.assignees = wanted
    parts = ["assigned to " + " and ".join(came)] if came else []
    parts += ["unassigned " + " and ".join(went)] if went else []
    if parts:
        system_note(state, issue, user, " and ".join(parts), at)


def change_state(state: State, issue: Issue, user: User, event: str, at: dt.datetime) -> bool:
    """Closes or reopens; False where the issue is so already."""
    target = "closed" if event == "close" else "opened"
    if issue.state == target or not may_edit(state, issue, user):
        return False
    issue.state = target
    issue.closed_at, issue.closed_by = (at, user) if target == "closed" else (None, None)
    said = "closed" if target == "closed" else "reopened"
    issue.state_events.append(
        StateEvent(state.number("state_event"), user, "closed" if target == "closed" else "reopened", at)
    )
    system_note(state, issue, user, said, at)
    state.changed(issue, at)
    return True


def relate(state: State, issue: Issue, other: Issue, user: User, kind: str, at: dt.datetime) -> Link | None:
    """Links two issues; None where they are linked already."""
    if issue is other or any(other in (link.source, link.target) for link in issue.links):
        return None
    link = Link(state.number("link"), issue, other, kind, at)
    for one, two in ((issue, other), (other, issue)):
        one.links.append(link)
        system_note(state, one, user, f"marked this issue as related to {reference(two, one)}", at)
        state.changed(one, at)
    return link


def reference(issue: Issue, seen_from: Issue) -> str:
    return f"#{issue.iid}" if issue.project is seen_from.project else f"{issue.project.path}#{issue.iid}"


def find_reference(state: State, text: str, seen_from: Issue) -> Issue | None:
    """The issue that `#1`, `group/project#1` or a web address means."""
    found = re.fullmatch(r"(?:\S*?://[^/]+/)?([\w./-]*?)(?:/-/issues/|/issues/|#)(\d+)", text.strip())
    if found is None:
        return None
    project = state.projects.get(found[1].lower()) if found[1] else seen_from.project
    return project.issues.get(int(found[2])) if project else None


def system_note(state: State, issue: Issue, user: User, body: str, at: dt.datetime) -> None:
    issue.notes.append(Note(state.number("note"), issue, user, body, at, at, system=True))
