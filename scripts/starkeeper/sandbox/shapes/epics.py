"""Epics to the JSON objects of GitLab."""

from __future__ import annotations

from starkeeper.sandbox.records import Epic
from starkeeper.sandbox.shapes.base import Json, day, stamp
from starkeeper.sandbox.shapes.items import label_names, references
from starkeeper.sandbox.shapes.places import user_basic


def epic_shape(base: str, epic: Epic, *, details: bool = False) -> Json:
    """An epic as in lists; with `details` its labels are objects."""
    api = f"{base}/api/v4/groups/{epic.group.id}"
    return {
        "id": epic.id,
        "work_item_id": epic.id,
        "iid": epic.iid,
        "color": "#1068bf",
        "text_color": "#FFFFFF",
        "group_id": epic.group.id,
        "parent_id": None,
        "parent_iid": None,
        "imported": False,
        "imported_from": "none",
        "title": epic.title,
        "description": epic.description,
        "confidential": epic.confidential,
        "author": user_basic(base, epic.author),
        **_dates(epic),
        "state": epic.state,
        "web_edit_url": epic.web_path,
        "web_url": base + epic.web_path,
        "references": references(epic),
        "reference": f"&{epic.iid}",
        "created_at": stamp(epic.created_at),
        "updated_at": stamp(epic.updated_at),
        "closed_at": stamp(epic.closed_at),
        "labels": label_names(epic, details),
        "upvotes": epic.upvotes,
        "downvotes": epic.downvotes,
        "_links": {"self": f"{api}/epics/{epic.iid}", "epic_issues": f"{api}/epics/{epic.iid}/issues", "group": api},
    }


def _dates(epic: Epic) -> Json:
    start, due = day(epic.start_date), day(epic.due_date)
    return {
        "start_date": start,
        "start_date_is_fixed": start is not None,
        "start_date_fixed": start,
        "start_date_from_inherited_source": None,
        "start_date_from_milestones": None,
        "end_date": due,
        "due_date": due,
        "due_date_is_fixed": due is not None,
        "due_date_fixed": due,
        "due_date_from_inherited_source": None,
        "due_date_from_milestones": None,
    }
