"""What the conditions on titles and descriptions share: a pattern that must, or must not, be found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from msgspec import Struct

from starkeeper.model.facts import Facts
from starkeeper.model.resources import Resource
from starkeeper.model.rules import Condition
from starkeeper.model.values import Pattern


class TextTest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`matches` must be found, `lacks` must not, and `empty` says whether anything but white space may stand there."""

    matches: Pattern | None = None
    lacks: Pattern | None = None
    empty: bool | None = None


class TextCondition(Condition, frozen=True):
    """A kind whose key is the name of the text that it looks at."""

    attribute: ClassVar[Literal["title", "description"]]

    value: Pattern | TextTest

    def holds(self, resource: Resource, facts: Facts) -> bool:
        return _is_as_asked(getattr(resource, self.attribute), self.value)

    def explain(self, resource: Resource, facts: Facts) -> str:
        """Says how long the text is: the text itself is a customer's and does not belong into a log."""
        text = getattr(resource, self.attribute)
        seen = f"it has {len(text)} characters" if text.strip() else "it is empty"
        return f"{seen}, as asked" if self.holds(resource, facts) else f"{seen}, and is not as asked"

    def binds(self, resource: Resource, facts: Facts) -> Mapping[str, Any]:
        pattern = self.value if isinstance(self.value, Pattern) else self.value.matches
        found = pattern.compiled.search(getattr(resource, self.attribute)) if pattern else None
        groups = found.groupdict() if found else {}
        return {"fields": {name: value.strip() for name, value in groups.items() if value is not None}}


def _is_as_asked(text: str, test: Pattern | TextTest) -> bool:
    if isinstance(test, Pattern):
        return test.compiled.search(text) is not None
    if test.matches is not None and not test.matches.compiled.search(text):
        return False
    if test.lacks is not None and test.lacks.compiled.search(text):
        return False
    return test.empty is None or test.empty is not bool(text.strip())
