"""Takes the assignees of a resource; says whether they are as many, and those, that the rule asks for."""

from __future__ import annotations

from typing import ClassVar, Literal

from msgspec import Struct

from starkeeper.desk.on_call import who_is_on_call
from starkeeper.model.desk import Desk
from starkeeper.model.facts import Facts
from starkeeper.model.people import Who, belongs
from starkeeper.model.resources import Resource, ResourceType
from starkeeper.model.rules import Condition, Rule
from starkeeper.registry import CONDITIONS, Example

EXAMPLES = (
    Example(says="nobody is assigned", yaml="None", gives=True),
    Example(says="somebody is assigned", yaml="Any", gives=True, resource={"assignees": ("kim",)}),
    Example(says="one of these people", yaml="[kim, ade]", gives=True, resource={"assignees": ("kim", "lou")}),
    Example(
        says="somebody who is no manager is among them (emil is one)",
        yaml="{includes: strangers}",
        gives=True,
        resource={"assignees": ("emil", "kim")},
    ),
    Example(says="two or more", yaml="{at_least: 2}", gives=False, resource={"assignees": ("kim",)}),
    Example(says="none of these people", yaml="{none_of: [kim]}", gives=False, resource={"assignees": ("kim",)}),
)


class Assigned(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many are assigned, and who: every line that is given must be true.

    `on_call` names a rotation of desk.yml: whoever is on call there now is among the assignees. `includes` is a group
    as under `label_added`: somebody of it is.
    """

    at_least: int = 0
    at_most: int | None = None
    any_of: tuple[str, ...] = ()
    none_of: tuple[str, ...] = ()
    on_call: str = ""
    includes: Who = "anyone"


@CONDITIONS.register("assignees")
class Assignees(Condition, frozen=True):
    """Who is assigned: `None`, `Any`, a list of user names (any one of them), or how many and who."""

    types: ClassVar[frozenset[ResourceType]] = frozenset({"issues", "merge_requests"})

    value: Literal["None", "Any"] | tuple[str, ...] | Assigned

    def holds(self, resource: Resource, facts: Facts) -> bool:
        names = {user.username.casefold() for user in resource.assignees}
        if isinstance(self.value, str):
            return bool(names) is (self.value == "Any")
        if isinstance(self.value, tuple):
            return bool(names & _folded(self.value))
        if self.value.includes != "anyone" and not _includes(self.value.includes, resource, facts):
            return False
        return _are_as_asked(names, self.value, facts)

    def explain(self, resource: Resource, facts: Facts) -> str:
        names = ", ".join(user.username for user in resource.assignees)
        return f"assigned to {names}" if names else "nobody is assigned"

    def problems(self, desk: Desk, rule: Rule) -> tuple[str, ...]:
        if not isinstance(self.value, Assigned) or not self.value.on_call or self.value.on_call in desk.rotations:
            return ()
        return (f"there is no rotation '{self.value.on_call}' in desk.yml",)


def _includes(group: Who, resource: Resource, facts: Facts) -> bool:
    return any(belongs(user.username, group, resource, facts) for user in resource.assignees)


def _are_as_asked(names: set[str], asked: Assigned, facts: Facts) -> bool:
    if len(names) < asked.at_least or (asked.at_most is not None and len(names) > asked.at_most):
        return False
    if asked.any_of and not names & _folded(asked.any_of):
        return False
    if asked.on_call:
        somebody = who_is_on_call(asked.on_call, facts)
        if somebody is None or somebody.casefold() not in names:
            return False
    return not names & _folded(asked.none_of)


def _folded(names: tuple[str, ...]) -> set[str]:
    """User names are one in any case, as for GitLab."""
    return {each.removeprefix("@").casefold() for each in names}
