"""The tree that a YAML file becomes: scalars, mappings and lists that know where they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from starkeeper.errors import Where

_LITERAL = re.compile(r"(?:[&!]\S*\s+)*\|")
_LINE_BREAK = re.compile(r"(?<!\\)\\n")

Plain = str | int | float | bool | None


class ScalarNode(Struct, frozen=True):
    """One scalar: `text` is what was written, `value` what YAML 1.2 makes of it.

    `content` is the place of the first character of the text itself: behind a quote, below the `|` of a block. `raw`
    is the scalar as the file has it, quotes and indentation included.
    """

    where: Where
    text: str
    value: Plain
    content: Where
    raw: str = ""

    @property
    def words(self) -> str:
        """The text as a template: a `\\n` that is left in it is a line break, as gitlab-triage reads it.

        A block that begins with `|` has lines of its own, and between double quotes YAML itself would have made one.
        """
        if self.is_literal or self.raw.startswith('"'):
            return self.text
        return _LINE_BREAK.sub("\n", self.text)

    @property
    def is_literal(self) -> bool:
        """Whether its lines are those of the file: a block that begins with `|`."""
        return _LITERAL.match(self.raw) is not None


class ListNode(Struct, frozen=True):
    where: Where
    items: tuple[Node, ...] = ()


class Pair(Struct, frozen=True):
    """One entry of a mapping; `where` is the place of its key."""

    key: str
    where: Where
    node: Node


class MapNode(Struct, frozen=True):
    """A mapping in the order of the file, merge keys followed and hidden keys (`.name`) left out."""

    where: Where
    pairs: tuple[Pair, ...] = ()

    def pair(self, key: str) -> Pair | None:
        return next((pair for pair in self.pairs if pair.key == key), None)

    def get(self, key: str) -> Node | None:
        pair = self.pair(key)
        return pair.node if pair else None


Node = ScalarNode | ListNode | MapNode


def scalars(node: Node) -> Iterator[ScalarNode]:
    """Every scalar value below a node, in the order of the file; keys are not among them."""
    if isinstance(node, ScalarNode):
        yield node
        return
    for child in node.items if isinstance(node, ListNode) else (pair.node for pair in node.pairs):
        yield from scalars(child)


def found(node: Node) -> str:
    """What stands there, in words for a message; never the text itself where it is long."""
    if isinstance(node, ListNode):
        return "a list"
    if isinstance(node, MapNode):
        return "a mapping"
    if node.value is None:
        return "nothing"
    if isinstance(node.value, bool):
        return f"'{node.text}'"
    kind = "the text" if isinstance(node.value, str) else "the number"
    short = node.text if len(node.text) <= 40 else node.text[:37] + "..."
    return f"{kind} '{short}'" if "\n" not in short else "a text of several lines"
