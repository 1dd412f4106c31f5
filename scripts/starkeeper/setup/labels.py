"""Takes the labels that a tracker needs and those that are there; gives the ones to make, and those to recolour."""

from __future__ import annotations

from collections.abc import Iterator

from starkeeper.model.setup import FoundLabel, FoundTracker, SetupFinding, SetupStep, WantedLabel, WantedTracker

# GitLab's own colour for a label of which nothing is said.
_QUIET = "#6699cc"


def compare_labels(tracker: WantedTracker, found: FoundTracker) -> Iterator[SetupStep | SetupFinding]:
    """Nothing is renamed or deleted; what people chose stays, unless desk.yml says otherwise of that very label."""
    if found.labels is None:
        return
    # One of the project hides one of a group.
    there = {each.name: each for each in sorted(found.labels, key=lambda each: each.own)}
    for label in tracker.labels:
        if label.name not in there:
            yield _make(tracker, label)
        elif fields := _differences(label, there[label.name]):
            yield from _change(tracker, there[label.name], fields)


def _make(tracker: WantedTracker, label: WantedLabel) -> SetupStep:
    fields = {"name": label.name, "color": label.color or _QUIET}
    if label.description:
        fields["description"] = label.description
    why = f"the rules of '{tracker.name}' use it"
    return SetupStep(kind="label", does="make", place=tracker.place, name=label.name, why=why, fields=fields)


def _change(
    tracker: WantedTracker, found: FoundLabel, fields: dict[str, str | bool]
) -> Iterator[SetupStep | SetupFinding]:
    if not found.own:
        what = f"label {found.name} belongs to a group above; its {' and '.join(sorted(fields))} is not desk.yml's"
        yield SetupFinding("note", tracker.place.path, what, "an Owner of the group may change it there")
        return
    yield SetupStep(
        kind="label",
        does="change",
        place=tracker.place,
        name=found.name,
        why=f"desk.yml has another {' and '.join(sorted(fields))}",
        id=found.id,
        fields=fields,
    )


def _differences(label: WantedLabel, found: FoundLabel) -> dict[str, str | bool]:
    fields: dict[str, str | bool] = {}
    if label.color and label.color != found.color.lower():
        fields["color"] = label.color
    if label.description and label.description != found.description:
        fields["description"] = label.description
    return fields
