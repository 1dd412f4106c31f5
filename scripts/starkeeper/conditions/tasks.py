"""Takes the task list of a description; says whether its tasks are done, or are as many as the rule asks for."""

from __future__ import annotations

from typing import ClassVar, Literal

from msgspec import Struct

from starkeeper.conditions._amounts import Count, is_as_many, is_set_as
from starkeeper.model.desk import Desk
from starkeeper.model.facts import Facts
from starkeeper.model.resources import Resource, ResourceType
from starkeeper.model.rules import Condition, Rule
from starkeeper.registry import CONDITIONS, Example

EXAMPLES = (
    Example(says="there is no task list", yaml="None", gives=True),
    Example(says="all are done", yaml="done", gives=True, resource={"tasks": 3, "tasks_done": 3}),
    Example(says="without tasks none is done", yaml="done", gives=False),
    Example(says="some are open", yaml="open", gives=True, resource={"tasks": 3, "tasks_done": 1}),
    Example(
        says="at most one is open", yaml="{open: {at_most: 1}}", gives=False, resource={"tasks": 3, "tasks_done": 1}
    ),
)


class Tasks(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many tasks are `open` and how many are `done`, each as `{at_least: …, at_most: …}`; both must be true."""

    open: Count | None = None
    done: Count | None = None


@CONDITIONS.register("tasks")
class TasksAre(Condition, frozen=True):
    """The task list of the description: `None`, `Any`, all `done`, some `open`, or how many of each."""

    types: ClassVar[frozenset[ResourceType]] = frozenset({"issues", "merge_requests"})

    value: Literal["None", "Any", "done", "open"] | Tasks

    def holds(self, resource: Resource, facts: Facts) -> bool:
        undone = resource.tasks - resource.tasks_done
        if isinstance(self.value, Tasks):
            is_open = self.value.open is None or is_as_many(undone, self.value.open)
            return is_open and (self.value.done is None or is_as_many(resource.tasks_done, self.value.done))
        if self.value in ("None", "Any"):
            return is_set_as(resource.tasks > 0, self.value)
        return undone > 0 if self.value == "open" else resource.tasks > 0 and undone == 0

    def explain(self, resource: Resource, facts: Facts) -> str:
        return f"{resource.tasks_done} of {resource.tasks} tasks are done" if resource.tasks else "it has no task list"

    def problems(self, desk: Desk, rule: Rule) -> tuple[str, ...]:
        return ("'tasks' asks nothing; write done, open or {open: {at_most: 1}}",) if self.value == Tasks() else ()
