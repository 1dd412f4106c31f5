"""Takes the branch that a merge request comes from; says whether it is the one that the rule names."""

from __future__ import annotations

from typing import ClassVar, Literal

from starkeeper.conditions._branches import BranchCondition
from starkeeper.registry import CONDITIONS, Example

EXAMPLES = (
    Example(
        says="by name",
        yaml="feature/login",
        gives=True,
        resource={"type": "merge_requests", "source_branch": "feature/login"},
    ),
    Example(
        says="a star stands for any run of characters",
        yaml='"feature/*"',
        gives=True,
        resource={"type": "merge_requests", "source_branch": "feature/login"},
    ),
    Example(
        says="another branch",
        yaml='"feature/*"',
        gives=False,
        resource={"type": "merge_requests", "source_branch": "main"},
    ),
)


@CONDITIONS.register("source_branch")
class SourceBranch(BranchCondition, frozen=True):
    """The merge request comes from this branch; `*` stands for any run of characters."""

    attribute: ClassVar[Literal["source_branch", "target_branch"]] = "source_branch"
    verb: ClassVar[str] = "comes from"
