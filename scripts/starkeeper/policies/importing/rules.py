"""Takes the place of one rule in a file; gives the edits that bring it into the desk's form."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

from starkeeper.policies.importing.edits import Edit, break_of, entry_commented, note_above
from starkeeper.policies.importing.layout import Entry, Layout, Spot, within
from starkeeper.policies.ruby import INTERPOLATION, translate, translate_text
from starkeeper.policies.ruby.quoting import block, flow, yaml_text

NOT_IMPORTED = "not imported:"
_FOREIGN_ACTIONS = {
    "extension": "it would run a program of its own",
    "merge": "policies here merge nothing",
}
_DEAD = {
    "labels": ("no label", "'No Label' is a label of that name, not the lack of one: where that is meant write None"),
}


class Change(Struct, frozen=True):
    """One thing done to the file: what it was (in words, for the summary) and the edits that do it."""

    kind: Literal["replaced", "marked", "not imported", "added"]
    at: int
    said: str
    edits: tuple[Edit, ...] = ()


def rule_changes(layout: Layout, rule: Spot) -> Iterator[Change]:
    """What becomes of the conditions and the texts of a rule, wherever its anchors stand."""
    parts = layout.entries(rule)
    if "conditions" in parts:
        yield from _conditions(layout, parts["conditions"].value)
    if "actions" in parts:
        yield from _actions(layout, parts["actions"].value)
    if "rules" in parts:
        for each in layout.items(parts["rules"].value):
            yield from rule_changes(layout, each)


def named(layout: Layout, rule: Spot, name: str) -> Change:
    """The rule under another name, which an alias or a merged rule gets for itself alone."""
    said = f"the name, which another rule has, with '{name}'"
    entry = next((each for each in rule.entries if each.key.text == "name"), None)
    if entry is not None and entry.value.kind == "scalar":
        return Change("replaced", entry.value.start, said, (_renamed(entry.value, name),))
    written = f"name: {yaml_text(name)}"
    if rule.kind == "alias":
        between = break_of(layout.text) + " " * (rule.start - layout.text.rfind("\n", 0, rule.start) - 1)
        alias = layout.text[rule.start : rule.end]
        new = f"{{<<: {alias}, {written}}}" if rule.flow else f"<<: {alias}{between}{written}"
        return Change("replaced", rule.start, said, (Edit(rule.start, rule.end, new),))
    first = rule.entries[0].key.start
    column = first - layout.text.rfind("\n", 0, first) - 1
    new = f"{written}, " if rule.flow else written + break_of(layout.text) + " " * column
    return Change("replaced", first, said, (Edit(first, first, new),))


def _renamed(spot: Spot, name: str) -> Edit:
    number = name[len(spot.text.strip()) :]
    end = spot.end - 1 if spot.style in ("'", '"') else spot.end
    return Edit(end, end, number)


def _conditions(layout: Layout, spot: Spot) -> Iterator[Change]:
    entries = layout.entries(spot)
    for key, entry in entries.items():
        if key in ("ruby", "js") and entry.value.kind == "scalar":
            yield from _code(layout, entry, {*entries} - {key})
        elif key == "upvotes" and "votes" not in entries:
            edit = Edit(entry.key.start, entry.key.end, "votes")
            yield Change("replaced", entry.key.start, "'upvotes', the old name, with 'votes'", (edit,))
        elif key in _DEAD:
            word, words = _DEAD[key]
            for each in within(layout.target(entry.value)):
                if each.kind == "scalar" and each.text.casefold() == word:
                    mark = note_above(layout.text, each.start, f"look at this: {words}")
                    yield from [Change("marked", each.start, words, (mark,))] if mark else []


def _code(layout: Layout, entry: Entry, others: set[str]) -> Iterator[Change]:
    conditions = translate(entry.value.text, "js" if entry.key.text == "js" else "ruby").conditions
    if not conditions:
        return
    if conditions.keys() & others:
        conditions = {"all_of": [conditions]} if "all_of" not in others else {"none_of": [{"none_of": [conditions]}]}
    if conditions.keys() & others:
        return
    start, end, text = entry.key.start, entry.value.end, layout.text
    if entry.key.flow:
        new = ", ".join(f"{key}: {flow(value)}" for key, value in conditions.items())
    else:
        lines = block(conditions, " " * (start - text.rfind("\n", 0, start) - 1))
        new = break_of(text).join(lines).lstrip(" ")
    said = ", ".join(f"{key}: {flow(value)}" for key, value in conditions.items())
    yield Change("replaced", start, f"'{entry.key.text}:' with {said}", (Edit(start, end, new),))


def _actions(layout: Layout, spot: Spot) -> Iterator[Change]:
    for key, entry in layout.entries(spot).items():
        if key in _FOREIGN_ACTIONS:
            reason = _FOREIGN_ACTIONS[key]
            edits = entry_commented(layout.text, entry, [f"{NOT_IMPORTED} {reason}"])
            yield Change("not imported", entry.key.start, f"'{key}': {reason}", tuple(edits))
            continue
        for each in within(layout.target(entry.value)):
            if each.kind == "scalar":
                yield from _words(layout, each)


def _words(layout: Layout, spot: Spot) -> Iterator[Change]:
    """Each `#{…}` of a text for which Jinja has the same words."""
    raw = layout.text[spot.start : spot.end]
    for found in INTERPOLATION.finditer(raw):
        code = raw[found.end() :].partition("}")[0]
        if raw[found.end() + len(code) : found.end() + len(code) + 1] != "}":
            continue
        jinja = translate_text(code.replace("''", "'") if spot.style == "'" else code)
        if not jinja:
            continue
        start = spot.start + found.start()
        quoted = jinja.replace("'", "''") if spot.style == "'" else jinja
        edit = Edit(start, spot.start + found.end() + len(code) + 1, quoted)
        yield Change("replaced", start, f"'#{{…}}' with {jinja}", (edit,))


def repeated(layout: Layout, spot: Spot) -> Iterator[Change]:
    """Of a key that is given more than once the last counts in gitlab-triage; the others become comments."""
    for each in within(spot):
        last = {entry.key.text: entry for entry in each.entries}
        for entry in each.entries:
            counts = last[entry.key.text]
            if counts is entry or (entry.key.text == "<<" and not entry.key.style):
                continue
            line = layout.line(counts.key.start)
            reason = f"'{entry.key.text}' is given again below, and that counted"
            edits = entry_commented(layout.text, entry, [f"{NOT_IMPORTED} {reason}"])
            yield Change("not imported", entry.key.start, f"{reason} (line {line})", tuple(edits))
