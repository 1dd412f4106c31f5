"""Facts about projects and groups: who are members, which labels there are, which issues are this run's own."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Literal

from starkeeper.connectors.gitlab.asks import Ask, place_path
from starkeeper.connectors.gitlab.facets import all_pages, read_each
from starkeeper.connectors.gitlab.lists import ResourceList
from starkeeper.connectors.gitlab.users import Users
from starkeeper.connectors.gitlab.wire import WireLabel, WireUser
from starkeeper.errors import ConnectorError
from starkeeper.model.desk import Tracker
from starkeeper.model.requests import Reading
from starkeeper.model.resources import Place, Resource

if TYPE_CHECKING:
    from starkeeper.connectors.gitlab.client import Client


def read_members(client: Client, places: Collection[Place]) -> Reading[frozenset[str]]:
    """The user names, in small letters, of the direct members of each place."""

    def members_of(place: Place) -> frozenset[str]:
        path, about = f"{place_path(place)}/members", f"reading the members of {place}"
        rows = all_pages(client, Ask(kind="members", path=path, about=about), WireUser)
        return frozenset(row.username.casefold() for row in rows if row.username)

    return read_each(client, members_of, set(places))


def read_labels(client: Client, places: Collection[Place]) -> Reading[frozenset[str]]:
    """The names of the labels that can be set in each place, those of the groups above it too."""

    def labels_of(place: Place) -> frozenset[str]:
        path, about = f"{place_path(place)}/labels", f"reading the labels of {place}"
        ask = Ask(kind="labels", path=path, about=about, query={"include_ancestor_groups": "true"})
        return frozenset(row.name for row in all_pages(client, ask, WireLabel))

    return read_each(client, labels_of, set(places))


def read_own_issues(client: Client, users: Users, places: Collection[Place]) -> Reading[tuple[Resource, ...]]:
    """The issues that the token's user opened in each place, of any state, oldest first."""
    reading: Reading[tuple[Resource, ...]] = Reading({}, {})
    # One by one: each is a list whose pages are read side by side.
    for place in sorted(set(places)):
        try:
            reading.found[place] = own_issues_of(client, users, place)
        except ConnectorError as error:
            reading.failed[place] = error
    return reading


def own_issues_of(client: Client, users: Users, place: Place) -> tuple[Resource, ...]:
    me = users.me().username
    params = {"author_username": me, "scope": "all", "state": "all"}
    source: Literal["projects", "groups"] = "groups" if place.source == "groups" else "projects"
    tracker = Tracker(name="", path=place.path, source=source)
    listed = ResourceList(client, tracker, "issues", params, kind="own_issues").read()
    # A parameter that GitLab passes over must not make somebody else's copy of a marker ours.
    return tuple(each for each in listed if each.author is not None and each.author.username == me)
