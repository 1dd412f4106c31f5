"""Takes the branch that a merge request goes into; says whether it is the one that the rule names."""

from __future__ import annotations

from typing import ClassVar, Literal

from starkeeper.conditions._branches import BranchCondition
from starkeeper.registry import CONDITIONS, Example

EXAMPLES = (
    Example(
        says="by name",
        yaml="release-18",
        gives=True,
        resource={"type": "merge_requests", "target_branch": "release-18"},
    ),
    Example(
        says="a star stands for any run of characters",
        yaml='"release-*"',
        gives=True,
        resource={"type": "merge_requests", "target_branch": "release-18"},
    ),
    Example(
        says="another branch",
        yaml='"release-*"',
        gives=False,
        resource={"type": "merge_requests", "target_branch": "main"},
    ),
)


@CONDITIONS.register("target_branch")
class TargetBranch(BranchCondition, frozen=True):
    """The merge request goes into this branch; `*` stands for any run of characters."""

    attribute: ClassVar[Literal["source_branch", "target_branch"]] = "target_branch"
    verb: ClassVar[str] = "goes into"
