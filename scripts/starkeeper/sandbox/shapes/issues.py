"""Issues and the links between them to the JSON objects of GitLab."""

from __future__ import annotations

from starkeeper.sandbox.records import Issue, Link
from starkeeper.sandbox.shapes.base import Json, day, encode, stamp
from starkeeper.sandbox.shapes.items import label_names, references, tasks, time_stats
from starkeeper.sandbox.shapes.places import iteration, milestone, user_basic
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
        "labels": label_names(issue, details),
        "milestone": milestone(base, issue.milestone) if issue.milestone else None,
        "assignees": assignees,
        "author": user_basic(base, issue.author),
        "type": issue.issue_type.upper(),
        "assignee": assignees[0] if assignees else None,
        "user_notes_count": issue.notes_count,
        "merge_requests_count": len(issue.merge_requests),
        "upvotes": issue.upvotes,
        "downvotes": issue.downvotes,
        "start_date": None,
        "due_date": day(issue.due_date),
        "confidential": issue.confidential,
        "discussion_locked": issue.locked or None,
        "issue_type": issue.issue_type,
        "web_url": base + issue.web_path,
        "time_stats": time_stats(issue),
        **tasks(issue),
        "blocking_issues_count": 0,
        **_links(base, issue),
        "severity": "UNKNOWN",
        "moved_to_id": issue.moved_to.id if issue.moved_to else None,
        "imported": False,
        "imported_from": "none",
        "service_desk_reply_to": None,
    }
    if state.edition == "premium":
        shape |= {"weight": issue.weight, "epic_iid": None, "epic": None, "health_status": issue.health_status}
        shape["iteration"] = iteration(base, issue.iteration) if issue.iteration else None
    return shape


def _links(base: str, issue: Issue) -> Json:
    api = f"{base}/api/v4/projects/{issue.project.id}"
    own = f"{api}/issues/{issue.iid}"
    links = {"self": own, "notes": f"{own}/notes", "award_emoji": f"{own}/award_emoji", "project": api}
    return {"_links": {**links, "closed_as_duplicate_of": None}, "references": references(issue)}


def linked_issue(state: State, base: str, issue: Issue, link: Link) -> Json:
    """The other issue of a link, with the link's own fields."""
    other = link.target if link.source is issue else link.source
    stamps = {"link_created_at": stamp(link.created_at), "link_updated_at": stamp(link.created_at)}
    kind = link.link_type
    if link.target is issue and kind != "relates_to":
        kind = "blocks" if kind == "is_blocked_by" else "is_blocked_by"
    return {**issue_shape(state, base, other), "issue_link_id": link.id, "link_type": kind, **stamps}
