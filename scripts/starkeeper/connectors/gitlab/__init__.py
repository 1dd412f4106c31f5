"""GitLab: trackers, keys and updates in; issues, notes and label events out. The only part that knows its API."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping

from starkeeper.connectors.gitlab import facets, issues, writes
from starkeeper.connectors.gitlab.pacing import Pace
from starkeeper.connectors.gitlab.users import Users
from starkeeper.model.desk import Tracker
from starkeeper.model.requests import IssueUpdate, Reading
from starkeeper.model.resources import Issue, IssueKey, LabelEvent, Note, User
from starkeeper.settings import Secret

__all__ = ["GitLab"]


class GitLab:
    """One GitLab, as the user of one token. Every method can be called from any thread and raises ConnectorError.

    `workers` requests are under way at most, each given up after `timeout_seconds`; notes are written at
    `notes_per_second` at most, whatever the limits that GitLab tells. `monotonic` and `sleep` are the clock of waits.
    """

    def __init__(
        self,
        url: str,
        token: Secret,
        *,
        workers: int = 8,
        timeout_seconds: float = 30.0,
        notes_per_second: float = 1.0,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        # It imports python-gitlab, for which a command that asks GitLab nothing must not wait.
        from starkeeper.connectors.gitlab.client import Client

        self._client = Client(
            url, token, workers=workers, timeout_seconds=timeout_seconds, monotonic=monotonic, sleep=sleep
        )
        self._pace = Pace(notes_per_second, monotonic, sleep)
        self._users = Users(self._client)

    def whoami(self) -> User:
        """The user that the token stands for."""
        return self._users.me()

    def find_user(self, username: str) -> User:
        """The user of that name, in any case; an error where there is none. Each name is asked for once."""
        return self._users.find(username)

    def list_issues(
        self, tracker: Tracker, params: Mapping[str, str], on_page: Callable[[int, int | None], None] | None = None
    ) -> tuple[Issue, ...]:
        """Every issue of the tracker that the parameters (GitLab's own) let through, oldest first; never a part.

        `on_page` is told how many pages were read and, where GitLab says so, of how many.
        """
        return issues.IssueList(self._client, tracker, params, on_page).read()

    def read_issue(self, tracker: str, key: IssueKey) -> Issue:
        """One issue as it is now."""
        return issues.read_issue(self._client, tracker, key)

    def read_notes(self, keys: Collection[IssueKey]) -> Reading[tuple[Note, ...]]:
        """The comments of each issue, oldest first, internal ones too. One that fails does not stop the others."""
        return facets.read_notes(self._client, keys)

    def read_label_events(self, keys: Collection[IssueKey]) -> Reading[tuple[LabelEvent, ...]]:
        """The label events of each issue, oldest first. One that fails does not stop the others."""
        return facets.read_label_events(self._client, keys)

    def read_links(self, keys: Collection[IssueKey]) -> Reading[tuple[IssueKey, ...]]:
        """The issues to which each is linked, in either direction. One that fails does not stop the others."""
        return facets.read_links(self._client, keys)

    def update_issue(self, tracker: str, key: IssueKey, update: IssueUpdate) -> Issue:
        """The issue after the change. An error also where GitLab answered well and left out a part of it."""
        return writes.update_issue(self._client, self._users, tracker, key, update)

    def post_note(self, key: IssueKey, body: str, *, internal: bool, marker: str) -> None:
        """Writes a note that holds `marker`, by which it is looked for when an answer is lost. ValueError without."""
        writes.post_note(self._client, self._users, self._pace, key, body, internal=internal, marker=marker)

    def relate(self, key: IssueKey, other: IssueKey, link_type: str) -> None:
        """Links the issue to another; `link_type` is `relates_to`, `blocks` or `is_blocked_by`."""
        writes.relate(self._client, key, other, link_type)

    @property
    def requests(self) -> Mapping[str, int]:
        """How many requests were sent so far, tries included: user, list, issue, notes, label_events, update, …"""
        return dict(self._client.counts)

    def close(self) -> None:
        """Ends its threads and connections."""
        self._client.close()
