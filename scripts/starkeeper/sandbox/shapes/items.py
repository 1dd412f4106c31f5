"""What issues, merge requests and epics show alike, and what hangs on them: notes, threads, events, reactions."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

from starkeeper.sandbox.records import Award, Item, LabelEvent, MergeRequest, Note, Project, StateEvent
from starkeeper.sandbox.shapes.base import Json, stamp
from starkeeper.sandbox.shapes.places import label_brief, user_basic


def label_names(item: Item, details: bool) -> list[str] | list[Json]:
    """The item's labels in alphabetical order: names, or with `details` objects."""
    ordered = sorted(item.labels, key=lambda each: each.name.lower())
    return [label_brief(each) for each in ordered] if details else [each.name for each in ordered]


def references(item: Item) -> Json:
    short = f"{item.sign}{item.iid}"
    return {"short": short, "relative": short, "full": item.reference}


def time_stats(item: Item) -> Json:
    return {
        "time_estimate": item.time_estimate,
        "total_time_spent": item.time_spent,
        "human_time_estimate": human_time(item.time_estimate),
        "human_total_time_spent": human_time(item.time_spent),
    }


def human_time(seconds: int) -> str | None:
    """Seconds as GitLab's working time: weeks of 5 days of 8 hours."""
    parts = []
    for unit, size in (("w", 144000), ("d", 28800), ("h", 3600), ("m", 60)):
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count}{unit}")
    return " ".join(parts) or None


def task_counts(item: Item) -> tuple[int, int]:
    """How many boxes the description has to tick, and how many are ticked."""
    boxes = re.findall(r"^\s*(?:[-*+]|\d+[.)])\s+\[([ xX~])\]\s", item.description or "", re.MULTILINE)
    return len(boxes), sum(each in "xX" for each in boxes)


def tasks(item: Item) -> Json:
    count, done = task_counts(item)
    shape: Json = {"task_completion_status": {"count": count, "completed_count": done}, "has_tasks": count > 0}
    if count:
        shape["task_status"] = f"{done} of {count} checklist items completed"
    return shape


def note(base: str, note: Note) -> Json:
    item = note.item
    shape: Json = {
        "id": note.id,
        "type": "DiscussionNote" if note.thread else None,
        "body": note.body,
        "author": user_basic(base, note.author),
        "created_at": stamp(note.created_at),
        "updated_at": stamp(note.updated_at),
        "system": note.system,
        "noteable_id": item.id,
        "noteable_type": item.type,
        "project_id": item.place.id if isinstance(item.place, Project) else None,
        "resolvable": resolvable(note),
        "confidential": note.internal,
        "internal": note.internal,
        "imported": False,
        "imported_from": "none",
        "noteable_iid": item.iid,
        "commands_changes": {},
        "attachment": None,
    }
    if resolvable(note):
        shape |= {"resolved": False, "resolved_by": None, "resolved_at": None}
    return shape


def resolvable(note: Note) -> bool:
    return bool(note.thread) and isinstance(note.item, MergeRequest)


def discussion_id(note: Note) -> str:
    """The id of the thread that a note stands in; a note that stands alone has one of its own."""
    return hashlib.sha1(f"discussion {note.thread or note.id}".encode(), usedforsecurity=False).hexdigest()


def discussion(base: str, notes: Sequence[Note]) -> Json:
    """A thread with its notes in order, or a note that stands alone."""
    alone = not notes[0].thread
    return {"id": discussion_id(notes[0]), "individual_note": alone, "notes": [note(base, each) for each in notes]}


def label_event(base: str, item: Item, event: LabelEvent) -> Json:
    return {
        "id": event.id,
        "user": user_basic(base, event.user),
        "created_at": stamp(event.created_at),
        "resource_type": item.type,
        "resource_id": item.id,
        "label": label_brief(event.label) if event.label else None,
        "action": event.action,
    }


def state_event(base: str, item: Item, event: StateEvent) -> Json:
    return {
        "id": event.id,
        "user": user_basic(base, event.user),
        "created_at": stamp(event.created_at),
        "resource_type": item.type,
        "resource_id": item.id,
        "source_commit": None,
        "source_merge_request_id": None,
        "state": event.state,
    }


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
