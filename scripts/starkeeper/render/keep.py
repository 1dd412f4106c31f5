"""Places in an issue's text where people write; takes their text along when the rest is written anew.

A place lies between two HTML comments, which GitLab does not show. On its way through a template it is a token, as
values are, so that nothing in a value can be taken for one. What people wrote goes in last, as it is, byte by byte.
A hidden line says how all the rest was, so that it is seen later whether somebody wrote outside these places.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence

from msgspec import Struct

from starkeeper.render.escape import markdown_inline
from starkeeper.render.place import command_lines
from starkeeper.render.quick_actions import is_quick_action
from starkeeper.render.safe import Safe

# Cleaned values hold no such signs.
_OPEN, _BETWEEN, _CLOSE = "\x04", "\x06", "\x05"
_TOKEN = re.compile(f"{_OPEN}([^{_BETWEEN}]+){_BETWEEN}([^{_CLOSE}]*){_CLOSE}")
LEFT_OVER = f"{_OPEN}{_CLOSE}"
"""Stands where that is put which people wrote in places that the text no longer has."""
_NAME = r"[a-z0-9]+(?:-[a-z0-9]+)*"
_MARK = re.compile(
    rf"<!-- starkeeper (?:keep=(?P<begins>{_NAME}) of=(?P<empty>[0-9a-f]{{8}})|kept=(?P<ends>{_NAME})) -->"
)
SEAL = f"<!-- starkeeper own={'0' * 16} -->"
"""Stands where `sealed` is to note how our own part of a text was."""
_SEAL = re.compile(r"^<!-- starkeeper own=[0-9a-f]{16} -->[ \t\r]*$", re.MULTILINE)
_TICKED = re.compile(r"^(\s*(?:[-*+]|[0-9]+[.)]) )\[[xX~]\] ")
_OF_WHAT_IS_GONE = "**Written about what is no longer listed**"


class _Place(Struct, frozen=True):
    """What stands between two marks of that name, where it starts and ends, and whether people wrote it."""

    name: str
    text: str
    start: int
    end: int
    is_written: bool


class _Stray(Exception):
    """A mark that begins or ends nothing: nobody could tell what people wrote from what we did."""


def keep(name: object, fields: Sequence[object] = ()) -> Safe:
    """A place for people to write in: empty, or with a line for each of the fields."""
    short = _short(str(name))
    lines = "".join(f"- {markdown_inline(str(each))}: \n" for each in fields)
    inside = f"\n\n{lines}\n" if lines else " "
    return Safe(f"{_OPEN}{short}{_BETWEEN}{inside}{_CLOSE}", "markdown")


def with_kept(text: str, before: str = "") -> str | None:
    """The finished text, with what people wrote in `before`; what has no place any more stands where LEFT_OVER is.

    None where that would lose a part of it, for marks were copied about, or where a line of it would be run by GitLab
    as a command, with our rights, if we wrote it again.
    """
    try:
        written = {each.name: each.text for each in _places(before) if each.is_written}
    except _Stray:
        return None
    whole = _TOKEN.sub(lambda found: _marked(found[1], found[2], written.pop(found[1], found[2])), text)
    left = _left_over(written.items())
    whole = whole.replace(LEFT_OVER if left else f"{LEFT_OVER}\n\n", left)
    return whole if _commands(whole) == _commands(text) else None


def has_writing(text: str) -> bool:
    """Whether people wrote in any of its places, or that cannot be told."""
    try:
        return any(each.is_written for each in _places(text))
    except _Stray:
        return True


def sealed(text: str) -> str:
    """The finished text, with a note of how our own part of it was where SEAL stands. Not to be called on another."""
    try:
        return text.replace(SEAL, _seal(text))
    except _Stray:
        return text


def is_as_sealed(text: str) -> bool:
    """Whether our own part is as it was, ticks apart; also where marks were copied about, of which `with_kept` says
    more."""
    try:
        found = _SEAL.findall(text)
        return bool(found) and found[-1].rstrip() == _seal(text)
    except _Stray:
        return True


def _seal(text: str) -> str:
    return f"<!-- starkeeper own={hashlib.sha256(_ours(text).encode(errors='replace')).hexdigest()[:16]} -->"


def _ours(text: str) -> str:
    """What is not between marks, without ticks and blanks, and without the commands that GitLab has taken out."""
    parts: list[str] = []
    done = 0
    for each in _places(text):
        parts.append(text[done : each.start])
        done = each.end
    lines = _SEAL.sub("", "".join((*parts, text[done:]))).splitlines()
    bare = (_TICKED.sub(r"\1[ ] ", line).rstrip() for line in lines)
    return "\n".join(line for line in bare if line and not is_quick_action(line))


def _places(text: str) -> Iterable[_Place]:
    """All of them, in order. What people copied into one, marks and all, is their text as well."""
    place = ours = 0
    while (mark := _MARK.search(text, place)) is not None:
        line = max(text.rfind("\n", 0, mark.start()) + 1, ours)
        if text.count("`", line, mark.start()) % 2:
            # It is quoted: a value that looks like a mark.
            place = mark.end()
            continue
        end = _end_of(mark, text)
        inside = text[mark.end() : end.start()]
        is_written = bool(inside.strip()) and _digest(inside) != mark["empty"]
        yield _Place(mark["begins"], inside, mark.end(), end.start(), is_written)
        place = ours = end.end()


def _end_of(mark: re.Match[str], text: str) -> re.Match[str]:
    """The mark that ends what this one begins."""
    name, depth = mark["begins"], 0
    for each in _MARK.finditer(text, mark.start()):
        if name and each["begins"] == name:
            depth += 1
        elif name and each["ends"] == name:
            depth -= 1
            if depth == 0:
                return each
    raise _Stray


def _marked(name: str, inside: str, said: str) -> str:
    return f"<!-- starkeeper keep={name} of={_digest(inside)} -->{said}<!-- starkeeper kept={name} -->"


def _left_over(written: Iterable[tuple[str, str]]) -> str:
    parts = [f"`{name}`: {_marked(name, '', said)}" for name, said in written]
    return "\n\n".join((_OF_WHAT_IS_GONE, *parts)) if parts else ""


def _commands(text: str) -> Counter[str]:
    return Counter(line for line, _, _ in command_lines(text) if is_quick_action(line))


def _digest(text: str) -> str:
    """Blanks apart, of which GitLab takes some out."""
    return hashlib.sha256(" ".join(text.split()).encode(errors="replace")).hexdigest()[:8]


def _short(name: str) -> str:
    """A plain name as it is; any other with a digest that tells alike ones apart."""
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower())[:40].strip("-") or "place"
    return slug if slug == name else f"{slug}-{hashlib.sha256(name.encode(errors='replace')).hexdigest()[:8]}"
