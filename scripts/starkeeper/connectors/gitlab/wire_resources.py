"""The rows of GitLab's lists as their JSON has them: issues, merge requests, epics and branches, of any age."""

from __future__ import annotations

import datetime as dt

from msgspec import Struct

from starkeeper.connectors.gitlab.wire import WireLabel, WireReferences, WireUser
from starkeeper.connectors.gitlab.wire_features import (
    WireFeatures,
    WireIteration,
    WireMilestone,
    WireTasks,
    WireTimes,
    WireType,
)


class WireResource(Struct, gc=False):
    """What the lists of issues, merge requests and epics have in common."""

    iid: int
    created_at: dt.datetime
    updated_at: dt.datetime | None = None
    id: int | str = 0
    title: str | None = None
    description: str | None = None
    state: str | None = None
    labels: list[str | WireLabel] | None = None
    author: WireUser | None = None
    closed_at: dt.datetime | None = None
    closed_by: WireUser | None = None
    upvotes: int | None = None
    downvotes: int | None = None
    user_notes_count: int | None = None
    web_url: str | None = None
    references: WireReferences | None = None
    assignee: WireUser | None = None
    assignees: list[WireUser] | None = None
    milestone: WireMilestone | None = None
    confidential: bool | None = None
    discussion_locked: bool | None = None
    task_completion_status: WireTasks | None = None
    time_stats: WireTimes | None = None
    due_date: dt.date | None = None


class WireIssue(WireResource, gc=False):
    """An issue, or a work item as the work items API shows it: with `work_item_type`, `reference` and `features`."""

    issue_type: str | None = None
    type: str | None = None
    weight: int | None = None
    iteration: WireIteration | None = None
    health_status: str | None = None
    merge_requests_count: int | None = None
    moved_to_id: int | None = None
    work_item_type: WireType | str | None = None
    reference: str | None = None
    features: WireFeatures | None = None


class WireMergeRequest(WireResource, gc=False):
    """A merge request; `work_in_progress` is the old name of `draft`, `merged_by` that of `merge_user`."""

    draft: bool | None = None
    work_in_progress: bool | None = None
    source_branch: str | None = None
    target_branch: str | None = None
    reviewers: list[WireUser] | None = None
    merged_at: dt.datetime | None = None
    merged_by: WireUser | None = None
    merge_user: WireUser | None = None


class WireEpic(WireResource, gc=False):
    """An epic; `end_date` is the old name of `due_date`."""

    end_date: dt.date | None = None


class WireCommit(Struct, gc=False):
    id: str = ""
    author_name: str | None = None
    committed_date: dt.datetime | None = None
    authored_date: dt.datetime | None = None
    created_at: dt.datetime | None = None


class WireBranch(Struct, gc=False):
    name: str
    commit: WireCommit
    merged: bool | None = None
    protected: bool | None = None
    default: bool | None = None
    web_url: str | None = None


Row = WireIssue | WireMergeRequest | WireEpic
