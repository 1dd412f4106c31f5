"""Takes the name of a branch; says whether what the rule names is found in it."""

from __future__ import annotations

import re
from typing import ClassVar

from starkeeper.model.facts import Facts
from starkeeper.model.resources import Resource, ResourceType
from starkeeper.model.rules import Condition
from starkeeper.registry import CONDITIONS, Example

EXAMPLES = (
    Example(
        says="anywhere in the name",
        yaml="login",
        gives=True,
        resource={"type": "branches", "name": "feature/Login"},
    ),
    Example(says="at its start", yaml="^feature", gives=False, resource={"type": "branches", "name": "my-feature"}),
    Example(says="at its end", yaml="-stable$", gives=True, resource={"type": "branches", "name": "18-stable"}),
)


@CONDITIONS.register("name")
class Name(Condition, frozen=True):
    """This text is found in the name of the branch; `^` holds it to the start, and `$` to the end.

    It is no regular expression: as in GitLab's own search small and capital letters are one, and `*` stands for any
    run of characters.
    """

    types: ClassVar[frozenset[ResourceType]] = frozenset({"branches"})

    value: str

    def holds(self, resource: Resource, facts: Facts) -> bool:
        text = ".*".join(map(re.escape, self._text.split("*")))
        start, end = ("" if self._is_start else ".*"), ("" if self._is_end else ".*")
        return re.fullmatch(start + text + end, resource.name, re.IGNORECASE | re.DOTALL) is not None

    def explain(self, resource: Resource, facts: Facts) -> str:
        return f"its name is {resource.name}"

    def asks(self) -> frozenset[tuple[str, str]]:
        # Not every version of GitLab knows stars, or both anchors at once.
        if "*" in self._text or not self._text:
            return frozenset()
        return frozenset({("search", f"^{self._text}" if self._is_start else self.value)})

    @property
    def _is_start(self) -> bool:
        return self.value.startswith("^")

    @property
    def _is_end(self) -> bool:
        return self.value.endswith("$")

    @property
    def _text(self) -> str:
        return self.value.removeprefix("^").removesuffix("$")
