"""Places in an issue's text where people write; takes their text along when the rest is written anew.

A place lies between two HTML comments, which GitLab does not show. On its way through a template it is a token, as
values are, so that nothing in a value can be taken for one. What people wrote goes in last, as it is, byte by byte.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence

from msgspec import Struct

from starkeeper.render.escape import markdown_inline
from starkeeper.render.place import command_lines
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
# A path such as /var/log is no command; people write many of them down.
_COMMAND = re.compile(r"/[A-Za-z_]+(?:\s|\Z)")
_OF_WHAT_IS_GONE = "**Written about what is no longer listed**"


class _Place(Struct, frozen=True):
    """What people wrote under a name; nothing where it is as it was made."""

    name: str
    text: str


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
        written = {each.name: each.text for each in _places(before)}
    except _Stray:
        return None
    whole = _TOKEN.sub(lambda found: _marked(found[1], found[2], written.pop(found[1], found[2])), text)
    left = _left_over(written.items())
    whole = whole.replace(LEFT_OVER if left else f"{LEFT_OVER}\n\n", left)
    return whole if _commands(whole) == _commands(text) else None


def _places(text: str) -> Iterable[_Place]:
    """Those in which somebody wrote. What they copied into one, marks and all, is their text as well."""
    place = ours = 0
    while (mark := _MARK.search(text, place)) is not None:
        line = max(text.rfind("\n", 0, mark.start()) + 1, ours)
        if text.count("`", line, mark.start()) % 2:
            # It is quoted: a value that looks like a mark.
            place = mark.end()
            continue
        end = _end_of(mark, text)
        inside = text[mark.end() : end.start()]
        if inside.strip() and _digest(inside) != mark["empty"]:
            yield _Place(mark["begins"], inside)
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
    return Counter(line for line, _, _ in command_lines(text) if _COMMAND.match(line))


def _digest(text: str) -> str:
    """Blanks apart, of which GitLab takes some out."""
    return hashlib.sha256(" ".join(text.split()).encode(errors="replace")).hexdigest()[:8]


def _short(name: str) -> str:
    """A plain name as it is; any other with a digest that tells alike ones apart."""
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower())[:40].strip("-") or "place"
    return slug if slug == name else f"{slug}-{hashlib.sha256(name.encode(errors='replace')).hexdigest()[:8]}"
