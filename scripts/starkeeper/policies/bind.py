"""Takes a tree of nodes and a record type; gives the record, and every problem on the way with its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, Final, Literal, get_origin

from starkeeper.errors import Problem, Where, nearest
from starkeeper.model.rules import Act, Clause, Kind
from starkeeper.policies.grammar import DeskGrammar, Grammar, PolicyFile, RuleEntry, SummaryEntry
from starkeeper.policies.kinds import clause_problem, find_action, find_condition, stray_remedy
from starkeeper.policies.nodes import ListNode, MapNode, Node, Pair, ScalarNode, found
from starkeeper.policies.scalar import Unfit, rank, read_scalar, takes_scalar
from starkeeper.policies.shapes import (
    ALONE,
    bare_type,
    fields_of,
    in_words,
    is_bare,
    is_record,
    item_type,
    members,
    place_field,
    value_type,
)

Shape = Literal["scalar", "list", "mapping", "nothing", "alone"]


class _Bad:
    """Stands for a value that has problems."""


BAD: Final = _Bad()


class Binder:
    """Collects `problems` while it binds; `bind` gives BAD where there was one below it."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def bind(self, node: Node, kind: Any, name: str) -> Any:
        """Makes a value of a type from a node; `name` is what messages call it, such as `'state'` or `a rule`."""
        shape = _shape(node)
        alternatives = _fitting(kind, shape) or (_fitting(kind, "alone") if shape == "scalar" else ())
        if not alternatives:
            return self._wrong_shape(node, kind, name)
        if isinstance(node, ScalarNode):
            return self._scalar(node, alternatives, kind, name)
        if len(alternatives) == 1:
            return self._one(node, alternatives[0], name)
        return self._best(node, alternatives, name)

    def record(self, node: Node, cls: Any, name: str) -> Any:
        """Makes a record from a mapping, or a bare one from its value."""
        if is_bare(cls):
            value = self.bind(node, fields_of(cls)["value"].type, name)
            return BAD if value is BAD else cls(value)
        pairs = node.pairs if isinstance(node, MapNode) else ()
        given = {pair.key for pair in pairs}
        meant = {nearest(key, fields_of(cls)) for key in given if key not in fields_of(cls)}
        before = len(self.problems)
        values = {place_field(cls): node.where} if place_field(cls) else {}
        for pair in pairs:
            values.update(self._field(pair, cls, name))
        for key, field in fields_of(cls).items():
            if field.required and key not in given and f"did you mean '{key}'?" not in meant:
                self.problem(node.where, f"{name} lacks '{key}'", f"give it {in_words(field.type)}")
        return BAD if len(self.problems) > before else cls(**values)

    def problem(self, where: Where, message: str, remedy: str = "") -> Any:
        self.problems.append(Problem(where, message, remedy))
        return BAD

    def _field(self, pair: Pair, cls: Any, name: str) -> dict[str, Any]:
        field = fields_of(cls).get(pair.key)
        if field is None:
            remedy = stray_remedy(pair.key) if cls in (RuleEntry, SummaryEntry) else ""
            remedy = remedy or nearest(pair.key, fields_of(cls))
            if cls is PolicyFile and remedy.startswith("known here"):
                remedy += f"; where it only holds anchors write '.{pair.key}'"
            self.problem(pair.where, f"unknown key '{pair.key}' in {name}", remedy)
            return {}
        if issubclass(cls, Grammar) and not field.required and _is_nothing(pair.node):
            if issubclass(cls, DeskGrammar) and pair.key not in cls.may_be_empty:
                self.problem(pair.where, f"'{pair.key}' has nothing behind it", "write a value, or take the key out")
            return {}
        return {field.name: self.bind(pair.node, field.type, f"'{pair.key}'")}

    def _one(self, node: Node, kind: Any, name: str) -> Any:
        kind, _ = bare_type(kind)
        if kind in (MapNode, ListNode):
            return node
        if kind is Any:
            return _as_plain(node)
        item = item_type(kind)
        if item in ALONE and isinstance(node, ScalarNode):
            node = ListNode(node.where, (node,))
        if item in (Clause, Act) and isinstance(node, MapNode):
            return self._kinds(node, item)
        if item is not None and isinstance(node, ListNode):
            if item_type(item) is Clause and _has_empty_group(node):
                remedy = "begin each group with '- ' and a condition"
                return self.problem(node.where, f"{name}: found an empty group", remedy)
            values = [self.bind(each, item, name) for each in node.items]
            return BAD if _any_bad(values) else (get_origin(kind) or tuple)(values)
        if is_record(kind):
            return self.record(node, kind, name)
        assert isinstance(node, MapNode)
        bound = {pair.key: self.bind(pair.node, value_type(kind), f"'{pair.key}'") for pair in node.pairs}
        return BAD if _any_bad(bound.values()) else bound

    def _best(self, node: Node, alternatives: tuple[Any, ...], name: str) -> Any:
        """Of several records or lists the first that fits; where none does, the problems of the nearest."""
        tries: dict[Any, list[Problem]] = {}
        # One that does not know a key cannot fit, and to find out what was meant by the key takes its time.
        for each in sorted(alternatives, key=lambda each: not _knows_keys(node, each)):
            binder = Binder()
            value = binder._one(node, each, name)
            if value is not BAD:
                return value
            tries[each] = binder.problems
        nearest_try = min((tries[each] for each in alternatives), key=len)
        self.problems += nearest_try
        return BAD

    def _scalar(self, node: ScalarNode, alternatives: tuple[Any, ...], kind: Any, name: str) -> Any:
        """A union takes the first alternative that fits; where none does, the problem of the most telling one."""
        unfit: list[tuple[Any, Unfit]] = []
        for each in alternatives:
            if not takes_scalar(each):
                return self._one(node, each, name)
            try:
                return read_scalar(node, each)
            except Unfit as error:
                unfit.append((each, error))
        telling = max(unfit, key=lambda pair: rank(pair[0]))[1]
        # The names that are known are not all that can stand there, nor is any of them near.
        names_only = len(members(kind)) > 1 and telling.remedy.startswith("known here")
        general = node.value is None or (len(members(kind)) > 1 and telling.message.startswith("found ")) or names_only
        message = f"found {found(node)}, expected {in_words(kind)}" if general else telling.message
        return self.problem(node.where, f"{name}: {message}", _keys_remedy(kind) if names_only else telling.remedy)

    def _wrong_shape(self, node: Node, kind: Any, name: str) -> Any:
        message = f"{name}: found {found(node)}, expected {in_words(kind)}"
        return self.problem(node.where, message, _shape_remedy(node, kind))

    def _kinds(self, node: MapNode, holder: type[Clause] | type[Act]) -> Any:
        """A mapping of conditions or actions; each then learns what stands beside it."""
        pairs = [(pair, self._kind(pair, holder)) for pair in node.pairs]
        if any(kind is BAD for _, kind in pairs):
            return BAD
        others = {pair.key: kind for pair, kind in pairs}
        holders = tuple(self._beside(pair, kind, others, holder) for pair, kind in pairs)
        return BAD if _any_bad(holders) else holders

    def _kind(self, pair: Pair, holder: type[Clause] | type[Act]) -> Any:
        cls = (find_condition if holder is Clause else find_action)(pair.key)
        if cls is None:
            self.problems.append(clause_problem(pair, holder))
            return BAD
        return self.bind(pair.node, cls, f"'{pair.key}'")

    def _beside(self, pair: Pair, kind: Kind, others: dict[str, Kind], holder: Any) -> Any:
        try:
            return holder(pair.key, kind.beside(others), pair.where)
        except ValueError as error:
            message, _, remedy = str(error).partition("; ")
            return self.problem(pair.where, message, remedy)


def _shape(node: Node) -> Shape:
    if isinstance(node, ScalarNode):
        return "nothing" if node.value is None else "scalar"
    return "list" if isinstance(node, ListNode) else "mapping"


@cache
def _fitting(kind: Any, shape: Shape) -> tuple[Any, ...]:
    """The alternatives of a type that a node of this shape can be at all, those of a scalar in the order to be tried.

    Nothing is a scalar, and stands for a record that needs nothing.
    """
    shapes = {"scalar", shape} if shape == "nothing" else {shape}
    fitting = [each for each in members(kind) if _shapes(each) & shapes]
    return tuple(sorted(fitting, key=rank) if "scalar" in shapes else fitting)


@cache
def _shapes(kind: Any) -> frozenset[Shape]:
    inner, _ = bare_type(kind)
    if inner is Any:
        return frozenset({"scalar", "list", "mapping"})
    if is_bare(inner):
        return frozenset(shape for each in members(fields_of(inner)["value"].type) for shape in _shapes(each))
    if inner is ListNode:
        return frozenset({"list"})
    if (item := item_type(inner)) is not None:
        listed: set[Shape] = {"list", "alone"} if item in ALONE else {"list"}
        return frozenset({"mapping"} if item in (Clause, Act) else listed)
    if is_record(inner):
        needs_nothing = not any(field.required for field in fields_of(inner).values())
        return frozenset({"mapping", "nothing"} if needs_nothing and inner is not MapNode else {"mapping"})
    return frozenset({"mapping"} if value_type(inner) is not None else {"scalar"} if takes_scalar(inner) else set())


def _knows_keys(node: Node, kind: Any) -> bool:
    """Whether every key of a mapping is a field, where the type is a record."""
    inner, _ = bare_type(kind)
    if not isinstance(node, MapNode) or inner is MapNode or not is_record(inner) or is_bare(inner):
        return True
    return all(pair.key in fields_of(inner) for pair in node.pairs)


def _shape_remedy(node: Node, kind: Any) -> str:
    takes_list = bool(_fitting(kind, "list"))
    if isinstance(node, ScalarNode) and node.value is not None and takes_list and len(node.text) <= 40:
        return f"write it as a list: [{node.raw or node.text}]"
    if isinstance(node, MapNode) and node.pairs and all(_is_nothing(pair.node) for pair in node.pairs):
        return "a text with braces needs quotes round it"
    if isinstance(node, MapNode) and takes_list:
        return "begin each item with '- '"
    return _keys_remedy(kind) if isinstance(node, ScalarNode) else ""


def _keys_remedy(kind: Any) -> str:
    keys = ", ".join(f"'{key}'" for key in dict.fromkeys(_keys_of(kind)))
    return f"the keys of the mapping are {keys}" if keys else ""


def _keys_of(kind: Any) -> Iterator[str]:
    """The keys of the records that can stand there."""
    for each in members(kind):
        inner, _ = bare_type(each)
        if is_record(inner) and inner is not MapNode:
            yield from _keys_of(fields_of(inner)["value"].type) if is_bare(inner) else fields_of(inner)


def _has_empty_group(node: ListNode) -> bool:
    """An empty group would hold on every issue, and no group at all on none: neither can be meant."""
    return not node.items or any(isinstance(each, MapNode) and not each.pairs for each in node.items)


def _any_bad(values: Iterable[Any]) -> bool:
    return any(value is BAD for value in values)


def _is_nothing(node: Node) -> bool:
    return isinstance(node, ScalarNode) and node.value is None


def _as_plain(node: Node) -> Any:
    if isinstance(node, ScalarNode):
        return node.value
    if isinstance(node, ListNode):
        return [_as_plain(each) for each in node.items]
    return {pair.key: _as_plain(pair.node) for pair in node.pairs}
