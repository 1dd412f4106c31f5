"""Takes untrusted text in; gives it back without what hides, reorders or breaks lines, cut to a stated length."""

from __future__ import annotations

import re
import unicodedata

INLINE_LIMIT = 300
TITLE_LIMIT = 120
QUOTE_LIMIT = 4_000
QUOTE_LINES = 80

# Hangul fillers, joiners of nothing and variation selectors that carry hidden bytes: letters or marks by category.
_INVISIBLE = {0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0, *range(0x180B, 0x1810)}
_INVISIBLE |= {*range(0xFE00, 0xFE0F), *range(0xE0100, 0xE01F0)}
_DROPPED_CATEGORIES = ("Cc", "Cf", "Cs", "Co")
_ZERO_WIDTH_JOINERS = "\u200c\u200d"
# Emoji and some scripts need a joiner between two characters; beside ASCII it only hides something.
_JOINERS = re.compile("([\u200c\u200d])[\u200c\u200d]+")
_IDLE_JOINER = re.compile("(?<![^\\x00-\\x7f])[\u200c\u200d]|[\u200c\u200d](?![^\\x00-\\x7f])")


class _Kept(dict[int, str | None]):
    """What each character becomes: itself, a space, or nothing; asked once per character."""

    def __missing__(self, code: int) -> str | None:
        self[code] = kept = _kept(chr(code))
        return kept


def _kept(character: str) -> str | None:
    category = unicodedata.category(character)
    if category == "Zs" or character == "\t":
        return " "
    if character in _ZERO_WIDTH_JOINERS:
        return character
    if category in _DROPPED_CATEGORIES or ord(character) in _INVISIBLE or ord(character) & 0xFFFE == 0xFFFE:
        return None
    return character


_TABLE = _Kept()


def clean_lines(text: str) -> list[str]:
    """The lines of the text by every line break that Unicode knows, without control, bidi and hidden characters."""
    return [_joined_well(line.translate(_TABLE)) for line in text.splitlines()]


def shown(text: str) -> str:
    """The same lines for a terminal or a log, without what could steer the one or forge the other."""
    return "\n".join(clean_lines(text))


def one_line(text: str) -> str:
    """The text as one clean line: breaks and runs of spaces become one space, the ends are trimmed."""
    return " ".join(" ".join(clean_lines(text)).split())


def shortened(text: str, limit: int) -> str:
    """The text up to `limit` characters, and then how many more there were."""
    if len(text) <= limit:
        return text
    return f"{text[:limit].rstrip()}… ({len(text) - limit:,} characters more)"


def short_line(text: str, limit: int = INLINE_LIMIT) -> str:
    """One clean line of at most `limit` characters of the text."""
    return shortened(one_line(text), limit)


def short_lines(text: str, limit: int = QUOTE_LIMIT, most: int = QUOTE_LINES) -> list[str]:
    """Clean lines of at most `limit` characters and `most` lines in all; a last line says what was cut."""
    lines = clean_lines(text)
    whole = "\n".join(lines)
    kept = "\n".join(lines[:most])[:limit]
    cut = len(whole) - len(kept)
    return [*kept.split("\n"), f"… ({cut:,} characters more)"] if cut else lines


def _joined_well(line: str) -> str:
    if line.isascii():
        return line
    return _IDLE_JOINER.sub("", _JOINERS.sub(r"\1", line))
