"""What happened to an issue, as a webhook tells it: the numbers that name it, and nothing that a person wrote."""

from __future__ import annotations

from typing import Literal, get_args

from msgspec import Struct

EventName = Literal["issue.opened", "issue.updated", "issue.labelled", "issue.closed", "issue.reopened", "note.created"]
EVENTS: tuple[EventName, ...] = get_args(EventName)
OF_ISSUES: frozenset[EventName] = frozenset(each for each in EVENTS if each.startswith("issue."))


class Event(Struct, frozen=True, kw_only=True):
    """An issue by the number of its project and its own, and what may have happened to it.

    `names` are all that it can have been: where the webhook does not tell, a rule runs rather once too often. `actor`
    is the number of the account that did it, 0 where that is not told.
    """

    project_id: int
    iid: int
    names: frozenset[EventName]
    actor: int = 0

    @property
    def is_opening(self) -> bool:
        """Whether it was the issue's opening, and nothing else."""
        return "issue.opened" in self.names <= {"issue.opened", "issue.labelled"}
