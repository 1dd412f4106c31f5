"""The left half: lists of what is in the tracker, and one item with its notes and labels."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from starkeeper.sandbox.changes import may_edit, may_edit_details
from starkeeper.sandbox.forms import feedback_form, star_form
from starkeeper.sandbox.records import Group, Issue, Item, Label, MergeRequest, Project, User
from starkeeper.sandbox.shapes.places import label_color
from starkeeper.sandbox.state import State
from starkeeper.sandbox.state import places as above
from starkeeper.sandbox.web.asked import Asked

MOST_SHOWN = 200
# What a new issue begins with, by the last word of its project's path.
FORMS = {"star": ("STAR for ZD#", star_form("")), "feedback": ("Positive feedback for ticket ", feedback_form(""))}


def left_half(state: State, asked: Asked, user: User | None) -> tuple[str, dict[str, Any]] | None:
    """The template and its values for the list at `/` and at a project's path, or an item at its own web address.

    None for any other address.
    """
    path = asked.path.lower()
    if found := re.fullmatch(r"(?:groups/)?(.+)/-/(issues|merge_requests|epics)/(\d+)", path):
        item = find_item(state, found[1], int(found[3]), found[2])
        return ("item.html", _one(state, item, user)) if item else None
    if path and path not in state.projects:
        return None
    places = [state.projects[path]] if path else projects(state)
    kind, wanted = asked.query.get("kind", "issues"), asked.query.get("state", "opened")
    common = {"kinds": _kinds(places), "kind": kind, "wanted": wanted, "current": places[0].path if path else ""}
    if kind == "branches":
        return "branches.html", {**common, **_branches(places)}
    blank = _blank(places[0]) if path and kind == "issues" else None
    return "items.html", {**common, **_several(places, kind, wanted), "blank": blank}


def find_item(state: State, path: str, iid: int, kind: str) -> Item | None:
    project, group = state.projects.get(path.lower()), state.groups.get(path.lower())
    if kind == "epics":
        return group.epics.get(iid) if group else None
    if project is None:
        return None
    return project.issues.get(iid) if kind == "issues" else project.merge_requests.get(iid)


def projects(state: State) -> list[Project]:
    """All projects, by path."""
    return [state.projects[path] for path in sorted(state.projects)]


def open_count(project: Project) -> int:
    return sum(each.state == "opened" for each in project.issues.values())


def _kinds(places: Sequence[Project]) -> list[tuple[str, str]]:
    """The lists that are worth a look: issues always, the others where there are any."""
    found = [("issues", "Issues")]
    found += [("merge_requests", "Merge requests")] if any(each.merge_requests for each in places) else []
    found += [("epics", "Epics")] if _items(places, "epics") else []
    return found + ([("branches", "Branches")] if any(each.branches for each in places) else [])


def _items(places: Sequence[Project], kind: str) -> list[Item]:
    """All items of a kind; with a project come the epics of the groups around it."""
    if kind == "epics":
        groups = dict.fromkeys(group for each in places for group in above(each) if isinstance(group, Group))
        return [epic for group in groups for epic in group.epics.values()]
    if kind == "merge_requests":
        return [item for each in places for item in each.merge_requests.values()]
    return [issue for each in places for issue in each.issues.values()]


def _several(places: Sequence[Project], kind: str, wanted: str) -> dict[str, Any]:
    items = [each for each in _items(places, kind) if wanted in ("all", each.state)]
    items.sort(key=lambda each: (each.updated_at, each.id), reverse=True)
    return {"items": [(each, _pills(each.labels)) for each in items[:MOST_SHOWN]], "total": len(items)}


def _branches(places: Sequence[Project]) -> dict[str, Any]:
    found = [(place, each) for place in places for each in place.branches.values()]
    found.sort(key=lambda each: (each[1].committed_at, each[1].name), reverse=True)
    return {"branches": found[:MOST_SHOWN], "total": len(found)}


def _blank(project: Project) -> tuple[str, str]:
    """The title and the text that a new issue of this project begins with."""
    return FORMS.get(project.path.rpartition("/")[2], ("", ""))


def _one(state: State, item: Item, user: User | None) -> dict[str, Any]:
    """What the page of an item shows; `others` are what it is related to, closes, or is closed by."""
    others: list[Item] = []
    if isinstance(item, Issue):
        others = [link.target if link.source is item else link.source for link in item.links]
        others += [*item.merge_requests, *([item.moved_to] if item.moved_to else [])]
    elif isinstance(item, MergeRequest):
        others = list(item.closes)
    return {
        "item": item,
        "labels": _pills(item.labels),
        "more_labels": [each.name for each in state.labels_of(item.place) if each not in item.labels],
        "notes": sorted(item.notes, key=lambda each: (each.created_at, each.id)),
        "others": others,
        "current": item.place.path,
        "may_edit": user is not None and may_edit(state, item, user),
        "may_label": user is not None and may_edit_details(state, item, user),
    }


def _pills(labels: Iterable[Label]) -> list[dict[str, str]]:
    """Each label with its scope (or ""), its value, its colour and the colour of text upon it."""
    return [_pill(each) for each in sorted(labels, key=lambda each: each.name.lower())]


def _pill(label: Label) -> dict[str, str]:
    key, separator, value = label.name.rpartition("::")
    color = label.color if re.fullmatch(r"#[0-9a-fA-F]{6}", label.color) else "#6699CC"
    scope, word = (key, value) if separator and key else ("", label.name)
    return {"name": label.name, "scope": scope, "value": word, "color": color, "ink": label_color(color)}
