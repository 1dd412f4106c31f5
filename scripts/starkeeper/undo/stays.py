"""Takes what a run did; says once what of it is never taken back."""

from __future__ import annotations

from collections.abc import Iterator

from starkeeper.model.journal import Entry, Journal
from starkeeper.model.plan import Notice


def stays(journal: Journal) -> tuple[Notice, ...]:
    """One line for all that the run wrote, opened, linked, moved or deleted."""
    done = [each for each in journal.entries if each.result == "applied"]
    parts = [_counted(number, one, many) for one, many, number in _amounts(done) if number]
    what = f"not taken back: {', '.join(parts)}"
    return (Notice(where=f"run {journal.header.run}", what=what),) if parts else ()


def _amounts(done: list[Entry]) -> Iterator[tuple[str, str, int]]:
    yield "note", "notes", sum(len(each.notes) for each in done if each.action in ("comment", "summarize"))
    yield "opened issue", "opened issues", sum(bool(each.opened) for each in done)
    for action, one, many in _KINDS:
        yield one, many, sum(each.action == action for each in done)


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


_KINDS = (
    ("slack", "message or emoji in Slack", "messages and emoji in Slack"),
    ("override", "override in PagerDuty", "overrides in PagerDuty"),
    ("relate", "link", "links"),
    ("move", "moved issue", "moved issues"),
    ("delete", "deleted branch", "deleted branches"),
)
