"""Names of labels to the labels of an item: found or created, exclusive within their scopes, each change an event."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from starkeeper.sandbox.records import Item, Label, LabelEvent, Project, User
from starkeeper.sandbox.state import State, place_key

DEFAULT_COLOR = "#428BCA"


def ensure_labels(state: State, item: Item, names: Sequence[str]) -> list[Label]:
    """The labels of these names, created in the item's place where neither it nor a group around it has one."""
    found = []
    for name in dict.fromkeys(each.strip() for each in names):
        if name:
            found.append(state.find_label(item.place, name) or _new_label(state, item, name))
    return found


def _new_label(state: State, item: Item, name: str) -> Label:
    place = item.place
    project, group = (place, None) if isinstance(place, Project) else (None, place)
    label = Label(state.number("label"), name, DEFAULT_COLOR, None, project, group)
    state.labels[(place_key(place), name)] = label
    return label


def with_labels(state: State, labels: Iterable[Label], added: Iterable[Label]) -> list[Label]:
    """The labels and those that are added to them, one after the other; a later one pushes its scope's others out."""
    wanted = list(labels)
    for label in added:
        wanted = exclusive(state, [each for each in wanted if each is not label] + [label])
    return wanted


def exclusive(state: State, labels: Sequence[Label]) -> list[Label]:
    """In the premium edition the last label of each scope; a scope is all before the last `::`."""
    if state.edition != "premium":
        return list(labels)
    last: dict[str, Label] = {}
    for label in labels:
        last[scope(label.name) or f"= {label.name}"] = label
    kept = set(map(id, last.values()))
    return [each for each in labels if id(each) in kept]


def scope(name: str) -> str:
    key, separator, value = name.rpartition("::")
    return f"{key}::" if separator and key and value else ""


def set_labels(state: State, item: Item, user: User, wanted: list[Label], at: dt.datetime) -> None:
    """Makes these the item's labels and writes an event for each one that comes or goes."""
    for label in wanted:
        if label not in item.labels:
            item.label_events.append(LabelEvent(state.number("label_event"), user, label, "add", at))
    for label in item.labels:
        if label not in wanted:
            item.label_events.append(LabelEvent(state.number("label_event"), user, label, "remove", at))
    item.labels = wanted


def delete_label(state: State, gone: Label) -> None:
    """Deletes a label of its place; the events that told of it stay, with no label in them."""
    del state.labels[_key(gone)]
    for item in state.items():
        _forget(item, gone)
    state.changed()


def rename_label(state: State, label: Label, name: str) -> None:
    """Renames a label, or with its old name just shows its new looks: on all items that have it."""
    del state.labels[_key(label)]
    label.name = name
    state.labels[_key(label)] = label
    for item in state.items():
        if label in item.labels:
            item.encoded.clear()
    state.changed()


def _key(label: Label) -> tuple[str, str]:
    place = label.project or label.group
    if place is None:
        raise ValueError("a label belongs to a project or a group")
    return place_key(place), label.name


def _forget(item: Item, gone: Label) -> None:
    if gone in item.labels:
        item.labels.remove(gone)
        item.encoded.clear()
    for event in item.label_events:
        if event.label is gone:
            event.label = None
