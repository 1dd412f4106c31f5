"""Slack's markup to HTML, as Slack shows it; whatever is no markup of Slack's stays text."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from markupsafe import Markup, escape
from msgspec import Struct

from starkeeper.sandbox.web.emoji import with_signs


class Names(Struct, frozen=True):
    """What the ids in a text are called: people and channels."""

    people: Mapping[str, str]
    channels: Mapping[str, str]


# Emphasis touches what it holds and stands free of words around it; code and links hold no markup.
_INLINE = re.compile(
    r"`(?P<code>[^`\n]+)`"
    r"|<(?P<link>[^<>\n]+)>"
    r"|(?<![\w*])\*(?P<bold>[^\s*](?:[^*\n]*[^\s*])?)\*(?![\w*])"
    r"|(?<![\w_])_(?P<italic>[^\s_](?:[^_\n]*[^\s_])?)_(?![\w_])"
    r"|(?<![\w~])~(?P<struck>[^\s~](?:[^~\n]*[^\s~])?)~(?![\w~])"
)
_TAGS = {"bold": "strong", "italic": "em", "struck": "s"}
_QUOTE = re.compile(r"(?:&gt;|>) ?")


def as_html(text: str, names: Names) -> Markup:
    """A text of a message or a block: code blocks and quotes, and between them lines with emphasis and links."""
    parts = re.split(r"```\n?(.+?)\n?```", text, flags=re.DOTALL)
    shown = [
        Markup("<pre>{}</pre>").format(_plain(part)) if at % 2 else _lines(part, names) for at, part in enumerate(parts)
    ]
    return Markup("").join(shown)


def _lines(text: str, names: Names) -> Markup:
    """Lines in their order; those that are quoted, one after the other, make one quote."""
    shown, quoted = Markup(""), list[str]()
    for line in text.strip("\n").split("\n"):
        if found := _QUOTE.match(line):
            quoted.append(line[found.end() :])
            continue
        shown += _quote(quoted, names)
        quoted = []
        shown += Markup("<p>{}</p>").format(_inline(line, names)) if line else Markup("<p class=gap></p>")
    return shown + _quote(quoted, names) if text.strip("\n") else Markup("")


def _quote(lines: list[str], names: Names) -> Markup:
    inside = Markup("<br>").join(_inline(each, names) for each in lines)
    return Markup("<blockquote>{}</blockquote>").format(inside) if lines else Markup("")


def _inline(text: str, names: Names) -> Markup:
    shown, at = Markup(""), 0
    for found in _INLINE.finditer(text):
        shown += with_signs(_plain(text[at : found.start()]))
        shown += _piece(str(found.lastgroup), found[str(found.lastgroup)], names)
        at = found.end()
    return shown + with_signs(_plain(text[at:]))


def _piece(kind: str, inside: str, names: Names) -> Markup:
    if kind == "code":
        return Markup("<code>{}</code>").format(_plain(inside))
    if kind == "link":
        return _control(inside, names)
    return Markup(f"<{_TAGS[kind]}>{{}}</{_TAGS[kind]}>").format(_inline(inside, names))


def _control(inside: str, names: Names) -> Markup:
    """What stands between angle brackets: a person, a channel, everybody, or a link."""
    target, _, label = inside.partition("|")
    controls: dict[str, Callable[[str], str]] = {
        "@": lambda id: f"@{names.people.get(id, label or id)}",
        "#": lambda id: f"#{names.channels.get(id, label or id)}",
        "!": lambda word: _plain(label) or f"@{word.rpartition('^')[2]}",
    }
    if say := controls.get(target[:1]):
        return Markup("<span class=mention>{}</span>").format(say(target[1:]))
    address = _plain(target)
    if not _is_address(address):
        return escape(f"<{_plain(inside)}>")
    return Markup('<a href="{}" rel="noreferrer">{}</a>').format(address, with_signs(_plain(label)) or address)


def _is_address(text: str) -> bool:
    """Nothing but web pages and mail can be followed, `javascript:` least of all."""
    try:
        return urlsplit(text).scheme.lower() in ("http", "https", "mailto")
    except ValueError:
        return False


def _plain(text: str) -> str:
    """The text that Slack's three entities stand for."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
