"""Merge requests to the JSON objects of GitLab, in lists and alone."""

from __future__ import annotations

import hashlib

from starkeeper.sandbox.records import MergeRequest, User
from starkeeper.sandbox.shapes.base import Json, encode, stamp
from starkeeper.sandbox.shapes.items import label_names, references, task_counts, time_stats
from starkeeper.sandbox.shapes.places import milestone, user_basic
from starkeeper.sandbox.state import State


def merge_request_bytes(state: State, base: str, item: MergeRequest) -> bytes:
    """The JSON of a merge request in a list; kept until it changes."""
    found = item.encoded.get(base)
    if found is None:
        found = item.encoded[base] = encode(merge_request_shape(state, base, item))
    return found


def merge_request_shape(state: State, base: str, item: MergeRequest, *, details: bool = False) -> Json:
    """A merge request as in lists; with `details` its labels are objects."""
    assignees = [user_basic(base, each) for each in item.assignees]
    shape: Json = {
        "id": item.id,
        "iid": item.iid,
        "project_id": item.project.id,
        "title": item.title,
        "description": item.description,
        "state": item.state,
        "created_at": stamp(item.created_at),
        "updated_at": stamp(item.updated_at),
        "merged_by": user_basic(base, item.merged_by),
        "merge_user": user_basic(base, item.merged_by),
        "merged_at": stamp(item.merged_at),
        "closed_by": user_basic(base, item.closed_by),
        "closed_at": stamp(item.closed_at),
        "target_branch": item.target_branch,
        "source_branch": item.source_branch,
        "user_notes_count": item.notes_count,
        "upvotes": item.upvotes,
        "downvotes": item.downvotes,
        "author": user_basic(base, item.author),
        "assignees": assignees,
        "assignee": assignees[0] if assignees else None,
        "reviewers": [user_basic(base, each) for each in item.reviewers],
        "source_project_id": item.project.id,
        "target_project_id": item.project.id,
        "labels": label_names(item, details),
        "draft": item.draft,
        "imported": False,
        "imported_from": "none",
        "work_in_progress": item.draft,
        "milestone": milestone(base, item.milestone) if item.milestone else None,
        **_merging(item),
        "discussion_locked": item.locked or None,
        "reference": f"!{item.iid}",
        "references": references(item),
        "web_url": base + item.web_path,
        "time_stats": time_stats(item),
        "squash": False,
        "squash_on_merge": False,
        "task_completion_status": dict(zip(("count", "completed_count"), task_counts(item), strict=True)),
        "has_conflicts": False,
        "blocking_discussions_resolved": True,
    }
    if state.edition == "premium":
        shape["approvals_before_merge"] = None
    return shape


def merge_request_full(state: State, base: str, item: MergeRequest, user: User | None, editable: bool) -> Json:
    """A merge request as it is shown alone to a user; `editable` says whether this user could merge it."""
    head, start = _sha(item), _sha(item, "start")
    return {
        **merge_request_shape(state, base, item),
        "subscribed": state.is_own(user, item),
        "changes_count": "1",
        "latest_build_started_at": None,
        "latest_build_finished_at": None,
        "first_deployed_to_production_at": None,
        "pipeline": None,
        "head_pipeline": None,
        "diff_refs": {"base_sha": start, "head_sha": head, "start_sha": start},
        "merge_error": None,
        "first_contribution": False,
        "user": {"can_merge": editable},
    }


def _merging(item: MergeRequest) -> Json:
    return {
        "merge_when_pipeline_succeeds": False,
        "merge_status": "can_be_merged",
        "detailed_merge_status": _detailed_status(item),
        "merge_after": None,
        "sha": _sha(item),
        "merge_commit_sha": _sha(item, "merge") if item.state == "merged" else None,
        "squash_commit_sha": None,
        "should_remove_source_branch": None,
        "force_remove_source_branch": False,
        "prepared_at": stamp(item.created_at),
    }


def _detailed_status(item: MergeRequest) -> str:
    if item.state != "opened":
        return "not_open"
    return "draft_status" if item.draft else "mergeable"


def _sha(item: MergeRequest, what: str = "head") -> str:
    """A commit of one's own for each merge request, always the same one."""
    return hashlib.sha1(f"{what} {item.reference}".encode(), usedforsecurity=False).hexdigest()
