"""Takes the title of a resource; says whether a regular expression is found in it."""

from __future__ import annotations

from typing import ClassVar, Literal

from starkeeper.conditions._text import TextCondition
from starkeeper.registry import CONDITIONS, Example

EXAMPLES = (
    Example(says="the pattern is found", yaml=r"""'^Draft:'""", gives=True, resource={"title": "Draft: upgrade plan"}),
    Example(says="it is not", yaml=r"""'^Draft:'""", gives=False, resource={"title": "Upgrade plan"}),
    Example(
        says="it must not be found", yaml=r"""{lacks: '^Draft:'}""", gives=True, resource={"title": "Upgrade plan"}
    ),
    Example(says="there is nothing", yaml="{empty: true}", gives=True, resource={"title": ""}),
)


@CONDITIONS.register("title")
class Title(TextCondition, frozen=True):
    """A regular expression is found in the title.

    Upper and lower case differ unless the pattern begins with `(?i)`; it is found anywhere unless it is anchored with
    `^` or `$`. Its named groups, `(?P<name>…)`, become `fields.name` in the templates of the rule. With
    `{matches: …, lacks: …, empty: …}` one pattern must be found and another must not, or there must be (`false`) or
    not be (`true`) any text at all.
    """

    attribute: ClassVar[Literal["title", "description"]] = "title"
