"""Takes templates and expressions and the names that they may use; gives every mistake in them, before any run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from jinja2 import TemplateSyntaxError, meta, nodes

from starkeeper.errors import Problem, nearest
from starkeeper.model.values import Expression, TemplateName, Text
from starkeeper.render.environment import FILTERS, TESTS, forbidden, included, make_environment, plain_source
from starkeeper.render.forms import OPEN
from starkeeper.render.locate import Source, file_source, source_of
from starkeeper.render.place import Fault, check_bones

Known = Mapping[str, frozenset[str] | None]

_NEEDLESS = frozenset({"e", "escape", "forceescape", "safe", "tojson", "urlize", "xmlattr", "striptags"})
_GLOBALS = frozenset({"range"})


class TemplateChecker:
    """Checks templates over one folder; a file is read once however many rules use it."""

    def __init__(self, templates: Path | None = None) -> None:
        self._folder = templates.resolve() if templates else None
        self._environment = make_environment("markdown", self._folder)

    def check_template(self, template: Text | TemplateName, known: Known) -> list[Problem]:
        """Every mistake in the template and in what it includes, in order, each at its place.

        `known` has the names that the template may use and, for each, the attributes that it has (None: any).
        """
        if isinstance(template, Text):
            return sorted(set(self._check(source_of(template), known, ())))
        return sorted(set(self._check_file(template.name, Source("", template.where), 1, known, ())))

    def check_expression(self, expression: Expression, known: Known) -> list[Problem]:
        """Every mistake in the expression, each at its place."""
        source = source_of(expression)
        wrapped = Source("{{" + expression.source + "}}", source.where)
        try:
            tree = self._environment.parse(wrapped.text)
            if not _is_one_expression(tree):
                return [Problem(source.where, "this is no single expression", "write it without braces")]
        except TemplateSyntaxError as error:
            return [Problem(source.at(error.lineno), f"the expression cannot be read: {error.message}")]
        return sorted(set(_mistakes(tree, source, known)))

    def _check(self, source: Source, known: Known, above: tuple[str, ...]) -> Iterator[Problem]:
        try:
            tree = self._environment.parse(plain_source(source.text))
        except TemplateSyntaxError as error:
            yield _unreadable(error, source)
            return
        yield from _mistakes(tree, source, known)
        yield from _unsafe_places(tree, source)
        inner = {**dict.fromkeys(_assigned(tree)), **known}
        for node in tree.find_all(nodes.Include):
            if name := included(node):
                yield from self._check_file(name, source, node.lineno, inner, above)

    def _check_file(
        self, name: str, source: Source, line: int, known: Known, above: tuple[str, ...]
    ) -> Iterator[Problem]:
        where = source.at(line, name)
        files = self._environment.list_templates() if self._folder else []
        if name not in files or self._folder is None:
            yield Problem(where, f"there is no template '{name}'", nearest(name, files))
        elif name in above:
            yield Problem(where, f"the template '{name}' includes itself", "take the include out")
        else:
            yield from self._check(file_source(self._folder / name, self._folder), known, (*above, name))


def check_template(template: Text | TemplateName, known: Known, templates: Path | None = None) -> list[Problem]:
    """As `TemplateChecker.check_template`, for one template over a folder of template files."""
    return TemplateChecker(templates).check_template(template, known)


def check_expression(expression: Expression, known: Known) -> list[Problem]:
    """As `TemplateChecker.check_expression`, for one expression."""
    return TemplateChecker().check_expression(expression, known)


def _mistakes(tree: nodes.Template, source: Source, known: Known) -> Iterator[Problem]:
    for line, message, remedy in forbidden(tree):
        yield Problem(source.at(line), message, remedy)
    yield from _unknown_helpers(tree, source)
    # Only what is allowed is compiled, and only what is compiled tells which names are not its own.
    for filter_ in tree.find_all(nodes.Filter):
        filter_.name = "first"
    for test in tree.find_all(nodes.Test):
        test.name = "defined"
    if not forbidden(tree):
        all_known = {**dict.fromkeys(_GLOBALS), **known}
        yield from _unknown_names(tree, source, all_known)
        yield from _unknown_attributes(tree, source, all_known)


def _unknown_helpers(tree: nodes.Template, source: Source) -> Iterator[Problem]:
    for kind, names in ((nodes.Filter, FILTERS | {"quote"}), (nodes.Test, TESTS)):
        for node in tree.find_all(kind):
            if node.name in names:
                continue
            word = "filter" if kind is nodes.Filter else "test"
            remedy = "leave it out: every value is escaped" if node.name in _NEEDLESS else nearest(node.name, names)
            yield Problem(source.at(node.lineno, node.name), f"unknown {word} '{node.name}'", remedy)


def _unknown_names(tree: nodes.Template, source: Source, known: Known) -> Iterator[Problem]:
    unknown = meta.find_undeclared_variables(tree) - set(known)
    for node in tree.find_all(nodes.Name):
        if node.ctx == "load" and node.name in unknown:
            yield Problem(source.at(node.lineno, node.name), f"unknown name '{node.name}'", nearest(node.name, known))


def _unknown_attributes(tree: nodes.Template, source: Source, known: Known) -> Iterator[Problem]:
    own = _assigned(tree)
    asked: list[nodes.Getattr | nodes.Getitem] = [*tree.find_all(nodes.Getattr), *tree.find_all(nodes.Getitem)]
    for node in asked:
        name = _asked_for(node)
        if name is None or not isinstance(node.node, nodes.Name) or node.node.name in own:
            continue
        allowed = known.get(node.node.name)
        if name.startswith("_"):
            yield Problem(source.at(node.lineno, name), f"'{name}' cannot be asked for", "leave it out")
        elif allowed is not None and name not in allowed:
            remedy = nearest(name, allowed)
            yield Problem(source.at(node.lineno, name), f"'{node.node.name}' has no '{name}'", remedy)


def _asked_for(node: nodes.Getattr | nodes.Getitem) -> str | None:
    if isinstance(node, nodes.Getattr):
        return node.attr
    return node.arg.value if isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, str) else None


def _unsafe_places(tree: nodes.Template, source: Source) -> Iterator[Problem]:
    """What `place` would refuse, seen over the template's own text as if every branch were taken once."""
    bones = "".join(
        node.data if isinstance(node, nodes.TemplateData) else OPEN
        for output in tree.find_all(nodes.Output)
        for node in output.nodes
    )
    try:
        check_bones(bones)
    except Fault as fault:
        yield Problem(source.at(source.line_of(fault.line)), fault.message, fault.remedy)


def _assigned(tree: nodes.Template) -> frozenset[str]:
    """The names that the template itself sets, by `set`, `for` or `with`."""
    return frozenset(node.name for node in tree.find_all(nodes.Name) if node.ctx != "load") | {"loop"}


def _is_one_expression(tree: nodes.Template) -> bool:
    match tree.body:
        case [nodes.Output(nodes=[only])]:
            return not isinstance(only, nodes.TemplateData)
    return False


def _unreadable(error: TemplateSyntaxError, source: Source) -> Problem:
    message = str(error.message)
    remedy = "use {% include %} for what several templates share" if "unknown tag" in message else ""
    return Problem(source.at(error.lineno), f"the template cannot be read: {message}", remedy)
