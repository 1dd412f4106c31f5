"""One request as data, where the API has things, and which page comes after an answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import parse_qsl, quote, urlsplit

from msgspec import Struct

from starkeeper.connectors.gitlab.pacing import number
from starkeeper.model.resources import IssueKey

if TYPE_CHECKING:
    import requests

SERVICE = "GitLab"
PER_PAGE = 100


class Ask(Struct, frozen=True, kw_only=True):
    """One request. `about` names it in errors; `repeat` is whether it may be sent twice although it took effect."""

    kind: str
    verb: Literal["get", "post", "put"] = "get"
    path: str
    about: str
    query: Mapping[str, str | int] = {}
    body: Mapping[str, Any] | None = None
    repeat: bool = True
    tries: int = 5


def list_path(source: Literal["projects", "groups"], path: str) -> str:
    """Where the issues of a project or a group are."""
    return f"/{source}/{quote(path, safe='')}/issues"


def issue_path(key: IssueKey) -> str:
    """Where one issue is; its notes, links and events are below it."""
    return f"{list_path('projects', key.project)}/{key.iid}"


def next_query(answer: requests.Response) -> dict[str, str | int]:
    """The query of the next page; empty where this is the last.

    Only the query of the `Link` is used: its host can be another than the one that the token is for.
    """
    if link := answer.links.get("next", {}).get("url"):
        return dict(parse_qsl(urlsplit(link).query, keep_blank_values=True))
    page = number(answer.headers, "X-Next-Page")
    return {"page": page} if page else {}
