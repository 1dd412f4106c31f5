"""Issues to the JSON objects of the work items interface, an experiment of GitLab's: only what was asked for."""

from __future__ import annotations

from collections.abc import Callable, Collection

from starkeeper.sandbox.records import Issue, Label
from starkeeper.sandbox.shapes.base import Json, day, stamp
from starkeeper.sandbox.shapes.items import human_time, task_counts
from starkeeper.sandbox.shapes.places import label_color, milestone, user_basic
from starkeeper.sandbox.state import State

TYPES = {"issue": (1, "Issue"), "incident": (2, "Incident"), "test_case": (3, "Test Case"), "task": (5, "Task")}
Part = Callable[[State, str, Issue], object]


def work_item_shape(state: State, base: str, issue: Issue, fields: Collection[str], features: Collection[str]) -> Json:
    """Four fields always, of the others those in `fields`; `features` only where any was asked for."""
    shape: Json = {
        "id": issue.id,
        "global_id": f"gid://gitlab/WorkItem/{issue.id}",
        "iid": issue.iid,
        "title": issue.title,
    }
    shape |= {name: part(state, base, issue) for name, part in FIELDS.items() if name in fields}
    if features:
        shape["features"] = {name: part(state, base, issue) for name, part in FEATURES.items() if name in features}
    return shape


def _type(_state: State, _base: str, issue: Issue) -> Json:
    number, name = TYPES.get(issue.issue_type, TYPES["issue"])
    return {"id": number, "name": name, "icon_name": f"work-item-{issue.issue_type.replace('_', '-')}"}


FIELDS: dict[str, Part] = {
    "state": lambda _state, _base, issue: issue.state,
    "confidential": lambda _state, _base, issue: issue.confidential,
    "imported": lambda _state, _base, _issue: False,
    "hidden": lambda _state, _base, _issue: False,
    "lock_version": lambda _state, _base, _issue: 0,
    "created_at": lambda _state, _base, issue: stamp(issue.created_at),
    "updated_at": lambda _state, _base, issue: stamp(issue.updated_at),
    "closed_at": lambda _state, _base, issue: stamp(issue.closed_at),
    "author": lambda _state, base, issue: user_basic(base, issue.author),
    "work_item_type": _type,
    "moved_to_work_item_url": lambda _state, base, issue: base + issue.moved_to.web_path if issue.moved_to else None,
    "reference": lambda _state, _base, issue: issue.reference,
    "web_url": lambda _state, base, issue: base + issue.web_path,
    "web_path": lambda _state, _base, issue: issue.web_path,
}


def _description(_state: State, _base: str, issue: Issue) -> Json:
    count, done = task_counts(issue)
    return {
        "description": issue.description,
        "edited": False,
        "last_edited_at": None,
        "last_edited_by": None,
        "task_completion_status": {"count": count, "completed_count": done},
    }


def _labels(state: State, _base: str, issue: Issue) -> Json:
    ordered = sorted(issue.labels, key=lambda each: each.name.lower())
    return {"allows_scoped_labels": state.edition == "premium", "labels": [_label(each) for each in ordered]}


def _label(label: Label) -> Json:
    colors = {"color": label.color, "text_color": label_color(label.color)}
    return {"id": label.id, "title": label.name, "description": label.description, **colors}


def _time(_state: State, _base: str, issue: Issue) -> Json:
    human = {"time_estimate": human_time(issue.time_estimate), "total_time_spent": human_time(issue.time_spent)}
    return {
        "time_estimate": issue.time_estimate,
        "total_time_spent": issue.time_spent,
        "human_readable_attributes": human,
        "timelogs": [],
    }


FEATURES: dict[str, Part] = {
    "description": _description,
    "assignees": lambda _state, base, issue: [user_basic(base, each) for each in issue.assignees],
    "labels": _labels,
    "milestone": lambda _state, base, issue: milestone(base, issue.milestone) if issue.milestone else None,
    "start_and_due_date": lambda _state, _base, issue: {
        "start_date": None,
        "due_date": day(issue.due_date),
        "roll_up": False,
    },
    "time_tracking": _time,
}
