"""A changeable record to a picture of it that does not change: items, notes and branches as tests compare them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from msgspec import Struct

from starkeeper.sandbox.records import Branch, Epic, Issue, Item, MergeRequest, Note, Project


class SeenItem(Struct, frozen=True, kw_only=True):
    """An item as it was when it was looked at; people are user names, labels stand in alphabetical order."""

    iid: int
    id: int
    title: str
    description: str
    state: str
    labels: tuple[str, ...]
    assignees: tuple[str, ...]
    author: str | None
    confidential: bool
    locked: bool
    due_date: dt.date | None
    milestone: str | None
    created_at: dt.datetime
    updated_at: dt.datetime
    closed_at: dt.datetime | None
    upvotes: int
    downvotes: int
    time_estimate: int
    time_spent: int


class Seen(SeenItem, frozen=True, kw_only=True):
    """An issue; other issues and merge requests are full references such as `group/project#1`."""

    project: str
    issue_type: str
    weight: int | None
    health_status: str | None
    iteration: str | None
    moved_to: str | None
    related: tuple[str, ...]
    merge_requests: tuple[str, ...]


class SeenMergeRequest(SeenItem, frozen=True, kw_only=True):
    """A merge request; `closes` are the full references of issues."""

    project: str
    draft: bool
    source_branch: str
    target_branch: str
    reviewers: tuple[str, ...]
    merged_at: dt.datetime | None
    merged_by: str | None
    closes: tuple[str, ...]


class SeenEpic(SeenItem, frozen=True, kw_only=True):
    """An epic of a group."""

    group: str
    start_date: dt.date | None


class SeenNote(Struct, frozen=True, kw_only=True):
    """A note as it was when it was looked at; `thread` is the id of its thread's first note, 0 for none."""

    id: int
    author: str
    body: str
    system: bool
    internal: bool
    created_at: dt.datetime
    thread: int = 0


class SeenBranch(Struct, frozen=True, kw_only=True):
    """A branch as it was when it was looked at."""

    name: str
    title: str
    author: str
    authored_at: dt.datetime
    committed_at: dt.datetime
    merged: bool
    protected: bool
    default: bool


def see(issue: Issue) -> Seen:
    others = [link.target if link.source is issue else link.source for link in issue.links]
    return Seen(
        **_common(issue),
        project=issue.project.path,
        issue_type=issue.issue_type,
        weight=issue.weight,
        health_status=issue.health_status,
        iteration=issue.iteration.title if issue.iteration else None,
        moved_to=issue.moved_to.reference if issue.moved_to else None,
        related=tuple(each.reference for each in others),
        merge_requests=tuple(each.reference for each in issue.merge_requests),
    )


def see_merge_request(item: MergeRequest) -> SeenMergeRequest:
    return SeenMergeRequest(
        **_common(item),
        project=item.project.path,
        draft=item.draft,
        source_branch=item.source_branch,
        target_branch=item.target_branch,
        reviewers=tuple(each.username for each in item.reviewers),
        merged_at=item.merged_at,
        merged_by=item.merged_by.username if item.merged_by else None,
        closes=tuple(each.reference for each in item.closes),
    )


def see_epic(epic: Epic) -> SeenEpic:
    return SeenEpic(**_common(epic), group=epic.group.path, start_date=epic.start_date)


def _common(item: Item) -> dict[str, Any]:
    return {
        "iid": item.iid,
        "id": item.id,
        "title": item.title,
        "description": item.description or "",
        "state": item.state,
        "labels": tuple(sorted(each.name for each in item.labels)),
        "assignees": tuple(each.username for each in item.assignees),
        "author": item.author.username if item.author else None,
        "confidential": item.confidential,
        "locked": item.locked,
        "due_date": item.due_date,
        "milestone": item.milestone.title if item.milestone else None,
        "created_at": item.created_at,
        "updated_at": item.updated_at,
        "closed_at": item.closed_at,
        "upvotes": item.upvotes,
        "downvotes": item.downvotes,
        "time_estimate": item.time_estimate,
        "time_spent": item.time_spent,
    }


def see_note(note: Note) -> SeenNote:
    return SeenNote(
        id=note.id,
        author=note.author.username,
        body=note.body,
        system=note.system,
        internal=note.internal,
        created_at=note.created_at,
        thread=note.thread,
    )


def see_branch(project: Project, branch: Branch) -> SeenBranch:
    return SeenBranch(
        name=branch.name,
        title=branch.title,
        author=branch.author_name,
        authored_at=branch.authored_at,
        committed_at=branch.committed_at,
        merged=branch.merged,
        protected=branch.protected,
        default=branch.name == project.default_branch,
    )
