"""Takes the layout of a file and the rules that cannot run; gives the file in the desk's form, and what was done."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct

from starkeeper.model.resources import ResourceType
from starkeeper.policies.grammar import LATER_TYPES, RULE_TYPES, PolicyFile
from starkeeper.policies.importing.edits import Edit, applied, break_of, entry_commented, item_commented
from starkeeper.policies.importing.layout import Entry, Layout, Spot, within
from starkeeper.policies.importing.rules import NOT_IMPORTED, Change, named, repeated, rule_changes
from starkeeper.policies.shapes import fields_of

SCHEMA_LINE = "# yaml-language-server: $schema=schema.json"
_LISTS = ("summaries", "rules")
_OF_THE_GEM = {
    "host_url": "GITLAB_URL says which GitLab",
    "api_version": "there is one version of the API",
    "per_page": "pages have the size that costs least",
}
_OLD_TYPES = {"issue": "issues", "merge_request": "merge_requests"}


class Item(Struct, frozen=True):
    """A rule or a summary where it is listed; an alias has its place in the list. Names are told apart by `type`."""

    spot: Spot
    type: ResourceType
    default_name: str

    def name(self, layout: Layout) -> str:
        entry = layout.entries(self.spot).get("name")
        value = layout.target(entry.value) if entry else None
        return value.text.strip() if value and value.text.strip() else self.default_name


Dropped = Mapping[int, tuple[str, ...]]
"""Why a rule is not imported, by the number of its item."""


def rewritten(layout: Layout, tracker: str, dropped: Dropped) -> tuple[str, tuple[Change, ...]]:
    """The new text, and each change with its place in the old one."""
    changes = tuple(_changes(layout, tracker, dropped))
    return applied(layout.text, (edit for change in changes for edit in change.edits)), changes


def listed_items(layout: Layout) -> tuple[Item, ...]:
    """Every rule and summary of a known section, in the order in which they run."""
    return tuple(_items(layout))


def _items(layout: Layout) -> Iterator[Item]:
    sections = _sections(layout)
    for key, section in sections.items():
        type = _known_type(key, sections)
        if type is None:
            continue
        parts = layout.entries(section.value)
        for name in _LISTS:
            for number, spot in enumerate(layout.items(parts[name].value) if name in parts else (), 1):
                default_name = f"summary of {type} {number}" if name == "summaries" else f"{type}-{number}"
                yield Item(spot, RULE_TYPES[type], default_name)


def _sections(layout: Layout) -> dict[str, Entry]:
    entry = layout.entries(layout.root).get("resource_rules")
    return layout.entries(entry.value) if entry else {}


def _known_type(key: str, sections: Mapping[str, Entry]) -> str | None:
    if key in RULE_TYPES:
        return key
    meant = _OLD_TYPES.get(key)
    return meant if meant and meant not in sections else None


def _changes(layout: Layout, tracker: str, dropped: Dropped) -> Iterator[Change]:
    yield from _top(layout, tracker)
    yield from repeated(layout, layout.root)
    yield from _around_sections(layout)
    taken: set[tuple[ResourceType, str]] = set()
    for number, item in enumerate(listed_items(layout)):
        if number in dropped:
            reasons = dropped[number]
            edits = item_commented(layout.text, item.spot, [f"{NOT_IMPORTED} {each}" for each in reasons])
            yield Change("not imported", item.spot.start, f"'{item.name(layout)}': {reasons[0]}", tuple(edits))
            continue
        yield from rule_changes(layout, item.spot)
        given = item.name(layout)
        name, again = given, 1
        # As a run over a project numbers them.
        while (item.type, name) in taken:
            again += 1
            name = f"{given} ({again})"
        taken.add((item.type, name))
        if name != given:
            yield named(layout, item.spot, name)


def _top(layout: Layout, tracker: str) -> Iterator[Change]:
    """The schema for editors, and the tracker that the rules are for."""
    broken = break_of(layout.text)
    if "yaml-language-server:" not in layout.text:
        yield Change("added", 0, "the schema, for editors", (Edit(0, 0, SCHEMA_LINE + broken),))
    if "tracker" in layout.entries(layout.root):
        return
    said = f"tracker: {tracker}"
    if layout.root.flow:
        inside = layout.root.start + layout.text[layout.root.start :].index("{") + 1
        comma = ", " if layout.root.entries else ""
        yield Change("added", inside, said, (Edit(inside, inside, f"{said}{comma}"),))
        return
    # Behind a line that begins the document, and below the line for editors.
    at = layout.begins or _behind_schema_line(layout.text)
    yield Change("added", at, said, (Edit(at, at, f"{said}{broken}{broken}"),))


def _behind_schema_line(text: str) -> int:
    found = re.match(r"#[^\n]*yaml-language-server:[^\n]*\n", text)
    return found.end() if found else 0


def _around_sections(layout: Layout) -> Iterator[Change]:
    for key, entry in layout.entries(layout.root).items():
        if key in _OF_THE_GEM:
            yield _not_imported(layout, entry, _OF_THE_GEM[key])
        elif key not in fields_of(PolicyFile):
            yield _foreign(layout, entry)
    sections = _sections(layout)
    kept = [key for key in sections if _known_type(key, sections)]
    for key, entry in sections.items():
        type = _known_type(key, sections)
        if type is None:
            known = "is not supported yet" if key in LATER_TYPES else "is a section of another program"
            yield _not_imported(layout, entry, f"'{key}' {known}")
            continue
        if type != key:
            edit = Edit(entry.key.start, entry.key.end, type)
            yield Change("replaced", entry.key.start, f"'{key}' with '{type}'", (edit,))
        for name, part in layout.entries(entry.value).items():
            if name not in _LISTS:
                yield _not_imported(layout, part, f"'{name}' is a key of another program")
    whole = layout.entries(layout.root)["resource_rules"]
    if sections and not kept and not layout.target(whole.value).flow:
        at = layout.text.index(":", whole.key.end) + 1
        yield Change("added", at, "an empty mapping, for no section is left", (Edit(at, at, " {}"),))


def _foreign(layout: Layout, entry: Entry) -> Change:
    """A key that only holds anchors is hidden, so that what stands on them stays; any other becomes a comment."""
    if any(each.anchor for each in within(entry.value)):
        at = entry.key.start + (entry.key.style in ("'", '"'))
        said = f"'{entry.key.text}', which holds anchors, with '.{entry.key.text}'"
        return Change("replaced", at, said, (Edit(at, at, "."),))
    return _not_imported(layout, entry, f"'{entry.key.text}' is a key of another program")


def _not_imported(layout: Layout, entry: Entry, reason: str) -> Change:
    edits = entry_commented(layout.text, entry, [f"{NOT_IMPORTED} {reason}"])
    said = reason if reason.startswith(f"'{entry.key.text}'") else f"'{entry.key.text}': {reason}"
    return Change("not imported", entry.key.start, said, tuple(edits))
