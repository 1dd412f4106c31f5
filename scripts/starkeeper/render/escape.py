"""Takes untrusted text in; gives text out that is safe in GitLab Markdown, Slack, plain text or HTML. Pure."""

from __future__ import annotations

import html
import re
from urllib.parse import quote as percent_encoded

from starkeeper.render.clean import INLINE_LIMIT, short_line, short_lines

EMPTY = "—"
_BACKTICK = "\u02cb"
_BAR = "\u2223"

# Words of letters, or numbers with points, commas and hyphens within: no sigil, no address, no list, no shortcode.
# Letters and digits never meet in one word, for `ABC-12` and `a1b2c3d` are references to some trackers and commits.
_LETTERS = r"[A-Za-zÀ-ÖØ-öø-ɏ]+(?:-[A-Za-zÀ-ÖØ-öø-ɏ]+)*"
_NUMBER = r"[0-9]+(?:[.,-][0-9]+)*"
_BARE = re.compile(rf"(?:{_LETTERS}|{_NUMBER})(?:,? (?:{_LETTERS}|{_NUMBER}))*")
_COMMIT = re.compile(r"(?<![A-Za-z0-9])[0-9a-f]{7,}(?![A-Za-z0-9])")
_SLACK_LOOKS = str.maketrans({"*": "\u2217", "~": "\u223c", "`": _BACKTICK})
_TO_FULL_WIDTH = 0xFEE0
_PUNCTUATION = re.compile(r"[\x21-\x2f\x3a-\x40\x5b-\x60\x7b-\x7e]")


def is_bare(text: str) -> bool:
    """Whether a clean line can stand in Markdown as it is: it makes no markup, link, reference or command there."""
    return _BARE.fullmatch(text) is not None and not _COMMIT.search(text)


def markdown_inline(text: str, limit: int = INLINE_LIMIT) -> str:
    """One line for GitLab Markdown: bare where that is harmless, else one code span; `—` where nothing is left."""
    line = short_line(text, limit)
    if not line:
        return EMPTY
    return line if is_bare(line) else code_span(line)


def code_span(line: str) -> str:
    """A clean line between single backticks; those within become a look-alike, so that none can close it."""
    inside = code_content(line)
    pad = " " if _BACKTICK in (inside[:1], inside[-1:]) else ""
    return f"`{pad}{inside}{pad}`"


def code_content(line: str) -> str:
    """A clean line for the inside of a code span that the template itself writes."""
    return line.replace("`", _BACKTICK)


def without_bars(text: str) -> str:
    """A bar ends a table's cell even within code, so it becomes a look-alike where there may be a table."""
    return text.replace("|", _BAR)


def full_width(line: str) -> str:
    """A clean line whose signs are their full-width twins: to be read as they are, and a sign to no language."""
    return _PUNCTUATION.sub(lambda found: chr(ord(found[0]) + _TO_FULL_WIDTH), line)


def markdown_html(line: str) -> str:
    """A clean line as code where raw HTML may stand around it: every sign is an entity, so nothing reads it as one."""
    return f"<code>{_PUNCTUATION.sub(lambda found: f'&#{ord(found[0])};', line)}</code>"


def url_part(line: str) -> str:
    """A clean line as a part of an address that the template writes around it.

    The signs that addresses leave alone are encoded as well: a line of hyphens would underline a heading.
    """
    return re.sub(r"[-_.~]", lambda found: f"%{ord(found[0]):02X}", percent_encoded(line, safe=""))


def markdown_block(text: str) -> str:
    """Many lines for GitLab Markdown: three backticks around, a bar before each, so none can close it or command."""
    lines = short_lines(text) or [EMPTY]
    return "\n".join(("```", *(f"| {line}".rstrip() for line in lines), "```"))


def slack_inline(text: str, limit: int = INLINE_LIMIT) -> str:
    """One line for Slack's mrkdwn that mentions nobody, hides no link and has no markup."""
    line = short_line(text, limit).translate(_SLACK_LOOKS)
    line = re.sub(r"^>", "\u203a", line)
    line = re.sub(r"(?<![^\W_])_|_(?![^\W_])", "\uff3f", line)
    line = re.sub(r"(?<![\w.+-])@(?=\w)", "\uff20", line)
    return slack_entities(line) or EMPTY


def slack_entities(text: str) -> str:
    """Slack's three entities, the ampersand first; this alone takes `<!channel>`, `<@U1>` and `<url|text>` apart."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def slack_block(text: str) -> str:
    """Many lines as a Slack code block, with backticks replaced so that none can close it."""
    lines = (slack_entities(line).replace("`", _BACKTICK) for line in short_lines(text) or [EMPTY])
    return "\n".join(("```", *lines, "```"))


def plain_inline(text: str, limit: int = INLINE_LIMIT) -> str:
    """One clean line."""
    return short_line(text, limit) or EMPTY


def plain_block(text: str) -> str:
    """Many clean lines, each quoted with `> `."""
    return "\n".join(f"> {line}".rstrip() for line in short_lines(text) or [EMPTY])


def html_inline(text: str, limit: int = INLINE_LIMIT) -> str:
    """One clean line for HTML text or a quoted attribute."""
    return html.escape(short_line(text, limit)) or EMPTY


def html_block(text: str) -> str:
    """Many clean lines as preformatted HTML."""
    return "<pre>" + html.escape("\n".join(short_lines(text) or [EMPTY])) + "</pre>"
