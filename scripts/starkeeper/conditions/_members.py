"""What `author_member` and `assignee_member` share: whether somebody is a direct member of a project or group."""

from __future__ import annotations

from typing import ClassVar, Literal

from starkeeper.model.facets import Facet
from starkeeper.model.facts import Facts
from starkeeper.model.resources import Place, ResourceType, User
from starkeeper.model.rules import Condition


class MemberCondition(Condition, frozen=True, kw_only=True):
    """A kind that asks about one person of the resource; `source_id` is a path, or a number as text."""

    types: ClassVar[frozenset[ResourceType]] = frozenset({"issues", "merge_requests"})

    source: Literal["project", "group"]
    condition: Literal["member_of", "not_member_of"]
    source_id: str

    @property
    def facets(self) -> frozenset[Facet]:
        return frozenset({"members"})

    def fits(self, person: User, facts: Facts) -> bool:
        """Whether that person is a member, or is none, as asked."""
        return self._is_member(person, facts) is (self.condition == "member_of")

    def seen(self, person: User, facts: Facts) -> str:
        """The same in words."""
        verb = "is a" if self._is_member(person, facts) else "is no"
        return f"{person.username} {verb} direct member of {self._place}"

    def _is_member(self, person: User, facts: Facts) -> bool:
        return person.username.casefold() in facts.members(self._place)

    @property
    def _place(self) -> Place:
        return Place("projects" if self.source == "project" else "groups", self.source_id.strip("/"))
