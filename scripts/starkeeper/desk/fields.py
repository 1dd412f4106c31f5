"""Takes an issue and its tracker's settings; gives the fields that its title and its form hold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from starkeeper.desk.quoted import plain
from starkeeper.model.desk import Tracker
from starkeeper.model.resources import Resource

# What ends a heading is taken off afterwards: a pattern that looked for it would take for ever on a line of spaces.
_HEADING = re.compile(r"#{1,6}[ \t]+(?P<text>.*)", re.DOTALL)
_NO_ANSWER = frozenset({"", "_no response_", "no response", "n/a", "none", "-", "\N{EN DASH}", "\N{EM DASH}"})


def read_fields(resource: Resource, tracker: Tracker) -> Mapping[str, str]:
    """What `fields_in` finds in an issue."""
    return fields_in(resource.title, resource.description, tracker)


def fields_in(title: str, description: str, tracker: Tracker) -> Mapping[str, str]:
    """Field by field what was filled in; a field left empty is left out. Values are untrusted text.

    The title's pattern wins over the form where both give one field, since the title is what people correct. Of two
    headings with one name the first counts, so that free text further down cannot change an answer above it.
    """
    fields: dict[str, str] = {}
    for heading, answer in _answers(description):
        if heading in tracker.form:
            fields.setdefault(tracker.form[heading], answer)
    found = tracker.title.search(title) if tracker.title else None
    if found:
        fields.update({name: value for name, value in found.groupdict().items() if value})
    named = {name: called(value, name, tracker) for name, value in fields.items()}
    return {name: value for name, value in named.items() if is_answer(value)}


def is_answer(text: str) -> bool:
    """Whether it says anything: people write `n/a` or `-` where they have nothing to say."""
    return text.strip().casefold() not in _NO_ANSWER


def called(value: str, field: str, tracker: Tracker) -> str:
    """What the rules call that answer."""
    return tracker.values.get(field, {}).get(" ".join(value.split()).casefold(), value)


def _answers(description: str) -> Iterator[tuple[str, str]]:
    heading, lines = "", list[str]()
    for line in description.splitlines():
        if found := _HEADING.match(line):
            yield heading, plain("\n".join(lines).strip())
            heading, lines = found["text"].rstrip(" \t").rstrip("#").rstrip(" \t"), []
        else:
            lines.append(line)
    yield heading, plain("\n".join(lines).strip())
