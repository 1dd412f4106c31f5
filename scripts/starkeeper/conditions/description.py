"""Takes the description of a resource; says whether a regular expression is found in it."""

from __future__ import annotations

from typing import ClassVar, Literal

from starkeeper.conditions._text import TextCondition
from starkeeper.registry import CONDITIONS, Example

EXAMPLES = (
    Example(
        says="the pattern is found",
        yaml=r"""'Version:\s*(?P<version>\S+)'""",
        gives=True,
        resource={"description": "Version: 18.6"},
    ),
    Example(
        says="it is not",
        yaml=r"""'Version:\s*(?P<version>\S+)'""",
        gives=False,
        resource={"description": "please help"},
    ),
    Example(
        says="it must not be found",
        yaml=r"""{lacks: 'Version:\s*(?P<version>\S+)'}""",
        gives=True,
        resource={"description": "please help"},
    ),
    Example(says="there is nothing", yaml="{empty: true}", gives=True, resource={"description": ""}),
)


@CONDITIONS.register("description")
class Description(TextCondition, frozen=True):
    """A regular expression is found in the description.

    Upper and lower case differ unless the pattern begins with `(?i)`; it is found anywhere unless it is anchored with
    `^` or `$`. Its named groups, `(?P<name>…)`, become `fields.name` in the templates of the rule. With
    `{matches: …, lacks: …, empty: …}` one pattern must be found and another must not, or there must be (`false`) or
    not be (`true`) any text at all.
    """

    attribute: ClassVar[Literal["title", "description"]] = "description"
