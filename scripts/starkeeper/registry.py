"""Finds conditions and actions by the keys that policies use: a kind is the file of its key, read only when used."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Generic, TypeVar

from msgspec import Struct

from starkeeper.model.rules import Action, Condition, Kind

K = TypeVar("K", bound=Kind)


class Example(Struct, frozen=True):
    """One use of a kind that is true for good: shown in the reference, run as a test.

    `yaml` is the value under the kind's key. `resource` holds what the resource has beyond an opened, empty issue (as
    keyword arguments of its record, people as user names; another `type` stands there too); `notes`, `label_events`,
    `state_events`, `links` (references), `threads` (how many), `merge_requests` (states), `closes_issues` (references)
    and `others` (issues of the same tracker) likewise. `members` are the user names of each place, written
    `groups:PATH` or `projects:PATH`, and `duties` is who is on call in each rotation, as PagerDuty says. `announcement`
    is the message about it in Slack, with its `reactions` (who set each), and `replies` what stands in the thread of a
    message. For a condition `gives` is whether it holds; for an action it is the steps it plans, as in the plan file
    without their rule (an empty list: already so, nothing to do).
    """

    says: str
    yaml: str
    gives: Any
    resource: Mapping[str, Any] = {}
    notes: tuple[Mapping[str, Any], ...] = ()
    label_events: tuple[Mapping[str, Any], ...] = ()
    state_events: tuple[Mapping[str, Any], ...] = ()
    links: tuple[str, ...] = ()
    threads: int = 0
    merge_requests: tuple[str, ...] = ()
    closes_issues: tuple[str, ...] = ()
    members: Mapping[str, tuple[str, ...]] = {}
    duties: Mapping[str, tuple[Mapping[str, Any], ...]] = {}
    announcement: Mapping[str, Any] | None = None
    replies: tuple[Mapping[str, Any], ...] = ()
    others: tuple[Mapping[str, Any], ...] = ()


class Registry(Generic[K]):
    """The kinds of one package, by key. Listing the keys reads no file; asking for a kind imports its own."""

    def __init__(self, package: str) -> None:
        self._package = package
        folder = Path(__file__).parent / package.rpartition(".")[2]
        self.keys = frozenset(each.name for each in pkgutil.iter_modules([str(folder)]) if each.name[0] != "_")
        self._kinds: dict[str, type[K]] = {}

    def register(self, key: str) -> Callable[[type[K]], type[K]]:
        """Decorates the one class of a kind's file."""

        def remember(kind: type[K]) -> type[K]:
            self._kinds[key] = kind
            return kind

        return remember

    def kind(self, key: str) -> type[K]:
        """The class for a key; KeyError where there is none."""
        if key not in self.keys:
            raise KeyError(key)
        self._module(key)
        return self._kinds[key]

    def examples(self, key: str) -> tuple[Example, ...]:
        """What the kind's file gives as EXAMPLES."""
        return tuple(self._module(key).EXAMPLES)

    def page(self, key: str) -> str:
        """The kind's docstring, its indentation taken away."""
        return inspect.getdoc(self.kind(key)) or ""

    def _module(self, key: str) -> Any:
        return importlib.import_module(f"{self._package}.{key}")


CONDITIONS: Registry[Condition] = Registry("starkeeper.conditions")
ACTIONS: Registry[Action] = Registry("starkeeper.actions")
