"""Takes what must have been said in Slack and what was said; says where they part, if they do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest

from msgspec import Struct

from starkeeper.errors import Where
from starkeeper.report.words import counted
from starkeeper.scenarios.grammar import ExpectedMessage
from starkeeper.scenarios.script import Check
from starkeeper.scenarios.stage import Spoken

_MOST_LINES = 40
_WIDTH = 120


class Parting(Struct, frozen=True):
    """How the two differ, at its place, with all that was said; `issue` is what the message is about, "" for none."""

    where: Where
    message: str
    details: tuple[str, ...]
    issue: str


def parting(check: Check, said: Sequence[Spoken]) -> Parting | None:
    """The first message that is another than expected, missing, or too much."""
    wanted: Sequence[ExpectedMessage] = check.wanted
    for number, (entry, spoken) in enumerate(zip_longest(wanted, said), start=1):
        if entry is None:
            message = f"slack: expected {counted(len(wanted), 'message')}; found {len(said)}"
            return Parting(check.where, message, _lines(said), "")
        found = _unlike(entry, spoken) if spoken else f"the bot has said no more than {counted(len(said), 'message')}"
        if found:
            return Parting(entry.where, f"slack, message {number}: {found}", _lines(said), entry.issue.text)
    return None


def _unlike(entry: ExpectedMessage, spoken: Spoken) -> str:
    """The first thing in which a message is another."""
    return next((each for each in _differences(entry, spoken) if each), "")


def _differences(entry: ExpectedMessage, spoken: Spoken) -> Iterator[str]:
    if entry.to.text:
        yield _other("to", entry.to.text, f"a reply to {spoken.thread}" if spoken.thread else spoken.channel)
    if entry.reply_to.text:
        yield _other("reply_to", entry.reply_to.text, spoken.thread or f"no reply, but in {spoken.channel}")
    for key, about in (("issue", entry.issue.text), ("shift", entry.shift.text.replace("T", " "))):
        yield _other(key, about, spoken.about) if about else ""
    yield _other("as", entry.role.text, spoken.role) if entry.role.text else ""
    if entry.at and not entry.at.is_of(spoken.at):
        yield _other("at", entry.at.text, f"{spoken.at:%a %Y-%m-%d %H:%M}")
    if entry.mentions is not None:
        yield _other("mentions", _listed(each.text for each in entry.mentions), _listed(spoken.told))
    yield from (f"it does not say {each!r}" for each in _texts(entry.says) if each not in spoken.text)
    yield from (f"it says {each!r}" for each in _texts(entry.never_says) if each in spoken.text)
    if entry.edited not in (None, spoken.edited):
        yield f"it was {'' if spoken.edited else 'not '}edited"
    if entry.reactions is not None:
        yield _other("reactions", _reactions(entry.reactions), _reactions(spoken.reactions))


def _other(key: str, wanted: str, found: str) -> str:
    return "" if wanted == found else f"{key}: expected {wanted or 'none'}; found {found or 'none'}"


def _texts(said: str | tuple[str, ...]) -> tuple[str, ...]:
    return (said,) if isinstance(said, str) else said


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "nobody"


def _reactions(set_by: Mapping[str, Sequence[str]]) -> str:
    return "; ".join(f"{emoji} by {_listed(names)}" for emoji, names in sorted(set_by.items()))


def _lines(said: Sequence[Spoken]) -> tuple[str, ...]:
    """What was said, a line each; the newest, where it is much."""
    lines = [f"{number}. {_line(each)}" for number, each in enumerate(said, start=1)]
    return ("said:", *(lines[-_MOST_LINES:] or ["nothing"]))


def _line(spoken: Spoken) -> str:
    place = f"in the thread of the {spoken.thread}" if spoken.thread else f"in {spoken.channel}"
    role, told = f", {spoken.role}" if spoken.role else "", f", tells {_listed(spoken.told)}" if spoken.told else ""
    line = f"{spoken.at:%a %H:%M} {place}{role}, about {spoken.about}{told}: {' '.join(spoken.text.split())}"
    return line if len(line) <= _WIDTH else f"{line[: _WIDTH - 1]}…"
