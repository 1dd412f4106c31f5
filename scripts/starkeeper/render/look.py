"""Takes the text of a template or an expression; gives what it asks for, and what is wrong with it in any rule.

It is parsed and walked once here, and compiled only where that tells more.
"""

from __future__ import annotations

from collections.abc import Iterator

from jinja2 import Environment, TemplateSyntaxError, meta, nodes
from msgspec import Struct

from starkeeper.errors import Problem, nearest
from starkeeper.render.environment import FILTERS, TESTS, forbidden, included, plain_source
from starkeeper.render.forms import OPEN
from starkeeper.render.locate import Source
from starkeeper.render.loops import asked_for, items_asked
from starkeeper.render.place import Fault, check_bones

_NEEDLESS = frozenset({"e", "escape", "forceescape", "safe", "tojson", "urlize", "xmlattr", "striptags"})
_HELPERS: tuple[tuple[type[nodes.Filter | nodes.Test], str, str, frozenset[str]], ...] = (
    (nodes.Filter, "filter", "first", FILTERS | {"quote"}),
    (nodes.Test, "test", "defined", TESTS),
)


class Look(Struct, frozen=True):
    """What a text holds, each with its line (from 1).

    `names` are those that it takes from outside, `attributes` name and attribute of what it does not itself set,
    `calls` function and first argument of what it calls with a text, `bare_calls` what it calls with nothing, `items`
    what it loops over, its own name for each, and the attribute, `includes` the files that it includes, and `assigned`
    the names that it sets. Of a text that cannot be compiled only `problems` and `includes` are there.
    """

    source: Source
    problems: tuple[Problem, ...]
    names: tuple[tuple[int, str], ...] = ()
    attributes: tuple[tuple[int, str, str], ...] = ()
    calls: tuple[tuple[int, str, str], ...] = ()
    bare_calls: tuple[tuple[int, str], ...] = ()
    items: tuple[tuple[int, str, str, str], ...] = ()
    includes: tuple[tuple[int, str], ...] = ()
    assigned: frozenset[str] = frozenset()


def look_at_template(environment: Environment, source: Source) -> Look:
    """A template's text; values stand in it where they are safe."""
    try:
        tree = environment.parse(plain_source(source.text))
        every = list(_below(tree))
        return _look(tree, every, source, tuple(_unsafe_places(every, source)))
    except TemplateSyntaxError as error:
        message = str(error.message)
        stray = any(each in message for each in ("unknown tag", "unexpected", "expected token", "Missing end"))
        remedy = "put braces that are meant as they stand between {% raw %} and {% endraw %}" if stray else ""
        return Look(source, (Problem(source.at(error.lineno), f"the template cannot be read: {message}", remedy),))


def look_at_expression(environment: Environment, source: Source) -> Look:
    """An expression's text, without braces."""
    try:
        tree = environment.parse("{{" + source.text + "}}")
        if not _is_one_expression(tree):
            return Look(source, (Problem(source.where, "this is no single expression", "write it without braces"),))
        return _look(tree, list(_below(tree)), source)
    except TemplateSyntaxError as error:
        return Look(source, (Problem(source.at(error.lineno), f"the expression cannot be read: {error.message}"),))


def _look(tree: nodes.Template, every: list[nodes.Node], source: Source, also: tuple[Problem, ...] = ()) -> Look:
    # Before filters get other names.
    items = tuple(items_asked(tree, every))
    refused = [Problem(source.at(line), message, remedy) for line, message, remedy in forbidden(every)]
    problems = (*refused, *_unknown_helpers(every, source), *also)
    assigned = frozenset(each.name for each in every if isinstance(each, nodes.Name) and each.ctx != "load")
    includes = tuple(
        (each.lineno, name) for each in every if isinstance(each, nodes.Include) and (name := included(each))
    )
    # Only what is allowed is compiled.
    if refused:
        return Look(source, problems, includes=includes, assigned=assigned | {"loop"})
    loads = [each for each in every if isinstance(each, nodes.Name) and each.ctx == "load"]
    # Where names are set, only the compiler tells which are meant. `self` is its own, and leads nowhere here.
    outer = meta.find_undeclared_variables(tree) | {"self"} if assigned else {each.name for each in loads}
    names = tuple((each.lineno, each.name) for each in loads if each.name in outer)
    assigned |= {"loop"}
    return Look(
        source,
        problems,
        names,
        attributes=tuple(_attributes(every, assigned)),
        calls=tuple(_calls(every, assigned)),
        bare_calls=tuple(_bare_calls(every, assigned)),
        items=items,
        includes=includes,
        assigned=assigned,
    )


def _below(node: nodes.Node) -> Iterator[nodes.Node]:
    """Every node below, in the order of the text."""
    for child in node.iter_child_nodes():
        yield child
        yield from _below(child)


def _unknown_helpers(every: list[nodes.Node], source: Source) -> Iterator[Problem]:
    """Filters and tests that are not there.

    Each is replaced by a harmless one: the compiler stops where it knows none, and runs those over constants.
    """
    for kind, word, stand_in, known in _HELPERS:
        for node in every:
            if not isinstance(node, kind):
                continue
            if node.name not in known:
                remedy = "leave it out: every value is escaped" if node.name in _NEEDLESS else nearest(node.name, known)
                yield Problem(source.at(node.lineno, node.name), f"unknown {word} '{node.name}'", remedy)
            node.name = stand_in


def _attributes(every: list[nodes.Node], own: frozenset[str]) -> Iterator[tuple[int, str, str]]:
    for node in every:
        if not isinstance(node, nodes.Getattr | nodes.Getitem):
            continue
        asked = asked_for(node)
        if asked is not None and isinstance(node.node, nodes.Name) and node.node.name not in own:
            yield node.lineno, node.node.name, asked


def _calls(every: list[nodes.Node], own: frozenset[str]) -> Iterator[tuple[int, str, str]]:
    for node in every:
        if not isinstance(node, nodes.Call) or not isinstance(node.node, nodes.Name) or not node.args:
            continue
        first = node.args[0]
        if isinstance(first, nodes.Const) and isinstance(first.value, str) and node.node.name not in own:
            yield node.lineno, node.node.name, first.value


def _bare_calls(every: list[nodes.Node], own: frozenset[str]) -> Iterator[tuple[int, str]]:
    for node in every:
        if not isinstance(node, nodes.Call) or not isinstance(node.node, nodes.Name) or node.node.name in own:
            continue
        if not (node.args or node.kwargs or node.dyn_args or node.dyn_kwargs):
            yield node.lineno, node.node.name


def _unsafe_places(every: list[nodes.Node], source: Source) -> Iterator[Problem]:
    """What `place` would refuse, seen over the template's own text as if every branch were taken once."""
    bones = "".join(
        node.data if isinstance(node, nodes.TemplateData) else OPEN
        for output in every
        if isinstance(output, nodes.Output)
        for node in output.nodes
    )
    try:
        check_bones(bones)
    except Fault as fault:
        yield Problem(source.at(source.line_of(fault.line)), fault.message, fault.remedy)


def _is_one_expression(tree: nodes.Template) -> bool:
    match tree.body:
        case [nodes.Output(nodes=[only])]:
            return not isinstance(only, nodes.TemplateData)
    return False
