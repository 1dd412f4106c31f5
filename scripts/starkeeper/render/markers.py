"""Takes a rule's name and an occurrence; gives the hidden line by which Starkeeper knows its own words again."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from starkeeper.model.resources import Note

_WORDS = r"[a-z0-9]+(?:-[a-z0-9]+)*"
_ABOUT = rf'(?: about="({_WORDS}(?: {_WORDS})*)")?'
_LINE = re.compile(rf'<!-- starkeeper v1 key=([0-9a-f]{{16}}) n=([0-9]{{1,9}}) rule="({_WORDS})"{_ABOUT} -->')
_SAID = re.compile(r"<!-- starkeeper said=([0-9a-f:,]+) -->")
_PAIR = re.compile(r"([0-9a-f]{16}):([0-9a-f]{1,9})")
_MOST_SAID = 300
_USERNAME = r"[A-Za-z0-9_.-]{1,255}"
_OPENED_FOR = re.compile(rf'<!-- starkeeper opened for="({_USERNAME})" -->')
_CONTENT = re.compile(r"^<!-- starkeeper content=([0-9a-f]{16}) -->\r?$", re.MULTILINE)


class Marker(Struct, frozen=True):
    """What the last line of a note or description says of itself. It proves nothing unless its author is the bot."""

    key: str
    occurrence: int
    rule: str
    about: tuple[str, ...] = ()


def make_marker(rule_name: str, occurrence: int, about: str = "") -> tuple[str, str]:
    """The key of what a rule says for the nth time, and the line that carries it.

    `about` tells apart what stands in one place and is about several things.
    """
    what = f"{rule_name}\0{occurrence}\0{about}" if about else f"{rule_name}\0{occurrence}"
    key = hashlib.sha256(what.encode()).hexdigest()[:16]
    return key, marker_line(rule_name, key, occurrence)


def note_marker(rule_name: str, occurrence: int, about: Sequence[str] = ()) -> tuple[str, str]:
    """The same for a note; where it is about one of several occasions the line names its parts, in their short form."""
    key, line = make_marker(rule_name, occurrence, "; ".join(about))
    parts = " ".join(map(_short, about))
    return key, line.replace(" -->", f' about="{parts}" -->') if about else line


def abouts_said(notes: Iterable[Note], bot: str) -> frozenset[str]:
    """What own notes say that they are about: ask with `about in`, which takes the long form."""
    found = (marker_in(note.body) for note in notes if note.author == bot)
    return _Abouts(part for marker in found if marker for part in marker.about)


class _Abouts(frozenset[str]):
    """Short forms that are asked for by long ones."""

    def __contains__(self, about: object) -> bool:
        return super().__contains__(_short(str(about)))


def said_line(said: Mapping[str, dt.datetime]) -> str:
    """A hidden line that says once more what was said before and when, so that no note is the only one to know; ""
    for nothing. Of very much it keeps the latest."""
    latest = sorted(said.items(), key=lambda each: each[1])[-_MOST_SAID:]
    pairs = ",".join(f"{key}:{int(at.timestamp()):x}" for key, at in sorted(latest))
    return f"<!-- starkeeper said={pairs} -->" if pairs else ""


def said_in(notes: Iterable[Note], bot: str) -> dict[str, dt.datetime]:
    """Key by key when the account said something in these notes, or says in one that it had.

    So a note that a person deleted is still known, as long as a later one is there.
    """
    said: dict[str, dt.datetime] = {}
    for note in (each for each in notes if each.author == bot):
        for pairs in (found[1] for found in map(_SAID.fullmatch, note.body.splitlines()) if found):
            for key, at in _PAIR.findall(pairs):
                said.setdefault(key, dt.datetime.fromtimestamp(int(at, 16), dt.UTC))
        if marker := marker_in(note.body):
            said[marker.key] = min(note.created_at, said.get(marker.key, note.created_at))
    return said


def marker_line(rule_name: str, key: str, occurrence: int = 1) -> str:
    """The line that carries a key."""
    return f'<!-- starkeeper v1 key={key} n={occurrence} rule="{_slug(rule_name)}" -->'


def marker_of_key(key: str) -> str:
    """The start of the marker line that carries the key: what to look for in notes after an answer was lost."""
    return f"<!-- starkeeper v1 key={key} "


def find_marker(body: str) -> Marker | None:
    """The marker of a note or description: only its last line with anything on it, so that a quoted one counts not."""
    return _marker(body.rstrip().rpartition("\n")[2])


def marker_in(body: str) -> Marker | None:
    """The last marker of a note by the run's own account, wherever it stands: people edit notes, and add to them.

    What it quotes of others never makes a whole line of its own.
    """
    return next((found for line in reversed(body.splitlines()) if (found := _marker(line))), None)


def _marker(line: str) -> Marker | None:
    found = _LINE.fullmatch(line.strip(" \t\r"))
    return Marker(found[1], int(found[2]), found[3], tuple((found[4] or "").split())) if found else None


def is_of_rule(marker: Marker, rule_name: str) -> bool:
    """Whether it names that rule, as far as its short form tells rules apart."""
    return marker.rule == _slug(rule_name)


def opened_for_line(username: str) -> str:
    """A hidden line in an issue that the account opened from a form: who filled it in. ValueError for no user name."""
    if not re.fullmatch(_USERNAME, username):
        raise ValueError("what names the asker is no user name")
    return f'<!-- starkeeper opened for="{username}" -->'


def opened_for(description: str) -> str:
    """Who filled in the form, "" where no such line stands there, or two that differ. It proves nothing unless the bot
    is the author."""
    lines = description.splitlines() if "<!-- starkeeper opened" in description else ()
    named = {found[1] for line in lines if (found := _OPENED_FOR.fullmatch(line.strip(" \t")))}
    return named.pop() if len(named) == 1 else ""


def content_line(content: str) -> str:
    """A hidden line by which it is seen later whether the content is still the same, whatever people ticked in it."""
    return f"<!-- starkeeper content={hashlib.sha256(content.encode()).hexdigest()[:16]} -->"


def find_content(body: str) -> str:
    """The last such line of a text, "" where there is none."""
    found = _CONTENT.findall(body)
    return f"<!-- starkeeper content={found[-1]} -->" if found else ""


def _short(about: str) -> str:
    """For people to read, and with a digest that tells alike ones apart however long they are."""
    return f"{_slug(about)[:40].rstrip('-')}-{hashlib.sha256(about.encode()).hexdigest()[:8]}"


def _slug(name: str) -> str:
    """Small letters and digits with single hyphens, so that nothing in it can end an HTML comment."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower())[:60].strip("-") or "rule"
