"""Takes the journals of runs; says of each what it changed, for a person who wants to take one back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import msgspec

from starkeeper.model.journal import Journal
from starkeeper.render.clean import shown
from starkeeper.report.words import counted

_MOST_RULES = 3


def runs_in_words(journals: Sequence[Journal], folder: str) -> str:
    """A line for each run, in the order given."""
    if not journals:
        return f"No run has left a journal in '{folder}'."
    return "\n".join(shown(_in_words(each)) for each in journals)


def runs_as_json(journals: Iterable[Journal]) -> str:
    """The first line of each journal, and how many resources the run changed."""
    rows = [{**msgspec.to_builtins(each.header), "changed": len(_changed(each))} for each in journals]
    return msgspec.json.format(msgspec.json.encode(rows), indent=2).decode()


def _in_words(journal: Journal) -> str:
    rules = Counter(each.rule for each in journal.entries if each.result == "applied")
    names = [f"'{name}'" for name, _ in rules.most_common(_MOST_RULES)]
    more = f" and {counted(len(rules) - len(names), 'more rule')}" if len(rules) > len(names) else ""
    by = f"undo of {journal.header.undoes}" if journal.header.undoes else f"{', '.join(names)}{more}"
    return f"{journal.header.run}  {counted(len(_changed(journal)), 'resource')} changed: {by or 'nothing was done'}"


def _changed(journal: Journal) -> set[object]:
    return {each.key for each in journal.entries if each.result == "applied"}
