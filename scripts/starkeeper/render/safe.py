"""Takes text that is already safe for one target; gives a string that only that target lets through unescaped."""

from __future__ import annotations

from typing import Any, Literal

Target = Literal["markdown", "slack", "plain", "html", "word"]


class Safe(str):
    """Text that is safe in its `target` and nowhere else.

    Whatever is made of it (a slice, a sum, a join, upper case) is plain text again, and so is escaped where it is put.
    """

    target: Target

    def __new__(cls, text: str, target: Target) -> Safe:
        made = super().__new__(cls, text)
        made.target = target
        return made

    # These two give a string with nothing to fill in back as it is; every other operation makes plain text by itself.
    def format(self, *values: object, **named: object) -> str:
        return str(self).format(*values, **named)

    def __mod__(self, values: Any) -> str:
        return str.__mod__(str(self), values)
