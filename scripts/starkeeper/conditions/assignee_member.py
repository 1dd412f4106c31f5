"""Takes the first assignee and the members of a project or group; says whether it is one of them, or is none."""

from __future__ import annotations

from starkeeper.conditions._members import MemberCondition
from starkeeper.model.facts import Facts
from starkeeper.model.resources import Resource
from starkeeper.registry import CONDITIONS, Example

EXAMPLES = (
    Example(
        says="assigned to a member of the group",
        yaml="{source: group, condition: member_of, source_id: support}",
        gives=True,
        resource={"assignees": ("kim",)},
        members={"groups:support": ("kim",)},
    ),
    Example(
        says="only the first of two is asked about",
        yaml="{source: group, condition: not_member_of, source_id: support}",
        gives=True,
        resource={"assignees": ("sam", "kim")},
        members={"groups:support": ("kim",)},
    ),
    Example(
        says="nobody is assigned, so nobody is no member either",
        yaml="{source: group, condition: not_member_of, source_id: support}",
        gives=False,
        members={"groups:support": ("kim",)},
    ),
)


@CONDITIONS.register("assignee_member")
class AssigneeMember(MemberCondition, frozen=True, kw_only=True):
    """The first assignee is, or is not, a direct member of a project or group.

    As in gitlab-triage it looks at the first assignee alone, and where nobody is assigned it holds for neither
    question. Otherwise it is as `author_member`.
    """

    def holds(self, resource: Resource, facts: Facts) -> bool:
        return bool(resource.assignees) and self.fits(resource.assignees[0], facts)

    def explain(self, resource: Resource, facts: Facts) -> str:
        return self.seen(resource.assignees[0], facts) if resource.assignees else "nobody is assigned"
