"""What costs a request of its own to know, and what is raised while it is missing."""

from __future__ import annotations

from typing import Literal, get_args

from starkeeper.model.resources import Subject

Facet = Literal[
    "notes",
    "edits",
    "label_events",
    "state_events",
    "links",
    "threads",
    "merge_requests",
    "closes_issues",
    "members",
    "labels",
    "own_issues",
    "others",
    "messages",
    "replies",
    "duties",
    "pages",
    "slack_account",
]
FACETS: tuple[Facet, ...] = get_args(Facet)
BULK_FACETS: frozenset[Facet] = frozenset(
    {"notes", "edits", "threads", "members", "labels", "own_issues", "messages", "duties", "pages"}
)
"""What is read for many resources at once, or for a whole place."""
System = Literal["gitlab", "slack", "pagerduty"]


class FacetNeeded(Exception):
    """Raised by `Facts` when a question cannot be answered before one more thing is read about a resource or place, or
    about several."""

    def __init__(self, facet: Facet, *subjects: Subject) -> None:
        self.facet: Facet = facet
        self.subjects = subjects
        super().__init__(f"{facet} of {', '.join(map(str, subjects))}")

    @property
    def subject(self) -> Subject:
        """The first of them."""
        return self.subjects[0]

    @property
    def needs(self) -> frozenset[tuple[Facet, Subject]]:
        """All of them, as they are read."""
        return frozenset((self.facet, each) for each in self.subjects)


class Unanswerable(Exception):
    """Raised by `Facts` where what a rule asks about a place could not be read; `must_correct` blames the policy.

    Of a `service` that fails all rules that ask it say the same.
    """

    def __init__(self, why: str, *, must_correct: bool, service: str = "") -> None:
        self.must_correct = must_correct
        self.service = service
        super().__init__(why)
