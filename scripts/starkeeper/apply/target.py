"""What a plan is applied through."""

from __future__ import annotations

from typing import Protocol

from msgspec import Struct

from starkeeper.model.requests import NOTHING_MORE, Start, Update
from starkeeper.model.resources import Resource, ResourceKey
from starkeeper.model.services import Services


class Target(Protocol):
    """The writes of a connector; connectors.gitlab.GitLab has them. All raise ConnectorError."""

    def read_resource(self, tracker: str, key: ResourceKey) -> Resource: ...

    def update_resource(self, tracker: str, key: ResourceKey, update: Update) -> Resource: ...

    def post_note(self, key: ResourceKey, body: str, *, internal: bool, marker: str, thread: bool = False) -> None: ...

    def relate(self, key: ResourceKey, other: ResourceKey, link_type: str) -> None: ...

    def move_issue(self, key: ResourceKey, to: str) -> None: ...

    def delete_branch(self, key: ResourceKey, commit: str) -> None: ...

    def open_issue(
        self, project: str, title: str, description: str, *, marker: str, start: Start = NOTHING_MORE
    ) -> ResourceKey: ...


class Targets(Struct, frozen=True):
    """GitLab, and what is connected beside it."""

    gitlab: Target
    services: Services
