"""Takes the votes on a resource; says what `votes` says, under the name that it once had."""

from __future__ import annotations

from starkeeper.conditions.votes import Votes
from starkeeper.registry import CONDITIONS, Example

EXAMPLES = (
    Example(
        says="more than ten",
        yaml="{attribute: upvotes, condition: greater_than, threshold: 10}",
        gives=True,
        resource={"upvotes": 11},
    ),
    Example(
        says="it also counts the votes against, as its attribute says",
        yaml="{attribute: downvotes, condition: greater_than, threshold: 10}",
        gives=False,
        resource={"upvotes": 11},
    ),
)


@CONDITIONS.register("upvotes")
class Upvotes(Votes, frozen=True, kw_only=True):
    """The old name of `votes`, with the same fields and the same meaning; write `votes` in new rules."""
