"""What the conditions on titles and descriptions share: a pattern that must, or must not, be found."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from starkeeper.model.values import Pattern


class TextTest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`matches` must be found, `lacks` must not, and `empty` says whether anything but white space may stand there."""

    matches: Pattern | None = None
    lacks: Pattern | None = None
    empty: bool | None = None


def text_holds(text: str, test: Pattern | TextTest) -> bool:
    """Whether the text is as asked; a pattern alone must be found."""
    if isinstance(test, Pattern):
        return test.compiled.search(text) is not None
    if test.matches is not None and not test.matches.compiled.search(text):
        return False
    if test.lacks is not None and test.lacks.compiled.search(text):
        return False
    return test.empty is None or test.empty is not bool(text.strip())


def found_fields(text: str, test: Pattern | TextTest) -> Mapping[str, str]:
    """What the named groups of the pattern found; a group that took no part is left out."""
    pattern = test if isinstance(test, Pattern) else test.matches
    found = pattern.compiled.search(text) if pattern else None
    return {name: value.strip() for name, value in found.groupdict().items() if value is not None} if found else {}


def text_seen(text: str, what: str) -> str:
    """How long it is: the text itself is a customer's and does not belong into a log."""
    return f"the {what} is empty" if not text.strip() else f"the {what} has {len(text)} characters"
