"""What a plan is applied through."""

from __future__ import annotations

from typing import Protocol

from starkeeper.model.requests import IssueUpdate
from starkeeper.model.resources import Issue, IssueKey


class Target(Protocol):
    """The writes of a connector; connectors.gitlab.GitLab has them. All raise ConnectorError."""

    def read_issue(self, tracker: str, key: IssueKey) -> Issue: ...

    def update_issue(self, tracker: str, key: IssueKey, update: IssueUpdate) -> Issue: ...

    def post_note(self, key: IssueKey, body: str, *, internal: bool, marker: str) -> None: ...

    def relate(self, key: IssueKey, other: IssueKey, link_type: str) -> None: ...
