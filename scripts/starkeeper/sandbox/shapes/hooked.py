"""Issues and notes to the bodies that webhooks carry; times stand in them as Rails prints them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from starkeeper.sandbox.records import Issue, Item, Label, MergeRequest, Note, Project, User
from starkeeper.sandbox.shapes.base import Json, day
from starkeeper.sandbox.shapes.items import discussion_id, human_time

LEVELS = {"private": 0, "internal": 10, "public": 20}
STATES = {"opened": 1, "closed": 2, "merged": 3, "locked": 4}


def issue_event(base: str, issue: Issue, user: User, action: str | None, changes: Json) -> Json:
    """What happened to an issue; `action` is `open`, `update`, `close` or `reopen`, None for a test."""
    kind = "work_item" if issue.issue_type == "task" else "issue"
    shape: Json = {
        "object_kind": kind,
        "event_type": f"confidential_{kind}" if issue.confidential else kind,
        "user": _user(user) | {"email": "[REDACTED]"},
        "project": _project(base, issue.project),
        "object_attributes": {**_issue(base, issue), **({"action": action} if action else {})},
        "labels": [_label(each) for each in issue.labels],
        "changes": changes,
        "repository": _repository(base, issue.project),
    }
    if issue.assignees:
        shape["assignees"] = [_user(each) for each in issue.assignees]
    return shape


def attributes(issue: Issue) -> Json:
    """What of an issue can differ between one event and the next, by the names under `changes`."""
    return {
        "title": issue.title,
        "description": issue.description,
        "state_id": STATES[issue.state],
        "closed_at": _time(issue.closed_at),
        "confidential": issue.confidential,
        "discussion_locked": issue.locked or None,
        "due_date": day(issue.due_date),
        "milestone_id": issue.milestone.id if issue.milestone else None,
        "weight": issue.weight,
        "health_status": issue.health_status,
        "labels": [_label(each) for each in issue.labels],
        "assignees": [_user(each) for each in issue.assignees],
    }


def note_event(base: str, project: Project, note: Note, user: User, action: str | None) -> Json:
    """A note that was written, or written anew; `action` is `create` or `update`, None for a test."""
    item = note.item
    return {
        "object_kind": "note",
        "event_type": "confidential_note" if note.internal or item.confidential else "note",
        "user": _user(user) | {"email": "[REDACTED]"},
        "project_id": project.id,
        "project": _project(base, project),
        "object_attributes": {**_note(base, note, project), **({"action": action} if action else {})},
        "repository": _repository(base, project),
        **_about(base, item),
    }


def _about(base: str, item: Item) -> Json:
    if isinstance(item, Issue):
        return {"issue": _issue(base, item)}
    return {"merge_request": _merge_request(base, item)} if isinstance(item, MergeRequest) else {}


def _user(user: User) -> Json:
    return {"id": user.id, "name": user.name, "username": user.username, "avatar_url": None}


def _project(base: str, project: Project) -> Json:
    web, ssh = f"{base}/{project.path}", f"git@localhost:{project.path}.git"
    return {
        "id": project.id,
        "name": project.name,
        "description": project.description,
        "web_url": web,
        "avatar_url": None,
        "git_ssh_url": ssh,
        "git_http_url": f"{web}.git",
        "namespace": project.group.name if project.group else "",
        "visibility_level": LEVELS[project.visibility],
        "path_with_namespace": project.path,
        "default_branch": project.default_branch,
        "ci_config_path": None,
        "homepage": web,
        "url": ssh,
        "ssh_url": ssh,
        "http_url": f"{web}.git",
    }


def _repository(base: str, project: Project) -> Json:
    return {key: _project(base, project)[key] for key in ("name", "url", "description", "homepage")}


def _issue(base: str, issue: Issue) -> Json:
    people = [each.id for each in issue.assignees]
    return {
        **_common(base, issue),
        "assignee_ids": people,
        "assignee_id": people[0] if people else None,
        "closed_at": _time(issue.closed_at),
        "confidential": issue.confidential,
        "discussion_locked": issue.locked or None,
        "due_date": day(issue.due_date),
        "health_status": issue.health_status,
        "moved_to_id": issue.moved_to.id if issue.moved_to else None,
        "duplicated_to_id": None,
        "relative_position": None,
        "weight": issue.weight,
        "severity": "unknown",
        "type": issue.issue_type.title(),
    }


def _merge_request(base: str, item: MergeRequest) -> Json:
    return {
        **_common(base, item),
        "source_branch": item.source_branch,
        "target_branch": item.target_branch,
        "draft": item.draft,
    }


def _common(base: str, item: Item) -> Json:
    return {
        "id": item.id,
        "iid": item.iid,
        "project_id": item.place.id,
        "title": item.title,
        "description": item.description,
        "author_id": item.author.id if item.author else None,
        "created_at": _time(item.created_at),
        "updated_at": _time(item.updated_at),
        "updated_by_id": None,
        "last_edited_at": None,
        "last_edited_by_id": None,
        "milestone_id": item.milestone.id if item.milestone else None,
        "state_id": STATES[item.state],
        "state": item.state,
        "labels": [_label(each) for each in item.labels],
        "time_estimate": item.time_estimate,
        "total_time_spent": item.time_spent,
        "time_change": 0,
        "human_total_time_spent": human_time(item.time_spent),
        "human_time_estimate": human_time(item.time_estimate),
        "human_time_change": None,
        "url": base + item.web_path,
    }


def _note(base: str, note: Note, project: Project) -> Json:
    return {
        "id": note.id,
        "note": note.body,
        "description": note.body,
        "noteable_type": note.item.type,
        "noteable_id": note.item.id,
        "author_id": note.author.id,
        "project_id": project.id,
        "discussion_id": discussion_id(note),
        "type": "DiscussionNote" if note.thread else None,
        "created_at": _time(note.created_at),
        "updated_at": _time(note.updated_at),
        "updated_by_id": None,
        "system": note.system,
        "internal": note.internal,
        "attachment": None,
        "line_code": None,
        "commit_id": None,
        "st_diff": None,
        "position": None,
        "resolved_at": None,
        "resolved_by_id": None,
        "url": f"{base}{note.item.web_path}#note_{note.id}",
    }


def _label(label: Label) -> Json:
    return {
        "id": label.id,
        "title": label.name,
        "color": label.color,
        "project_id": label.project.id if label.project else None,
        "created_at": None,
        "updated_at": None,
        "template": False,
        "description": label.description,
        "type": "ProjectLabel" if label.project else "GroupLabel",
        "group_id": label.group.id if label.group else None,
    }


def _time(at: dt.datetime | None) -> Any:
    return None if at is None else f"{at.astimezone(dt.UTC):%Y-%m-%d %H:%M:%S} UTC"
