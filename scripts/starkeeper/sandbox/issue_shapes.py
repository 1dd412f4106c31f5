"""Issues and what hangs on them, notes, events, links and reactions, to the JSON objects of GitLab."""

from __future__ import annotations

import re

from starkeeper.sandbox.records import Award, Issue, LabelEvent, Link, Note, StateEvent
from starkeeper.sandbox.shapes import Json, day, encode, label_brief, milestone, stamp, user_basic
from starkeeper.sandbox.state import State


def issue_bytes(state: State, base: str, issue: Issue) -> bytes:
    """The JSON of an issue in a list; kept until the issue changes, as most pages show issues that did not."""
    found = issue.encoded.get(base)
    if found is None:
        found = issue.encoded[base] = encode(issue_shape(state, base, issue))
    return found


def issue_shape(state: State, base: str, issue: Issue, *, details: bool = False) -> Json:
    """An issue as in lists; with `details` its labels are objects."""
    assignees = [user_basic(base, each) for each in issue.assignees]
    ordered = sorted(issue.labels, key=lambda each: each.name.lower())
    shape: Json = {
        "id": issue.id,
        "iid": issue.iid,
        "project_id": issue.project.id,
        "title": issue.title,
        "description": issue.description,
        "state": issue.state,
        "created_at": stamp(issue.created_at),
        "updated_at": stamp(issue.updated_at),
        "closed_at": stamp(issue.closed_at),
        "closed_by": user_basic(base, issue.closed_by),
        "labels": [label_brief(each) if details else each.name for each in ordered],
        "milestone": milestone(base, issue.milestone) if issue.milestone else None,
        "assignees": assignees,
        "author": user_basic(base, issue.author),
        "type": issue.issue_type.upper(),
        "assignee": assignees[0] if assignees else None,
        "user_notes_count": issue.notes_count,
        "merge_requests_count": 0,
        "upvotes": issue.upvotes,
        "downvotes": issue.downvotes,
        "start_date": None,
        "due_date": day(issue.due_date),
        "confidential": issue.confidential,
        "discussion_locked": issue.locked or None,
        "issue_type": issue.issue_type,
        "web_url": f"{base}/{issue.project.path}/-/issues/{issue.iid}",
        "time_stats": time_stats(issue),
        **_tasks(issue.description or ""),
        "blocking_issues_count": 0,
        **_links(base, issue),
        "severity": "UNKNOWN",
        "moved_to_id": issue.moved_to_id,
        "imported": False,
        "imported_from": "none",
        "service_desk_reply_to": None,
    }
    if state.edition == "premium":
        shape |= {"weight": issue.weight, "epic_iid": None, "epic": None, "iteration": None, "health_status": None}
    return shape


def time_stats(issue: Issue) -> Json:
    return {
        "time_estimate": issue.time_estimate,
        "total_time_spent": issue.time_spent,
        "human_time_estimate": human_time(issue.time_estimate),
        "human_total_time_spent": human_time(issue.time_spent),
    }


def human_time(seconds: int) -> str | None:
    """Seconds as GitLab's working time: weeks of 5 days of 8 hours."""
    parts = []
    for unit, size in (("w", 144000), ("d", 28800), ("h", 3600), ("m", 60)):
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count}{unit}")
    return " ".join(parts) or None


def _tasks(description: str) -> Json:
    boxes = re.findall(r"^\s*(?:[-*+]|\d+[.)])\s+\[([ xX~])\]\s", description, re.MULTILINE)
    done = sum(each in "xX" for each in boxes)
    shape: Json = {"task_completion_status": {"count": len(boxes), "completed_count": done}, "has_tasks": bool(boxes)}
    if boxes:
        shape["task_status"] = f"{done} of {len(boxes)} checklist items completed"
    return shape


def _links(base: str, issue: Issue) -> Json:
    api = f"{base}/api/v4/projects/{issue.project.id}"
    own = f"{api}/issues/{issue.iid}"
    links = {"self": own, "notes": f"{own}/notes", "award_emoji": f"{own}/award_emoji", "project": api}
    short = f"#{issue.iid}"
    return {
        "_links": {**links, "closed_as_duplicate_of": None},
        "references": {"short": short, "relative": short, "full": f"{issue.project.path}{short}"},
    }


def note(base: str, note: Note) -> Json:
    return {
        "id": note.id,
        "type": None,
        "body": note.body,
        "author": user_basic(base, note.author),
        "created_at": stamp(note.created_at),
        "updated_at": stamp(note.updated_at),
        "system": note.system,
        "noteable_id": note.issue.id,
        "noteable_type": "Issue",
        "project_id": note.issue.project.id,
        "resolvable": False,
        "confidential": note.internal,
        "internal": note.internal,
        "imported": False,
        "imported_from": "none",
        "noteable_iid": note.issue.iid,
        "commands_changes": {},
        "attachment": None,
    }


def label_event(base: str, issue: Issue, event: LabelEvent) -> Json:
    return {
        "id": event.id,
        "user": user_basic(base, event.user),
        "created_at": stamp(event.created_at),
        "resource_type": "Issue",
        "resource_id": issue.id,
        "label": label_brief(event.label) if event.label else None,
        "action": event.action,
    }


def state_event(base: str, issue: Issue, event: StateEvent) -> Json:
    return {
        "id": event.id,
        "user": user_basic(base, event.user),
        "created_at": stamp(event.created_at),
        "resource_type": "Issue",
        "resource_id": issue.id,
        "source_commit": None,
        "source_merge_request_id": None,
        "state": event.state,
    }


def linked_issue(state: State, base: str, issue: Issue, link: Link) -> Json:
    """The other issue of a link, with the link's own fields."""
    other = link.target if link.source is issue else link.source
    stamps = {"link_created_at": stamp(link.created_at), "link_updated_at": stamp(link.created_at)}
    kind = link.link_type
    if link.target is issue and kind != "relates_to":
        kind = "blocks" if kind == "is_blocked_by" else "is_blocked_by"
    return {**issue_shape(state, base, other), "issue_link_id": link.id, "link_type": kind, **stamps}


def award(base: str, award: Award, about_id: int, about: str) -> Json:
    return {
        "id": award.id,
        "name": award.name,
        "user": user_basic(base, award.user),
        "created_at": stamp(award.created_at),
        "updated_at": stamp(award.created_at),
        "awardable_id": about_id,
        "awardable_type": about,
        "url": None,
    }
