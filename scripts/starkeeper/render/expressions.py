"""Takes an expression and an issue; gives its value over the names that templates see."""

from __future__ import annotations

import functools

from starkeeper.model.facts import Facts
from starkeeper.model.resources import Resource
from starkeeper.model.values import Expression
from starkeeper.render.names import names_for
from starkeeper.render.renderer import TemplateRenderer


def evaluate_expression(expression: Expression, resource: Resource, facts: Facts) -> object:
    """The value as it is; raises RenderError where it cannot be told."""
    return _renderer().expression(expression, names_for(resource, facts, {}))


@functools.cache
def _renderer() -> TemplateRenderer:
    """One for all expressions of a process, so that each is compiled once."""
    return TemplateRenderer()
