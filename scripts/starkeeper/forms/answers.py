"""Takes one answer and its field; gives it as the desk writes it, or says what is wrong with it.

What was entered is shown to nobody but in a short, harmless form, and not even so where the form is kept from others
or must not name the customer: a log has many readers.
"""

from __future__ import annotations

import re

from starkeeper.desk.cover import manager_named, moment_of
from starkeeper.errors import nearest
from starkeeper.model.desk import Desk
from starkeeper.model.forms import FormField
from starkeeper.render.clean import QUOTE_LINES, clean_lines, one_line

_TICKET = re.compile(r"(?:zd ?)?#? ?(\d{1,10})|https://[^\s/]+/(?:agent/)?tickets/(\d{1,10})(?:[/?#]\S*)?", re.I | re.A)
_COUNT = re.compile(r"0*([1-9]\d{0,8})", re.ASCII)
_LINK = re.compile(r"https://[A-Za-z0-9.-]+(?::\d+)?(?:[/?#][\x21-\x7e]*)?", re.ASCII)
_HARMLESS = re.compile(r"[\w .,:#/&+@-]{1,40}")


class Unfit(Exception):
    """An answer that does not do: what is wrong with it, and what to write instead."""

    def __init__(self, message: str, remedy: str) -> None:
        self.message, self.remedy = message, remedy
        super().__init__(message)


def answer_of(field: FormField, text: str, desk: Desk, *, is_secret: bool = False) -> str:
    """The answer without what hides in it, in the words of the desk; "" where it says nothing. Raises Unfit, without a
    word of what was found where that `is_secret`."""
    try:
        return _answer_of(field, text, desk)
    except Unfit as why:
        if not is_secret or _folded(one_line(text)) in map(_folded, field.refused):
            raise
        raise Unfit(why.message.replace(shown(one_line(text)), "something else"), why.remedy) from None


def _answer_of(field: FormField, text: str, desk: Desk) -> str:
    if field.kind == "text":
        return _text(field, text)
    line = one_line(text)
    if not line:
        return ""
    if field.options:
        return _option(field, line)
    match field.kind:
        case "count":
            return _count(field, line)
        case "ticket":
            return _ticket(line)
        case "time":
            return _time(line)
        case "manager":
            return _manager(line, desk)
        case "link":
            return _link(field, line)
    return _line(field, line)


def shown(text: str) -> str:
    """What was found, as far as it may stand in a log: a short line of letters, digits and common signs."""
    return f"'{text}'" if _HARMLESS.fullmatch(text) else f"a text of {len(text):,} characters"


def _text(field: FormField, text: str) -> str:
    lines = [line.rstrip() for line in clean_lines(text)]
    whole = "\n".join(lines).strip()
    if len(whole) > field.max_length:
        raise _too_long(field, whole)
    if whole.count("\n") >= QUOTE_LINES:
        found = f"found {whole.count(chr(10)) + 1} lines, at most {QUOTE_LINES} are read"
        raise Unfit(found, "say it in fewer, or put the rest where the ticket is")
    return whole


def _option(field: FormField, line: str) -> str:
    meant = {_folded(each): each for each in field.options}
    if _folded(line) in meant:
        return meant[_folded(line)]
    for refused, instead in field.refused.items():
        if _folded(line) == _folded(refused):
            raise Unfit(f"'{refused}' cannot be chosen here", instead)
    known = ", ".join(f"'{each}'" for each in field.options)
    raise Unfit(f"found {shown(line)}, which is no choice", nearest(line, field.options) or f"choose one of {known}")


def _line(field: FormField, line: str) -> str:
    if len(line) > field.max_length:
        raise _too_long(field, line)
    if field.pattern and not field.pattern.fullmatch(line):
        raise Unfit(f"found {shown(line)}", f"write it like {field.such_as}")
    return line


def _count(field: FormField, line: str) -> str:
    found = _COUNT.fullmatch(line)
    if found is None:
        raise Unfit(f"found {shown(line)}, expected a whole number from 1 up", f"write it like {field.such_as or 3}")
    return found[1]


def _ticket(line: str) -> str:
    found = _TICKET.fullmatch(line)
    number = int(found[1] or found[2]) if found else 0
    if not number:
        raise Unfit(f"found {shown(line)}, expected the number of a ticket", "write it like 123456")
    return str(number)


def _time(line: str) -> str:
    at = moment_of(line)
    if at is None:
        raise Unfit(f"found {shown(line)}, expected a time in UTC", "write it like 2026-12-01 13:00")
    return f"{at:%Y-%m-%d %H:%M} UTC"


def _manager(line: str, desk: Desk) -> str:
    named = manager_named(line, desk)
    if not named:
        known = {
            *desk.managers,
            *(each.name for name, each in desk.people.items() if name in desk.managers and each.name),
        }
        raise Unfit(f"found {shown(line)}, which is no manager of the desk", nearest(line, known))
    return named


def _link(field: FormField, line: str) -> str:
    if len(line) > field.max_length:
        raise _too_long(field, line)
    if not _LINK.fullmatch(line) or (field.pattern and not field.pattern.fullmatch(line)):
        example = field.such_as or "https://example.com/records/1"
        raise Unfit(f"found {shown(line)}, expected an address", f"write it like {example}")
    return line


def _too_long(field: FormField, text: str) -> Unfit:
    return Unfit(f"found {len(text):,} characters, at most {field.max_length:,} are read", "say it in fewer words")


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
