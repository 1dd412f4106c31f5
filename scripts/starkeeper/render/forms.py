"""Takes one value that a template puts out; gives its text for a target, escaped there unless its form is safe.

For Markdown a value travels as a token until the whole text is known, because what is safe depends on what stands
around it: `place` puts the final forms in.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping

from jinja2 import Undefined

from starkeeper.desk.words import duration
from starkeeper.errors import NOWHERE, Problem, RenderError
from starkeeper.model.desk import Person
from starkeeper.model.resources import RESOURCE_TYPES, Milestone, Resource, User
from starkeeper.render import escape
from starkeeper.render.clean import INLINE_LIMIT, TITLE_LIMIT, short_line
from starkeeper.render.safe import Safe, Target
from starkeeper.render.values import (
    CONFIDENTIAL,
    Confidential,
    Label,
    Link,
    Mention,
    MilestoneTitle,
    Quoted,
    Redacted,
    Reference,
    ShortTime,
    Title,
    Url,
    Username,
    person,
    username,
)

OPEN, CLOSE, BETWEEN = "\x02", "\x03", "\x1f"
VALUE, SAFE, QUOTE, LINK = "v", "s", "q", "l"

_USERNAME = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,253}[A-Za-z0-9_-])?")
# Of an issue, a merge request or an epic. A branch has any name, so it is a value like others.
_REFERENCE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_./-]*[#!&][0-9]+")
_URL = re.compile(r"https?://[A-Za-z0-9.-]+(?::[0-9]+)?(?:/[A-Za-z0-9._~/-]*)?(?:#[A-Za-z0-9_-]*)?")
_LINK_URL = re.compile(r"https?://[A-Za-z0-9._-]+(?::[0-9]+)?(?:[/?#][\x21-\x7e]*)?")
# A title that may stand between quotes: no sign that Markdown or GitLab would read as its own.
_QUOTABLE = re.compile(r"(?!.*(?:www\.|://|[A-Z][A-Z0-9_]+-[0-9]|(?<![\w:]):[\w+-]+:(?![\w:])))[\w .:,()+/'?-]+")


def form(value: object, target: Target) -> str:
    """The text of a value in its target; for Markdown a token. Raises RenderError for what has no form."""
    match value:
        case Undefined():
            return _safe(str(value), target)  # raises, unless it is the missing `else` of an `if`, which is nothing
        case Safe() if value.target == target:
            return _safe(str(value), target)
        case None:
            return _worded("", target)
        case bool():
            return _safe("yes" if value else "no", target)
        case int() | float():
            return _safe(str(value), target)
        case ShortTime():
            return _safe(str(value), target)
        case dt.datetime() | dt.date() | dt.time():
            return _safe(moment(value), target)
        case dt.timedelta():
            return _safe(duration(value), target)
        case str() | User() | Person() | Milestone() | Resource() | Redacted() | Link() | Quoted():
            return _worded(value, target)
        case Mapping() | bytes() | bytearray():
            pass
        case Iterable() if not callable(value):
            return _safe(", ", target).join(form(each, target) for each in value) or _safe("", target)
    raise RenderError(Problem(NOWHERE, "a value of this kind cannot be put into a text", "name one of its attributes"))


def moment(value: dt.datetime | dt.date | dt.time) -> str:
    """A date as `2026-11-30`, a moment as `Mon 2026-11-30 09:00 UTC`."""
    if isinstance(value, dt.datetime):
        at = value.astimezone(dt.UTC) if value.tzinfo else value
        return f"{_DAYS[at.weekday()]} {at.date().isoformat()} {at:%H:%M} UTC"
    return value.isoformat("minutes") if isinstance(value, dt.time) else value.isoformat()


def is_username(text: str) -> bool:
    """Whether a mention of it can only mean one account: `all` means everybody."""
    return _USERNAME.fullmatch(text) is not None and text.lower() != "all"


def link_url(url: str) -> str | None:
    """The address with everything encoded that could end it early, or None where it is not of the web."""
    if not _LINK_URL.fullmatch(url.strip()):
        return None
    return re.sub(r"[^A-Za-z0-9._~:/?#=&%+,;@-]", lambda found: f"%{ord(found[0]):02X}", url.strip())


def token(kind: str, text: str) -> str:
    """A value on its way through a template; cleaned text can hold none of the three signs."""
    return f"{OPEN}{kind}{text}{CLOSE}"


_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_INLINE: Mapping[Target, Callable[[str, int], str]] = {
    "slack": escape.slack_inline,
    "plain": escape.plain_inline,
    "html": escape.html_inline,
}
_BLOCK: Mapping[Target, Callable[[str], str]] = {
    "slack": escape.slack_block,
    "plain": escape.plain_block,
    "html": escape.html_block,
}


def _safe(text: str, target: Target) -> str:
    if target != "markdown":
        return text
    return token(SAFE, re.sub(f"[{OPEN}{CLOSE}{BETWEEN}]", "", text))


def _worded(value: str | User | Person | Milestone | Resource | Redacted | Link | Quoted, target: Target) -> str:
    match value:
        case User():
            value = person(value) or ""
        case Person():
            value = username(value)
        case Milestone():
            value = MilestoneTitle(value.title)
        case Resource() | Redacted():
            value = Reference(value.reference)
        case _:
            pass
    if target == "markdown":
        return _markdown(value)
    return _elsewhere(value, target)


def _markdown(value: object) -> str:
    match value:
        case Confidential():
            return token(SAFE, CONFIDENTIAL)
        case Username() if is_username(value):
            return token(SAFE, f"@{value}")
        case Label() if _QUOTABLE.fullmatch(value):
            return token(SAFE, f'~"{value}"')
        case MilestoneTitle() if _QUOTABLE.fullmatch(value):
            return token(SAFE, f'%"{value}"')
        case Reference() if _REFERENCE.fullmatch(value):
            return token(SAFE, str(value))
        case Url() if _URL.fullmatch(value):
            return token(SAFE, str(value))
        case str() if value in RESOURCE_TYPES:
            return token(SAFE, str(value))
        case Link():
            url = link_url(value.url)
            line = short_line(value.text) or escape.EMPTY
            return token(LINK, f"{line}{BETWEEN}{url}") if url else token(VALUE, line)
        case Quoted():
            return token(QUOTE, escape.markdown_block(value.text))
    line = short_line(str(value), _limit(value))
    return token(VALUE, line) if line else token(SAFE, escape.EMPTY)


def _elsewhere(value: object, target: Target) -> str:
    if target == "word":
        if not str(value).strip():
            raise RenderError(Problem(NOWHERE, "a value is empty here", "ask for it in the conditions of the rule"))
        return str(value)
    match value:
        case Quoted():
            return f"\n{_BLOCK[target](value.text)}\n"
        case Username() if is_username(value) and target != "slack":
            return f"@{value}"
        case Mention() if target == "slack" and (account := value.in_slack()):
            return f"<{account}>"
        case Username() if value.full_name:
            return _INLINE[target](value.full_name, _limit(value))
        case Link():
            return _link(value, target)
    return _INLINE[target](str(value), _limit(value))


def _link(link: Link, target: Target) -> str:
    url, text = link_url(link.url), _INLINE[target](link.text, INLINE_LIMIT)
    if not url:
        return text
    if target == "slack":
        return f"<{escape.slack_entities(url)}|{escape.without_bars(text)}>"
    return f'<a href="{escape.html_inline(url, 2_000)}">{text}</a>' if target == "html" else f"{text} ({url})"


def _limit(value: object) -> int:
    return TITLE_LIMIT if isinstance(value, Title) else INLINE_LIMIT
