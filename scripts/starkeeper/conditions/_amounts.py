"""What conditions on a single attribute share: whether it is set at all, how many there are, and thresholds."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

NoneOrAny = Literal["None", "Any", "none", "any", "NONE", "ANY"]
"""As GitLab's lists take them."""


class Count(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many there are; where neither is said, at least one."""

    at_least: Annotated[int, Meta(ge=0)] | None = None
    at_most: Annotated[int, Meta(ge=0)] | None = None


def is_as_many(number: int, asked: Count) -> bool:
    """Whether a number is within what is asked."""
    if asked.at_least is None and asked.at_most is None:
        return number > 0
    return (asked.at_least or 0) <= number and (asked.at_most is None or number <= asked.at_most)


def is_set_as(is_set: bool, word: str) -> bool:
    """Whether something that is set, or is not, is what `None` or `Any` asks for, in any case."""
    return is_set is (word.casefold() == "any")


def passes(number: int, condition: Literal["less_than", "greater_than"], threshold: int) -> bool:
    """Whether a number is on that side of the threshold; the threshold itself is on neither."""
    return number < threshold if condition == "less_than" else number > threshold
