"""Takes a YAML file; gives its tree of nodes, each with its place, and every mistake that reading it shows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from msgspec import Struct

from starkeeper.errors import Problem, Where
from starkeeper.policies.nodes import ListNode, MapNode, Node, Pair, ScalarNode
from starkeeper.policies.syntax import LINE_BREAK, place_after, syntax_problem
from starkeeper.policies.yaml12 import plain_value

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
MOST_DEPTH = 60
MOST_ALIASED = 100_000
_CORE = "tag:yaml.org,2002:"
_TAGGED = re.compile(r"(?:&\S+\s+)?!")
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Source(Struct, frozen=True):
    """A file as it was read: `root` is None where nothing could be made of it; `data` is its bytes."""

    file: str
    data: bytes
    root: Node | None
    problems: tuple[Problem, ...] = ()


def read_source(path: Path, name: str | None = None, loader: Any = LOADER) -> Source:
    """Reads a file; `name` is what messages call it (the path as given). Raises nothing: all is in `problems`."""
    file = name or str(path)
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return _unread(file, "there is no such file or folder", "name your policies with --policies")
    except IsADirectoryError:
        return _unread(file, "this is a folder, not a file")
    except OSError as error:
        return _unread(file, f"the file cannot be read: {(error.strerror or 'no reason given').lower()}")
    return parse_source(file, data, loader)


def parse_source(file: str, data: bytes, loader: Any = LOADER) -> Source:
    """The same for bytes already read."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        where = place_after(file, data[: error.start].decode("utf-8-sig", "replace"))
        problem = Problem(where, f"byte 0x{data[error.start]:02x} is not UTF-8", "save the file as UTF-8")
        return Source(file, data, None, (problem,))
    if strange := _UNPRINTABLE.search(text):
        problem = Problem(
            place_after(file, text[: strange.start()]),
            f"the character U+{ord(strange[0]):04X} cannot stand in YAML",
            r'write it as "\u…" between double quotes, or take it out',
        )
        return Source(file, data, None, (problem,))
    composer = _Composer(file, text)
    try:
        root = composer.document(yaml.parse(text, Loader=loader))
    except yaml.MarkedYAMLError as error:
        return Source(file, data, None, (*composer.problems, syntax_problem(file, text, error)))
    except _Stop as stop:
        return Source(file, data, None, (*composer.problems, stop.problem))
    return Source(file, data, root, tuple(composer.problems))


class _Stop(Exception):
    """A mistake after which the rest of the file says nothing."""

    def __init__(self, where: Where, message: str, remedy: str = "") -> None:
        self.problem = Problem(where, message, remedy)
        super().__init__(message)


class _Anchor(Struct):
    node: Node | None
    size: int


class _Composer:
    """Puts parser events together. It follows aliases itself, so that loops and bombs are seen before they grow."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.text = text
        self.problems: list[Problem] = []
        self._anchors: dict[str, _Anchor] = {}
        self._events: Iterator[Any] = iter(())
        self._size = 0
        self._aliased = 0

    def document(self, events: Iterator[Any]) -> Node:
        self._events = events
        next(events)
        if isinstance(next(events), yaml.StreamEndEvent):
            return ScalarNode(Where(self.file), "", None, Where(self.file))
        root = self._node(next(events), 0)
        next(events)
        following = next(events)
        if isinstance(following, yaml.DocumentStartEvent):
            raise _Stop(
                self._where(following),
                "a second document starts here",
                "one file is one document; make two files of it",
            )
        return root

    def _node(self, event: Any, depth: int) -> Node:
        where = self._where(event)
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event, where)
        if depth > MOST_DEPTH:
            raise _Stop(where, f"this is nested deeper than {MOST_DEPTH} levels")
        if event.anchor:
            self._anchors[event.anchor] = _Anchor(None, 0)
        before = self._size
        self._size += 1
        node = self._content(event, where, depth)
        if event.anchor:
            self._anchors[event.anchor] = _Anchor(node, self._size - before)
        return node

    def _content(self, event: Any, where: Where, depth: int) -> Node:
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, where)
        if event.tag not in (None, "!", _CORE + ("seq" if isinstance(event, yaml.SequenceStartEvent) else "map")):
            self._tag_problem(where, event.tag)
        if isinstance(event, yaml.SequenceStartEvent):
            return ListNode(where, tuple(self._children(yaml.SequenceEndEvent, depth)))
        return self._mapping(where, depth)

    def _children(self, end: type, depth: int) -> Iterator[Node]:
        while not isinstance(event := next(self._events), end):
            yield self._node(event, depth + 1)

    def _alias(self, event: Any, where: Where) -> Node:
        anchor = self._anchors.get(event.anchor)
        if anchor is None:
            raise _Stop(where, f"there is no anchor '&{event.anchor}' above", "an alias needs its anchor first")
        if anchor.node is None:
            raise _Stop(where, f"'*{event.anchor}' stands inside its own anchor, so it would never end")
        self._size += anchor.size
        self._aliased += anchor.size
        if self._aliased > MOST_ALIASED:
            raise _Stop(where, f"the aliases of this file stand for more than {MOST_ALIASED} values", "use fewer")
        return anchor.node

    def _scalar(self, event: Any, where: Where) -> ScalarNode:
        raw = self.text[event.start_mark.index : event.end_mark.index]
        plain = event.style in (None, "") and not _TAGGED.match(raw)
        value = plain_value(event.value) if plain else event.value
        if event.tag and event.tag not in ("!", _CORE + "str"):
            value = plain_value(event.value)
            if event.tag not in (_CORE + "int", _CORE + "float", _CORE + "bool", _CORE + "null"):
                self._tag_problem(where, event.tag)
        return ScalarNode(where, event.value, value, _content_place(where, raw), raw)

    def _mapping(self, where: Where, depth: int) -> MapNode:
        pairs: dict[str, Pair] = {}
        merged: dict[str, Pair] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            is_merge = isinstance(event, yaml.ScalarEvent) and event.value == "<<" and event.implicit[0]
            key = self._key(event, depth)
            node = self._node(next(self._events), depth + 1)
            if key is None:
                continue
            if is_merge and "<<" not in merged:
                merged = {"<<": key, **{pair.key: pair for pair in self._merge(node)}}
            elif key.key in pairs or is_merge:
                first = merged["<<"] if is_merge else pairs[key.key]
                remedy = "write one '<<' with a list" if is_merge else "keep one of them"
                self._problem(key.where, f"the key '{key.key}' was already given on line {first.where.line}", remedy)
            else:
                pairs[key.key] = Pair(key.key, key.where, node)
        merged.pop("<<", None)
        together = {**merged, **pairs}
        return MapNode(where, tuple(pair for pair in together.values() if not pair.key.startswith(".")))

    def _key(self, event: Any, depth: int) -> Pair | None:
        node = self._node(event, depth + 1)
        if isinstance(node, ScalarNode) and node.value is not None:
            return Pair(node.text, node.where, node)
        if isinstance(node, ScalarNode):
            self._problem(node.where, "a key is missing before the ':'", 'write the key, or quote it: "null"')
        elif isinstance(node, MapNode) and self.text[event.start_mark.index - 1 :].startswith("{{"):
            self._problem(node.where, "YAML takes '{{' for a mapping", "put the whole value between quotes")
        else:
            self._problem(node.where, "a key must be text, not a list or a mapping", "put it between quotes")
        return None

    def _merge(self, node: Node) -> Iterator[Pair]:
        """Of a list of mappings the earlier ones win, so they come last."""
        for each in reversed(node.items) if isinstance(node, ListNode) else (node,):
            if isinstance(each, MapNode):
                yield from each.pairs
            else:
                self._problem(each.where, "'<<' takes a mapping or a list of mappings", "name an anchor: '<<: *name'")

    def _tag_problem(self, where: Where, tag: str) -> None:
        shown = "!!" + tag.removeprefix(_CORE) if tag.startswith(_CORE) else tag
        self._problem(where, f"the tag '{shown}' means nothing here", "leave it out")

    def _problem(self, where: Where, message: str, remedy: str) -> None:
        self.problems.append(Problem(where, message, remedy))

    def _where(self, event: Any) -> Where:
        return Where(self.file, event.start_mark.line + 1, event.start_mark.column + 1)


def _unread(file: str, message: str, remedy: str = "") -> Source:
    return Source(file, b"", None, (Problem(Where(file), message, remedy),))


def _content_place(where: Where, raw: str) -> Where:
    """Behind anchor, tag and quote; for a block, the first character of its first line that has any."""
    if raw[:1] not in ("&", "!", "'", '"', "|", ">"):
        return where
    properties = re.match(r"(?:[&!]\S*\s+)*", raw)
    start = properties.end() if properties else 0
    at = place_after(where.file, raw[:start])
    column = at.column if at.line > 1 else where.column + start
    at = Where(where.file, where.line + at.line - 1, column)
    if raw[start : start + 1] in ("'", '"'):
        return Where(at.file, at.line, at.column + 1)
    if raw[start : start + 1] not in ("|", ">"):
        return at
    _, *lines = LINE_BREAK.split(raw[start:])
    filled = next((line for line in lines if line.strip(" ")), "")
    return Where(at.file, at.line + 1, len(filled) - len(filled.lstrip(" ")) + 1) if filled else at
