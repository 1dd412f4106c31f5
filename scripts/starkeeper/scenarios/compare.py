"""Takes one thing expected of an issue and the issue as it is; says how they differ, if they do."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from msgspec import Struct

from starkeeper.scenarios.script import Check
from starkeeper.scenarios.stage import About, Seen

_MOST_LINES = 60


class Unlike(Struct, frozen=True):
    """How it differs: a sentence, lines below it, and which part of the issue that is about."""

    message: str
    details: tuple[str, ...]
    about: About


def compare(check: Check, seen: Seen) -> Unlike | None:
    """None where it is as expected."""
    answer = _COMPARE.get(check.what, _same)(check, seen)
    if answer is None:
        return None
    message, details, labels = answer
    return Unlike(f"{check.issue} {check.what}: {message}", tuple(details), About(check.what, frozenset(labels)))


_Answer = tuple[str, list[str], set[str]] | None


def _same(check: Check, seen: Seen) -> _Answer:
    """Values that must be equal; `none` stands for no date."""
    wanted = None if check.wanted == "none" else check.wanted
    found = getattr(seen, check.what)
    return None if wanted == found else (f"expected {_word(wanted)}; found {_word(found)}", [], set())


def _all_of(check: Check, seen: Seen) -> _Answer:
    """Lists that must hold the same, in any order."""
    wanted, found = set(check.wanted), set(getattr(seen, check.what))
    if wanted == found:
        return None
    lines = [f"missing: {_listed(wanted - found)}"] if wanted - found else []
    lines += [f"too much: {_listed(found - wanted)}"] if found - wanted else []
    return f"expected {_listed(wanted)}; found {_listed(found)}", lines, wanted ^ found


def _has(check: Check, seen: Seen) -> _Answer:
    missing = set(check.wanted) - set(seen.labels)
    return (f"missing {_listed(missing)}; found {_listed(seen.labels)}", [], missing) if missing else None


def _lacks(check: Check, seen: Seen) -> _Answer:
    present = set(check.wanted) & set(seen.labels)
    return (f"it carries {_listed(present)}", [], present) if present else None


def _notes(check: Check, seen: Seen) -> _Answer:
    """How many comments there are; whose they are tells more than their number."""
    found, own = (seen.notes, len(seen.own)) if check.what == "notes" else (len(seen.own), len(seen.own))
    if found == check.wanted:
        return None
    of_bot = f", {own} of them the bot's" if check.what == "notes" else ""
    return f"expected {check.wanted}; found {found}{of_bot}", _words(seen), set()


def _says(check: Check, seen: Seen) -> _Answer:
    missing = [each for each in check.wanted if each not in _text(seen)]
    said = " and ".join(repr(each) for each in missing)
    return (f"the bot's notes do not say {said}", _words(seen), set()) if missing else None


def _never_says(check: Check, seen: Seen) -> _Answer:
    present = [each for each in check.wanted if each in _text(seen)]
    said = " and ".join(repr(each) for each in present)
    return (f"the bot's notes say {said}", _words(seen), set()) if present else None


_COMPARE: dict[str, Callable[[Check, Seen], _Answer]] = {
    "labels": _all_of,
    "assignees": _all_of,
    "notified": _all_of,
    "linked": _all_of,
    "has": _has,
    "lacks": _lacks,
    "notes": _notes,
    "own": _notes,
    "says": _says,
    "never_says": _never_says,
}


def _text(seen: Seen) -> str:
    return "\n\n".join(seen.own)


def _words(seen: Seen) -> list[str]:
    """The bot's notes, line by line."""
    lines = [line for number, body in enumerate(seen.own, 1) for line in (f"note {number}:", *_indented(body))]
    return lines[:_MOST_LINES] + (["…"] if len(lines) > _MOST_LINES else [])


def _indented(body: str) -> list[str]:
    return [f"  {line}" for line in body.splitlines() if line.strip()]


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "none"


def _word(value: Any) -> str:
    if isinstance(value, tuple):
        return ", ".join(_word(each) for each in value) or "none"
    if value is None or isinstance(value, bool):
        return "none" if value is None else str(value).lower()
    return str(value)
