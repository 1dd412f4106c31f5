"""GitLab: trackers, keys and updates in; resources and facets out. The only part that knows its API."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, Any

from starkeeper.connectors.gitlab import facets, places, single, updates, writes
from starkeeper.connectors.gitlab.asks import SERVICE
from starkeeper.connectors.gitlab.branches import BranchList
from starkeeper.connectors.gitlab.lists import ResourceList
from starkeeper.connectors.gitlab.users import Users
from starkeeper.connectors.pacing import Pace
from starkeeper.errors import ConnectorError
from starkeeper.model.desk import Tracker
from starkeeper.model.facets import Facet
from starkeeper.model.requests import NOTHING_MORE, Reading, Start, Update
from starkeeper.model.resources import Resource, ResourceKey, ResourceType, User
from starkeeper.settings import Secret

if TYPE_CHECKING:
    from starkeeper.connectors.gitlab.setting_up import SettingUp

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
        self._numbers = single.Numbers(self._client)

    def whoami(self) -> User:
        """The user that the token stands for."""
        return self._users.me()

    def find_user(self, username: str) -> User:
        """The user of that name, in any case; an error where there is none. Each name is asked for once."""
        return self._users.find(username)

    def has_user(self, username: str) -> bool:
        """Whether there is a user of that name, in any case."""
        return self._users.exists(username)

    def list_resources(
        self,
        tracker: Tracker,
        type: ResourceType,
        params: Mapping[str, str],
        on_page: Callable[[int, int | None], None] | None = None,
    ) -> tuple[Resource, ...]:
        """Every resource of that type that the parameters (GitLab's own) let through, oldest first; never a part.

        `on_page` is told how many pages were read and, where GitLab says so, of how many. A project has no epics:
        asking for them is an error.
        """
        if type == "branches":
            return BranchList(self._client, tracker, params, on_page).read()
        if type == "epics" and tracker.source == "projects":
            what = f"listing the epics of tracker '{tracker.name}' ({tracker.path})"
            raise ConnectorError(SERVICE, what, "a project has no epics", "name its group instead")
        found = ResourceList(self._client, tracker, type, params, on_page).read()
        if type == "epics":
            self._numbers.saw(found)
        return found

    def read_resource(self, tracker: str, key: ResourceKey) -> Resource:
        """One resource as it is now."""
        return single.read_resource(self._client, tracker, key)

    def read_issue_at(self, project_id: int, iid: int) -> Resource:
        """An issue by the numbers that a webhook tells; its key names the project by its path, its tracker is ""."""
        return single.read_issue_at(self._client, project_id, iid)

    def read_notes_and_me(self, key: ResourceKey) -> Reading[Any]:
        """The notes of one resource, as `read_facet`; `whoami` then costs nothing."""
        return facets.read_notes_and_me(self._client, self._numbers, self._users, key)

    def read_facet(self, facet: Facet, subjects: Collection[Any]) -> Reading[Any]:
        """One facet of many resources or places, as `Facts` gives it. One that fails does not stop the others."""
        client, numbers = self._client, self._numbers
        match facet:
            case "notes":
                return facets.read_notes(client, numbers, subjects)
            case "edits":
                return facets.read_edits(client, numbers, subjects)
            case "label_events":
                return facets.read_label_events(client, numbers, subjects)
            case "state_events":
                return facets.read_state_events(client, numbers, subjects)
            case "links":
                return facets.read_links(client, subjects)
            case "threads":
                return facets.read_threads(client, numbers, subjects)
            case "merge_requests":
                return facets.read_merge_requests(client, subjects)
            case "closes_issues":
                return facets.read_closes_issues(client, subjects)
            case "members":
                return places.read_members(client, subjects)
            case "labels":
                return places.read_labels(client, subjects)
            case "own_issues":
                return places.read_own_issues(client, self._users, subjects)
        raise ValueError(f"{facet} is nothing that GitLab tells")

    def update_resource(self, tracker: str, key: ResourceKey, update: Update) -> Resource:
        """The resource after the change. An error also where GitLab answered well and left out a part of it."""
        return updates.update_resource(self._client, self._users, tracker, key, update)

    def post_note(self, key: ResourceKey, body: str, *, internal: bool, marker: str, thread: bool = False) -> None:
        """Writes a note that holds `marker`, by which it is looked for when an answer is lost. ValueError without.

        With `thread` it begins one that people can resolve, unless it is internal.
        """
        note = writes.Written(key, body, internal, marker, thread)
        writes.post_note(self._client, self._users, self._numbers, self._pace, note)

    def relate(self, key: ResourceKey, other: ResourceKey, link_type: str) -> None:
        """Links the issue to another; `link_type` is `relates_to`, `blocks` or `is_blocked_by`."""
        writes.relate(self._client, key, other, link_type)

    def move_issue(self, key: ResourceKey, to: str) -> None:
        """Moves the issue to the project of that path."""
        writes.move_issue(self._client, self._numbers, key, to)

    def delete_branch(self, key: ResourceKey, commit: str) -> None:
        """Deletes the branch; an error where it is protected, the default one, or no longer at that commit."""
        writes.delete_branch(self._client, key, commit)

    def open_issue(
        self, project: str, title: str, description: str, *, marker: str, start: Start = NOTHING_MORE
    ) -> ResourceKey:
        """Opens an issue whose description holds `marker`, as with notes; gives its key."""
        return writes.open_issue(self._client, self._users, project, title, description, marker=marker, start=start)

    def setting_up(self) -> SettingUp:
        """The part that knows labels, webhooks, schedules and CI variables."""
        # A run over issues must not wait for it to be read.
        from starkeeper.connectors.gitlab.setting_up import SettingUp

        return SettingUp(self._client, self._users)

    @property
    def requests(self) -> Mapping[str, int]:
        """How many requests were sent so far, tries included: user, list, issue, notes, update, …"""
        return dict(self._client.counts)

    def close(self) -> None:
        """Ends its threads and connections."""
        self._client.close()
