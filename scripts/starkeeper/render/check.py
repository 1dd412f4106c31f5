"""Takes templates and expressions and the names that they may use; gives every mistake in them, before any run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path

from starkeeper.errors import Problem, nearest
from starkeeper.model.values import Expression, TemplateName, Text
from starkeeper.render.environment import make_environment
from starkeeper.render.locate import Source, file_source, source_of
from starkeeper.render.look import Look, look_at_expression, look_at_template

Known = Mapping[str, frozenset[str] | None]

EACH = "[each]"
"""What stands behind the name of a list, such as `lists.stars`, where the attributes of each thing in it are meant."""
_GLOBALS = frozenset({"range"})


class TemplateChecker:
    """Checks templates over one folder; a file is read once however many rules use it."""

    def __init__(self, templates: Path | None = None) -> None:
        self._folder = templates.resolve() if templates else None
        self._environment = make_environment("markdown", self._folder)
        self._looks: dict[str, Look] = {}

    def check_template(self, template: Text | TemplateName, known: Known) -> list[Problem]:
        """Every mistake in the template and in what it includes, in order, each at its place.

        `known` has the names that the template may use and, for each, the attributes that it has, or of a function
        the texts that it takes (None: any). What each thing in a list has stands there under the list and EACH.
        """
        if isinstance(template, Text):
            look = look_at_template(self._environment, source_of(template))
            return sorted(set(self._check(look, known, ())))
        return sorted(set(self._check_file(template.name, Source("", template.where), 1, known, ())))

    def check_expression(self, expression: Expression, known: Known) -> list[Problem]:
        """Every mistake in the expression, each at its place."""
        return sorted(set(_mistakes(look_at_expression(self._environment, source_of(expression)), known)))

    def _check(self, look: Look, known: Known, above: tuple[str, ...]) -> Iterator[Problem]:
        yield from _mistakes(look, known)
        inner = {**dict.fromkeys(look.assigned), **known}
        for line, name in look.includes:
            yield from self._check_file(name, look.source, line, inner, above)

    def _check_file(
        self, name: str, source: Source, line: int, known: Known, above: tuple[str, ...]
    ) -> Iterator[Problem]:
        where = source.at(line, name)
        if name not in self._files or self._folder is None:
            yield Problem(where, f"there is no template '{name}'", nearest(name, self._files))
        elif name in above:
            yield Problem(where, f"the template '{name}' includes itself", "take the include out")
        else:
            if name not in self._looks:
                text = file_source(self._folder / name, self._folder)
                self._looks[name] = look_at_template(self._environment, text)
            yield from self._check(self._looks[name], known, (*above, name))

    @cached_property
    def _files(self) -> frozenset[str]:
        return frozenset(self._environment.list_templates() if self._folder else ())


def check_template(template: Text | TemplateName, known: Known, templates: Path | None = None) -> list[Problem]:
    """As `TemplateChecker.check_template`, for one template over a folder of template files."""
    return TemplateChecker(templates).check_template(template, known)


def check_expression(expression: Expression, known: Known) -> list[Problem]:
    """As `TemplateChecker.check_expression`, for one expression."""
    return TemplateChecker().check_expression(expression, known)


def _mistakes(look: Look, known: Known) -> Iterator[Problem]:
    yield from look.problems
    for line, name in look.names:
        if name not in known and name not in _GLOBALS:
            remedy = nearest(name, {*known, *_GLOBALS})
            yield Problem(look.source.at(line, name), f"unknown name '{name}'", remedy)
    for line, name, argument in look.calls:
        allowed = known.get(name)
        if allowed is not None and argument not in allowed:
            remedy = nearest(argument, allowed) or "define it there first"
            yield Problem(look.source.at(line, argument), f"desk.yml has no '{argument}' for {name}", remedy)
    yield from _keep_mistakes(look)
    asked = [(line, name, attribute, known.get(name)) for line, name, attribute in look.attributes]
    asked += [(line, name, attribute, known.get(source + EACH)) for line, source, name, attribute in look.items]
    for line, name, attribute, allowed in asked:
        if attribute.startswith("_"):
            yield Problem(look.source.at(line, attribute), f"'{attribute}' cannot be asked for", "leave it out")
        elif allowed is not None and attribute not in allowed:
            remedy = nearest(attribute, allowed)
            yield Problem(look.source.at(line, attribute), f"'{name}' has no '{attribute}'", remedy)


def _keep_mistakes(look: Look) -> Iterator[Problem]:
    """Places to write in are told apart by their names: of two with one name the words in one would be lost."""
    for line, name in look.bare_calls:
        if name == "keep":
            yield Problem(look.source.at(line, name), "'keep' needs a name", 'write it like keep("notes")')
    seen: set[str] = set()
    for line, name, argument in look.calls:
        if name == "keep" and argument in seen:
            message = f"there are two places '{argument}' to write in"
            yield Problem(look.source.at(line, argument), message, "give one of them another name")
        if name == "keep":
            seen.add(argument)
