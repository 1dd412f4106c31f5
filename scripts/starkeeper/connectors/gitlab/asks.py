"""One request as data, where the API has things, and which page comes after an answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import parse_qsl, quote, urlsplit

from msgspec import Struct

from starkeeper.connectors.pacing import number
from starkeeper.model.resources import Place, ResourceKey, ResourceType

if TYPE_CHECKING:
    import requests

SERVICE = "GitLab"
PER_PAGE = 100
WORDS: dict[ResourceType, str] = {
    "issues": "issues",
    "merge_requests": "merge requests",
    "epics": "epics",
    "branches": "branches",
}
_BELOW: dict[ResourceType, str] = {"branches": "repository/branches"}


class Ask(Struct, frozen=True, kw_only=True):
    """One request. `about` names it in errors; `repeat` is whether it may be sent twice although it took effect."""

    kind: str
    verb: Literal["get", "post", "put", "delete"] = "get"
    path: str
    about: str
    query: Mapping[str, str | int] = {}
    body: Mapping[str, Any] | None = None
    repeat: bool = True
    tries: int = 5


def place_path(place: Place) -> str:
    """Where a project or a group is."""
    return f"/{place.source}/{quote(place.path, safe='')}"


def list_path(place: Place, type: ResourceType) -> str:
    """Where the resources of a project or a group are."""
    return f"{place_path(place)}/{_BELOW.get(type, type)}"


def resource_path(key: ResourceKey) -> str:
    """Where one resource is; an issue's and a merge request's notes, links and events are below it."""
    place = Place("groups" if key.type == "epics" else "projects", key.project)
    return f"{list_path(place, key.type)}/{quote(key.name, safe='') if key.type == 'branches' else key.iid}"


def next_query(answer: requests.Response) -> dict[str, str | int]:
    """The query of the next page; empty where this is the last.

    Only the query of the `Link` is used: its host can be another than the one that the token is for.
    """
    if query := _query_of(answer.links.get("next", {}).get("url", "")):
        return dict(parse_qsl(query, keep_blank_values=True))
    page = number(answer.headers, "X-Next-Page")
    return {"page": page} if page else {}


def _query_of(url: str) -> str:
    """ "" where it is no address."""
    try:
        return urlsplit(url).query
    except ValueError:
        return ""
