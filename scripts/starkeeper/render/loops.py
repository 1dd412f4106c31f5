"""Takes a parsed template; gives what it asks each thing for that it loops over, such as each of `lists.stars`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from jinja2 import nodes

# They leave out some things, or put them into another order.
_THE_SAME = frozenset({"list", "reject", "rejectattr", "reverse", "select", "selectattr", "sort", "unique"})


def items_asked(tree: nodes.Template, every: Iterable[nodes.Node]) -> Iterator[tuple[int, str, str, str]]:
    """Line, what is looped over (a name, or what a name is asked for), the loop's own name for each, and the attribute.

    Loops over anything else are passed over.
    """
    yield from _asked(tree, {}, _set_once(every))


def asked_for(node: nodes.Getattr | nodes.Getitem) -> str | None:
    """The name by which something is asked for, where it is said in so many words."""
    if isinstance(node, nodes.Getattr):
        return node.attr
    return node.arg.value if isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, str) else None


def _asked(
    node: nodes.Node, known: Mapping[str, str], sets: Mapping[str, nodes.Node]
) -> Iterator[tuple[int, str, str, str]]:
    if isinstance(node, nodes.For):
        yield from _asked(node.iter, known, sets)
        names = {each.name for each in (node.target, *node.target.find_all(nodes.Name)) if isinstance(each, nodes.Name)}
        inner = {name: source for name, source in known.items() if name not in names}
        sources = set(_sources(node.iter, sets))
        if isinstance(node.target, nodes.Name) and len(sources) == 1:
            inner[node.target.name] = sources.pop()
        for each in (*node.body, *([node.test] if node.test else ())):
            yield from _asked(each, inner, sets)
        for each in node.else_:
            yield from _asked(each, known, sets)
        return
    if isinstance(node, nodes.Getattr | nodes.Getitem) and isinstance(node.node, nodes.Name):
        name, attribute = node.node.name, asked_for(node)
        if attribute is not None and name in known:
            yield node.lineno, known[name], name, attribute
    for each in node.iter_child_nodes():
        yield from _asked(each, known, sets)


def _sources(node: nodes.Node, sets: Mapping[str, nodes.Node]) -> Iterator[str]:
    """Where the things in it come from: `lists.stars`, or `closed`; "" where that cannot be told."""
    match node:
        case nodes.Add():
            yield from (*_sources(node.left, sets), *_sources(node.right, sets))
        case nodes.CondExpr():
            yield from (*_sources(node.expr1, sets), *(_sources(node.expr2, sets) if node.expr2 else ("",)))
        case nodes.Filter() if node.node is not None and node.name in _THE_SAME:
            yield from _sources(node.node, sets)
        case nodes.Getitem(arg=nodes.Slice()):
            yield from _sources(node.node, sets)
        case nodes.List(items=[]):
            return
        case nodes.Name() if node.name in sets:
            yield from _sources(sets[node.name], {name: each for name, each in sets.items() if name != node.name})
        case nodes.Name():
            yield node.name
        case nodes.Getattr() | nodes.Getitem() if isinstance(node.node, nodes.Name):
            asked = asked_for(node)
            yield f"{node.node.name}.{asked}" if asked else ""
        case _:
            yield ""


def _set_once(every: Iterable[nodes.Node]) -> Mapping[str, nodes.Node]:
    """What names are set to that are set in one place alone."""
    every = list(every)
    times = Counter(each.name for each in every if isinstance(each, nodes.Name) and each.ctx == "store")
    found = ((each.target, each.node) for each in every if isinstance(each, nodes.Assign))
    return {to.name: value for to, value in found if isinstance(to, nodes.Name) and times[to.name] == 1}
