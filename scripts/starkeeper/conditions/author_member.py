"""Takes an author and the members of a project or group; says whether the author is one of them, or is none."""

from __future__ import annotations

from starkeeper.conditions._members import MemberCondition
from starkeeper.model.facts import Facts
from starkeeper.model.resources import Resource
from starkeeper.registry import CONDITIONS, Example

EXAMPLES = (
    Example(
        says="opened by a member of the group",
        yaml="{source: group, condition: member_of, source_id: support}",
        gives=True,
        resource={"author": "ivy"},
        members={"groups:support": ("ivy", "kim")},
    ),
    Example(
        says="opened by somebody else",
        yaml="{source: group, condition: member_of, source_id: support}",
        gives=False,
        resource={"author": "sam"},
        members={"groups:support": ("ivy", "kim")},
    ),
    Example(
        says="a project by its number, and nobody of it",
        yaml="{source: project, condition: not_member_of, source_id: 278964}",
        gives=True,
        resource={"author": "sam"},
        members={"projects:278964": ("ivy",)},
    ),
)


@CONDITIONS.register("author_member")
class AuthorMember(MemberCondition, frozen=True, kw_only=True):
    """Who opened it is, or is not, a direct member of a project or group.

    `source_id` is its path or its number. Members that a group inherits from a group above, or that were invited with
    another group, do not count, as in gitlab-triage. The members of each place are read once in a run.
    """

    def holds(self, resource: Resource, facts: Facts) -> bool:
        if resource.author is None:
            return self.condition == "not_member_of"
        return self.fits(resource.author, facts)

    def explain(self, resource: Resource, facts: Facts) -> str:
        return self.seen(resource.author, facts) if resource.author else "its author is gone"
