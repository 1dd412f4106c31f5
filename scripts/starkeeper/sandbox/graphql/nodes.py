"""Issues, merge requests and what belongs to them to the nodes of GraphQL answers."""

from __future__ import annotations

import datetime as dt
from typing import Any

from msgspec import Struct

from starkeeper.sandbox.graphql.connections import connection
from starkeeper.sandbox.records import PLANNER, Issue, Item, Label, MergeRequest, Milestone, Note, User
from starkeeper.sandbox.shapes.places import label_color
from starkeeper.sandbox.state import State


class Asked(Struct):
    """Who asks for what; handed to every resolver."""

    state: State
    user: User | None
    base: str


def issue_node(asked: Asked, issue: Issue) -> dict[str, Any]:
    return {
        **_item(asked, issue),
        "confidential": issue.confidential,
        "dueDate": issue.due_date and f"{issue.due_date.isoformat()}T00:00:00Z",
        "webPath": issue.web_path,
        "weight": issue.weight,
        "healthStatus": _camel(issue.health_status),
        "mergeRequestsCount": len(issue.merge_requests),
    }


def merge_request_node(asked: Asked, item: MergeRequest) -> dict[str, Any]:
    def reviewers(_info: Any, **arguments: Any) -> Any:
        return connection(item.reviewers, arguments, lambda each: user_node(asked, each))

    return {
        **_item(asked, item),
        "draft": item.draft,
        "mergedAt": _time(item.merged_at),
        "mergeUser": user_node(asked, item.merged_by),
        "sourceBranch": item.source_branch,
        "targetBranch": item.target_branch,
        "reviewers": reviewers,
    }


def _item(asked: Asked, item: Item) -> dict[str, Any]:
    def reference(_info: Any, full: bool = False) -> str:
        return item.reference if full else f"{item.sign}{item.iid}"

    def notes(_info: Any, **arguments: Any) -> Any:
        return connection(_notes(asked, item, arguments), arguments, lambda each: _note(asked, each))

    def labels(_info: Any, **arguments: Any) -> Any:
        return connection(sorted(item.labels, key=lambda each: each.name), arguments, _label)

    def assignees(_info: Any, **arguments: Any) -> Any:
        return connection(item.assignees, arguments, lambda each: user_node(asked, each))

    return {
        "id": f"gid://gitlab/{item.type}/{item.id}",
        "iid": str(item.iid),
        "title": item.title,
        "description": item.description,
        "state": item.state,
        "discussionLocked": item.locked,
        "createdAt": _time(item.created_at),
        "updatedAt": _time(item.updated_at),
        "closedAt": _time(item.closed_at),
        "webUrl": asked.base + item.web_path,
        "reference": reference,
        "userNotesCount": item.notes_count,
        "userDiscussionsCount": discussions_count(item),
        "upvotes": item.upvotes,
        "downvotes": item.downvotes,
        "author": user_node(asked, item.author),
        "assignees": assignees,
        "labels": labels,
        "milestone": _milestone(item.milestone),
        "notes": notes,
    }


def _notes(asked: Asked, item: Item, arguments: dict[str, Any]) -> list[Note]:
    kind = arguments.get("filter", "ALL_NOTES")
    inside = asked.user is not None and asked.state.level(asked.user, item.place) >= PLANNER
    rows = [each for each in item.notes if kind == "ALL_NOTES" or each.system is (kind == "ONLY_ACTIVITY")]
    rows = [each for each in rows if inside or not each.internal]
    return sorted(rows, key=lambda each: (each.created_at, each.id))


def discussions_count(item: Item) -> int:
    """Threads, a comment that stands alone being one of its own; comments that were only counted stand alone, too."""
    said = [each for each in item.notes if not each.system]
    return len({each.thread or each.id for each in said}) + item.notes_count - len(said)


def _note(asked: Asked, note: Note) -> dict[str, Any]:
    item = note.item
    return {
        "id": f"gid://gitlab/Note/{note.id}",
        "body": note.body,
        "system": note.system,
        "internal": note.internal,
        "confidential": note.internal,
        "createdAt": _time(note.created_at),
        "updatedAt": _time(note.updated_at),
        "url": f"{asked.base}{item.web_path}#note_{note.id}",
        "author": user_node(asked, note.author),
    }


def user_node(asked: Asked, user: User | None) -> dict[str, Any] | None:
    if user is None:
        return None
    about = {"id": f"gid://gitlab/User/{user.id}", "username": user.username, "name": user.name, "bot": user.bot}
    return {**about, "webUrl": f"{asked.base}/{user.username}"}


def _label(label: Label) -> dict[str, Any]:
    kind = "ProjectLabel" if label.project else "GroupLabel"
    colors = {"color": label.color, "textColor": label_color(label.color)}
    return {"id": f"gid://gitlab/{kind}/{label.id}", "title": label.name, **colors, "description": label.description}


def _milestone(milestone: Milestone | None) -> dict[str, Any] | None:
    if milestone is None:
        return None
    shape = {"id": f"gid://gitlab/Milestone/{milestone.id}", "iid": str(milestone.iid), "title": milestone.title}
    dates = {"dueDate": milestone.due_date, "startDate": milestone.start_date}
    return {**shape, "state": milestone.state} | {
        key: f"{date.isoformat()}T00:00:00Z" if date else None for key, date in dates.items()
    }


def _camel(words: str | None) -> str | None:
    first, *others = (words or "").split("_")
    return first + "".join(each.title() for each in others) if words else None


def _time(at: dt.datetime | None) -> str | None:
    """A time as GraphQL writes it: UTC, whole seconds."""
    return at.astimezone(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z") if at else None
