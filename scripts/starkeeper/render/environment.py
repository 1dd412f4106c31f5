"""Takes a folder of templates and a target; gives the sandboxed Jinja environment that puts values out safely."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from jinja2 import BaseLoader, Environment, StrictUndefined, TemplateNotFound, Undefined, nodes
from jinja2.compiler import CodeGenerator
from jinja2.exceptions import SecurityError
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment

from starkeeper.render.forms import BETWEEN, CLOSE, OPEN, form
from starkeeper.render.safe import Target
from starkeeper.render.values import Confidential, Fields, Quoted, attributes

MOST_ROUNDS = 1_000
_BRACES = re.compile(r"\{%[-+]?\s*raw\b.*?\bendraw\s*[-+]?%\}|\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}|(\{#)", re.DOTALL)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Filters that neither mark text as safe nor make much of little. Each result is escaped where it is put out.
FILTERS = _words(
    "abs batch capitalize count default d dictsort first float groupby int items join last length list "
    "lower map max min reject rejectattr replace reverse round select selectattr slice sort string sum "
    "title trim truncate unique upper wordcount"
)
TESTS = _words(
    "defined undefined none boolean false true integer float number string sequence iterable mapping odd "
    "even divisibleby in eq == equalto ne != gt > greaterthan ge >= lt < lessthan le <= lower upper "
    "sameas"
)
_STATEMENTS = (nodes.Output, nodes.If, nodes.For, nodes.With, nodes.Assign, nodes.Include, nodes.Scope)
_METHODS: Mapping[type, frozenset[str]] = {
    str: _words(
        "capitalize count endswith find isalpha isdigit lower lstrip removeprefix removesuffix replace rstrip "
        "split splitlines startswith strip title upper"
    ),
    dict: frozenset({"get", "items", "keys", "values"}),
    LoopContext: _words("index index0 revindex revindex0 first last length depth previtem nextitem"),
    dt.date: _words("year month day weekday isoweekday isoformat strftime date time hour minute tzinfo"),
    dt.timedelta: frozenset({"days", "seconds", "total_seconds"}),
}


def make_environment(target: Target, templates: Path | None = None) -> Environment:
    """The environment for a target over the files below `templates`; without a folder nothing can be included."""
    environment = _Sandbox(
        undefined=StrictUndefined,
        loader=_FolderLoader(templates) if templates else None,
        finalize=lambda value: form(value, target),
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    environment.filters = {name: environment.filters[name] for name in FILTERS} | {"quote": _quote}
    environment.tests = {name: environment.tests[name] for name in TESTS}
    environment.globals = {"range": _short_range}
    return environment


def forbidden(every: Iterable[nodes.Node]) -> list[tuple[int, str, str]]:
    """Each construct that could put a value out unescaped, or is not needed: its line, what it is, what to do.

    `every` are all nodes below the template.
    """
    found = []
    for node in every:
        if not isinstance(node, nodes.Stmt):
            continue
        if not isinstance(node, _STATEMENTS):
            found.append((node.lineno, f"'{_tag(node)}' is not allowed in a template", "use {% include %} instead"))
        elif isinstance(node, nodes.For) and node.recursive:
            found.append((node.lineno, "a recursive loop is not allowed in a template", "write the levels out"))
        elif isinstance(node, nodes.Include) and included(node) is None:
            found.append((node.lineno, "an include must name one file", 'write it like {% include "comments/x.md" %}'))
    return found


def included(node: nodes.Include) -> str | None:
    """The name of the file that an include names in so many words, else None."""
    name = node.template
    return name.value if isinstance(name, nodes.Const) and isinstance(name.value, str) else None


def plain_source(source: str) -> str:
    """A template's own text without the signs that carry values, which no file has a use for.

    A `{#` that no `#}` follows is no comment but two signs, as in a heading with an anchor.
    """
    bare = source.translate(dict.fromkeys(map(ord, OPEN + CLOSE + BETWEEN)))
    return _BRACES.sub(lambda found: "{%+ raw %}{#{% endraw +%}" if found[1] else found[0], bare)


class _Generator(CodeGenerator):
    """Refuses, whether or not anyone ran the check, what `forbidden` finds."""

    def visit_Template(self, node: nodes.Template, frame: Any = None) -> None:  # noqa: N802 (Jinja calls it by this name)
        for line, message, _ in forbidden(node.find_all(nodes.Stmt)):
            self.fail(message, line)
        super().visit_Template(node, frame)


class _Sandbox(ImmutableSandboxedEnvironment):
    code_generator_class = _Generator
    intercepted_binops = frozenset({"*", "**", "%"})

    def getattr(self, obj: Any, attribute: str) -> Any:
        return self._known(obj, attribute, super().getattr)

    def getitem(self, obj: Any, argument: Any) -> Any:
        return self._known(obj, argument, super().getitem)

    def _known(self, obj: Any, name: Any, otherwise: Callable[[Any, Any], Any]) -> Any:
        if isinstance(obj, Confidential):
            return obj
        known = attributes(obj)
        if known is not None and (name in known or isinstance(obj, Fields)):
            return known[name]
        if known is not None and not isinstance(obj, str):
            return self.undefined(obj=obj, name=str(name))
        return otherwise(obj, name)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Only what is listed: nothing of Python's own can be reached from a value."""
        return any(isinstance(obj, kind) and attr in names for kind, names in _METHODS.items())

    def wrap_str_format(self, value: Any) -> None:
        """No formatting: it could fill the memory, and Jinja would let it past `is_safe_attribute`."""

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Numbers only: a text times a number could fill the memory, and `%` formats what was not escaped."""
        if not all(isinstance(each, int | float) for each in (left, right)) or operator == "**":
            raise SecurityError(f"'{operator}' is only for numbers here")
        return super().call_binop(context, operator, left, right)


class _FolderLoader(BaseLoader):
    """Reads UTF-8 files below one folder, links followed only within it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        path = (self._folder / template).resolve()
        if not path.is_relative_to(self._folder) or not path.is_file():
            raise TemplateNotFound(template)
        try:
            return plain_source(path.read_text("utf-8-sig")), str(path), lambda: True
        except UnicodeDecodeError:
            raise TemplateNotFound(template, f"'{template}' is not written in UTF-8") from None

    def list_templates(self) -> list[str]:
        files = (each for each in self._folder.rglob("*") if each.is_file())
        return sorted(each.relative_to(self._folder).as_posix() for each in files)


def _quote(value: object) -> Quoted:
    if isinstance(value, Undefined):
        str(value)
    return Quoted("" if value is None else str(value))


def _short_range(*bounds: int) -> range:
    made = range(*bounds)
    if len(made) > MOST_ROUNDS:
        raise SecurityError(f"a range may have {MOST_ROUNDS} numbers at most")
    return made


def _tag(node: nodes.Stmt) -> str:
    return _TAGS.get(type(node).__name__, type(node).__name__.lower())


_TAGS = {
    "CallBlock": "call",
    "FilterBlock": "filter",
    "AssignBlock": "set … endset",
    "FromImport": "from … import",
    "ScopedEvalContextModifier": "autoescape",
}
