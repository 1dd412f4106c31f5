"""Takes a piece of Ruby from within a text, `#{…}`; gives the Jinja that puts the same words there."""

from __future__ import annotations

import re

from starkeeper.policies.ruby.moments import DAY, Length, is_day_format, read_moment
from starkeeper.policies.ruby.parse import parse
from starkeeper.policies.ruby.quoting import jinja_text
from starkeeper.policies.ruby.tree import Call, Field, Literal, Name, Node, Unreadable

INTERPOLATION = re.compile(r"(?<!\\)#\{(?!\{|%|\s*\d*\s*,?\s*\d*\s*\})")
_FIELDS = {
    ("title",): "title",
    ("iid",): "iid",
    ("web_url",): "web_url",
    ("state",): "state",
    ("upvotes",): "upvotes",
    ("downvotes",): "downvotes",
    ("due_date",): "due_date",
    ("references", "full"): "full_reference",
    ("source_branch",): "source_branch",
    ("target_branch",): "target_branch",
    ("name",): "name",
}
_FORMAT = re.compile(r"(?:%[YmdHMSBbAaeFjy]|[^%])*")


def translate_text(code: str) -> str:
    """`{{ in_days(2) }}` for `2.days.from_now.strftime('%Y-%m-%d')`; "" where nothing gives the same words."""
    # In a text of YAML the quotes of the code may be escaped.
    try:
        tree = parse(code.replace('\\"', '"'))
    except (Unreadable, RecursionError):
        return ""
    said = _words(tree)
    return f"{{{{ {said} }}}}" if said else ""


def _words(node: Node) -> str:
    match node:
        case Field(path):
            return _FIELDS.get(path, "")
        case Call(Field(path), "to_s", ()):
            return _FIELDS.get(path, "")
        case Call(inner, "strftime", (Literal(str() as form),)):
            return _formatted(inner, form)
        case Call(None, "full_resource_reference", ()) | Name("full_resource_reference"):
            return "full_reference"
        case Call(inner, "to_s" | "iso8601", ()) if _day(inner):
            return _day(inner)
    return _day(node)


def _formatted(node: Node | None, form: str) -> str:
    moment = read_moment(node)
    if moment is None or moment.of != "now" or moment.later.months or not _FORMAT.fullmatch(form):
        return ""
    days, rest = divmod(moment.later.seconds, DAY)
    if rest:
        return ""
    if is_day_format(form):
        return f"in_days({int(days)})"
    if moment.later == Length():
        return f"now.strftime({jinja_text(form)})"
    by_day = not re.search("%[HMS]", form)
    return f"in_days({int(days)}).strftime({jinja_text(form)})" if by_day else ""


def _day(node: Node | None) -> str:
    """A day that Ruby itself shows as 2026-12-24."""
    moment = read_moment(node)
    if moment is None or not moment.whole_days or moment.of != "now" or moment.later.months:
        return ""
    return f"in_days({int(moment.later.seconds // DAY)})"
