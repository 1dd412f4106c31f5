"""A renderer made only once something is to be put into words: Jinja takes time to read, and many runs say nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starkeeper.model.rules import Rule
from starkeeper.model.values import TemplateName, Text

if TYPE_CHECKING:
    from starkeeper.render.renderer import TemplateRenderer


class LateRenderer:
    """A TemplateRenderer that is not there before its first use; its methods are that one's."""

    def __init__(self, templates: Path | None = None, policy_url: str = "") -> None:
        self._templates = templates
        self._policy_url = policy_url

    def comment(self, template: Text | TemplateName, names: Mapping[str, Any]) -> str:
        return self._renderer.comment(template, names)

    def word(self, template: Text, names: Mapping[str, Any]) -> str:
        return self._renderer.word(template, names)

    def plain(self, template: Text, names: Mapping[str, Any]) -> str:
        return self._renderer.plain(template, names)

    def message(self, template: Text | TemplateName, names: Mapping[str, Any]) -> str:
        return self._renderer.message(template, names)

    def reason(self, rule: Rule) -> str:
        return self._renderer.reason(rule)

    def line(self, template: Text, names: Mapping[str, Any]) -> str:
        return self._renderer.line(template, names)

    def note(self, parts: Sequence[str], rule: Rule, marker: str) -> str:
        return self._renderer.note(parts, rule, marker)

    @cached_property
    def _renderer(self) -> TemplateRenderer:
        from starkeeper.render.renderer import TemplateRenderer

        return TemplateRenderer(self._templates, policy_url=self._policy_url)
