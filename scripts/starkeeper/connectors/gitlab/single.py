"""Single resources, and the numbers by which GitLab wants some of them named."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING

from msgspec import Struct, structs

from starkeeper.connectors.gitlab.asks import Ask, place_path, resource_path
from starkeeper.connectors.gitlab.lists import SHAPES
from starkeeper.connectors.gitlab.records import Records
from starkeeper.connectors.gitlab.wire import decode
from starkeeper.connectors.gitlab.wire_resources import WireBranch, WireIssue
from starkeeper.model.resources import Branch, Place, Resource, ResourceKey

if TYPE_CHECKING:
    from starkeeper.connectors.gitlab.client import Client


class WireProjectNumber(Struct):
    id: int


def read_resource(client: Client, tracker: str, key: ResourceKey, kind: str = "issue") -> Resource:
    """One resource as it is now; `kind` is what the request is counted as."""
    if key.type == "branches":
        return read_branch(client, tracker, key, kind)
    ask = Ask(kind=kind, path=resource_path(key), about=f"reading {key}")
    return made_of(client.request(ask).content, client, tracker, key, ask.about)


def read_issue_at(client: Client, project_id: int, iid: int) -> Resource:
    """An issue by the number of its project, which is known by its path from then on."""
    about = f"reading issue {iid} of project {project_id}"
    ask = Ask(kind="issue", path=resource_path(ResourceKey(str(project_id), iid)), about=about)
    return Records("", client.url).resource(decode(client.request(ask).content, WireIssue, about), "", about)


def read_branch(client: Client, tracker: str, key: ResourceKey, kind: str = "issue") -> Branch:
    """One branch as it is now."""
    ask = Ask(kind=kind, path=resource_path(key), about=f"reading branch {key}")
    row = decode(client.request(ask).content, WireBranch, ask.about)
    return Records(tracker, client.url).branch(row, key.project)


def moved_to(client: Client, key: ResourceKey) -> int | None:
    """The number of the issue that this one became in another project, if it did."""
    ask = Ask(kind="move", path=resource_path(key), about=f"reading {key}")
    return decode(client.request(ask).content, WireIssue, ask.about).moved_to_id


def made_of(content: bytes, client: Client, tracker: str, key: ResourceKey, about: str) -> Resource:
    """The record of an answer that shows one resource, under the very key by which it was asked for."""
    row = decode(content, SHAPES[key.type], about)
    return structs.replace(Records(tracker, client.url).resource(row, key.project, about), project=key.project)


class Numbers:
    """The numbers of projects and epics, each asked for once unless a list has shown it."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._lock = threading.Lock()
        self._epics: dict[ResourceKey, int] = {}
        self._projects: dict[str, int] = {}

    def saw(self, epics: Iterable[Resource]) -> None:
        """Remembers the numbers of epics that a list showed."""
        with self._lock:
            self._epics |= {epic.key: epic.id for epic in epics if epic.id}

    def below(self, key: ResourceKey) -> str:
        """Where the notes, events and discussions of a resource are: an epic's go by its number in all of GitLab."""
        if key.type != "epics":
            return resource_path(key)
        number = self._epics.get(key)
        if number is None:
            number = read_resource(self._client, "", key).id
            with self._lock:
                self._epics[key] = number
        return f"{place_path(Place('groups', key.project))}/epics/{number}"

    def project(self, path: str) -> int:
        """The number of the project at that path."""
        number = self._projects.get(path)
        if number is None:
            ask = Ask(kind="move", path=place_path(Place("projects", path)), about=f"looking up project {path}")
            number = decode(self._client.request(ask).content, WireProjectNumber, ask.about).id
            with self._lock:
                self._projects[path] = number
        return number
