"""Takes templates, expressions and names; gives finished comments, label and user names, and answers."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, Template, TemplateNotFound, Undefined

from starkeeper.errors import NOWHERE, ConnectorError, Problem, RenderError, nearest
from starkeeper.model.facets import FacetNeeded, Unanswerable
from starkeeper.model.rules import Rule
from starkeeper.model.values import Expression, TemplateName, Text
from starkeeper.render.clean import one_line, short_line
from starkeeper.render.environment import make_environment, plain_source
from starkeeper.render.escape import EMPTY
from starkeeper.render.locate import Source, file_source, render_error, source_of
from starkeeper.render.note import finish_note, slack_reason
from starkeeper.render.place import Fault, Rendered, place
from starkeeper.render.safe import Target

MOST_CHARACTERS = 200_000
WORD_LIMIT = 255
TITLE_LIMIT = 220


class TemplateRenderer:
    """Renders what rules say. Each template and expression is compiled once.

    `templates` is the folder of the template files; without one only templates within policies can be rendered.
    `policy_url` is the address of the folder that policy files are named from, or "".
    Every method raises RenderError with the place in the policy or template, and never shows a value.
    """

    def __init__(self, templates: Path | None = None, policy_url: str = "") -> None:
        self._policy_url = policy_url
        self._folder = templates.resolve() if templates else None
        self._environments: dict[Target, Environment] = {}
        self._compiled: dict[tuple[Target, Text | TemplateName], Template] = {}
        self._expressions: dict[Expression, Callable[..., object]] = {}

    def comment(self, template: Text | TemplateName, names: Mapping[str, Any]) -> Rendered:
        """The text as GitLab Markdown; its `meant` are the quick actions that the template itself writes."""
        skeleton = self._render(template, names, "markdown")
        try:
            return place(skeleton)
        except Fault as fault:
            source = self._source(template)
            where = source.at(source.line_of(fault.line))
            raise RenderError(Problem(where, fault.message, fault.remedy)) from None

    def note(self, parts: Sequence[str], rule: Rule, marker: str) -> str:
        """What `comment` gave, as the whole note of a rule: why it was written, its marker, and no command unmeant."""
        return finish_note(parts, rule=rule, policy_url=self._policy_url, marker=marker)

    def word(self, template: Text, names: Mapping[str, Any]) -> str:
        """The text as the name of a label or user: one line, no comma, nothing hidden, 1 to 255 characters."""
        text = self._render(template, names, "word").strip()
        fault = _word_fault(text)
        if fault:
            raise RenderError(Problem(template.where, fault, "ask for the value in the conditions of the rule"))
        return text

    def plain(self, template: Text, names: Mapping[str, Any]) -> str:
        """The text as one plain line, nothing hidden; "" where nothing is left, or a value is not there."""
        line = short_line(self._render(template, names, "plain"), TITLE_LIMIT)
        return "" if line == EMPTY else line

    def line(self, template: Text, names: Mapping[str, Any]) -> str:
        """The text as a title: one plain line, nothing hidden, at most 255 characters; a longer one is cut."""
        text = short_line(self._render(template, names, "plain"), TITLE_LIMIT)
        if not text:
            problem = Problem(template.where, "the title came out empty", "write words that are always there")
            raise RenderError(problem)
        return text

    def message(self, template: Text | TemplateName, names: Mapping[str, Any]) -> str:
        """The text in Slack's markup, every value escaped for it."""
        text = self._render(template, names, "slack").strip()
        if not text:
            source = self._source(template)
            raise RenderError(Problem(source.at(1), "the message came out empty", "write words that are always there"))
        return text

    def reason(self, rule: Rule) -> str:
        """The small line beneath a Slack message that says which rule wrote it, with its address where that is
        known."""
        return slack_reason(rule, self._policy_url)

    def text(self, template: Text | TemplateName, names: Mapping[str, Any], target: Target) -> str:
        """The text for a place other than a GitLab comment: `slack`, `plain` or `html`."""
        return self.comment(template, names) if target == "markdown" else self._render(template, names, target)

    def expression(self, expression: Expression, names: Mapping[str, Any]) -> object:
        """The value of the expression, as it is."""
        try:
            if expression not in self._expressions:
                compile_ = self._environment("plain").compile_expression
                self._expressions[expression] = compile_(expression.source, undefined_to_none=False)
            answer = self._expressions[expression](dict(names))
            if isinstance(answer, Undefined):
                str(answer)  # raises, unless it is the missing `else` of an `if`
                return None
            return answer
        except (FacetNeeded, Unanswerable, ConnectorError):
            raise
        except Exception as error:
            raise render_error(error, source_of(expression), self._folder) from None

    def _render(self, template: Text | TemplateName, names: Mapping[str, Any], target: Target) -> str:
        try:
            return self._limited(self._template(template, target), names)
        except (FacetNeeded, Unanswerable, ConnectorError):
            raise
        except Exception as error:
            if isinstance(error, TemplateNotFound) and isinstance(template, TemplateName):
                raise self._missing(template) from None
            raise render_error(error, self._source(template), self._folder) from None

    def _limited(self, template: Template, names: Mapping[str, Any]) -> str:
        pieces, length = [], 0
        for piece in template.generate(dict(names)):
            length += len(piece)
            if length > MOST_CHARACTERS:
                raise RenderError(Problem(NOWHERE, "the text is too long", "write less"))
            pieces.append(piece)
        return "".join(pieces)

    def _template(self, template: Text | TemplateName, target: Target) -> Template:
        key = (target, template)
        if key not in self._compiled:
            environment = self._environment(target)
            if isinstance(template, TemplateName):
                self._compiled[key] = environment.get_template(template.name)
            else:
                self._compiled[key] = environment.from_string(plain_source(template.source))
        return self._compiled[key]

    def _environment(self, target: Target) -> Environment:
        if target not in self._environments:
            self._environments[target] = make_environment(target, self._folder)
        return self._environments[target]

    def _source(self, template: Text | TemplateName) -> Source:
        if isinstance(template, Text):
            return source_of(template)
        path = self._folder / template.name if self._folder else None
        return file_source(path, self._folder) if path and path.is_file() else Source("", template.where)

    def _missing(self, template: TemplateName) -> RenderError:
        known = self._environment("plain").list_templates() if self._folder else []
        return RenderError(
            Problem(template.where, f"there is no template '{template.name}'", nearest(template.name, known))
        )


def _word_fault(text: str) -> str:
    if not text:
        return "the name of a label or user came out empty"
    if "," in text or one_line(text) != re.sub(r" +", " ", text):
        return "the name of a label or user came out with a comma, a line break or a hidden character"
    return "" if len(text) <= WORD_LIMIT else f"the name of a label or user came out longer than {WORD_LIMIT}"
