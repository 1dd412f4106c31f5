"""Comments and thread counts of up to 100 issues or merge requests of one project in one request.

Whatever GraphQL does not answer is left out.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import TYPE_CHECKING, Literal, TypeVar

from msgspec import Struct, field

from starkeeper.connectors.gitlab import wire
from starkeeper.connectors.gitlab.asks import WORDS, Ask
from starkeeper.connectors.gitlab.records import number_of
from starkeeper.errors import ConnectorError
from starkeeper.model.resources import Edit, Note, ResourceKey, ResourceType, Subject, User

if TYPE_CHECKING:
    from starkeeper.connectors.gitlab.client import Client

T = TypeVar("T")
# Below so many, single requests side by side are done as soon.
FEWEST = 3
MOST = 100
# GitLab allows a complexity of 250: a page of notes counts 2 for each of its fields, and resources that are named by
# their numbers count once however many they are, which makes about 30.
_QUERY = """
query($project: ID!, $iids: [String!], $first: Int!) {%s
  project(fullPath: $project) {
    %s(iids: $iids, first: $first) {
      nodes {
        iid
        %s
      }
    }
  }
}
"""
_CONNECTIONS: dict[ResourceType, str] = {"issues": "issues", "merge_requests": "mergeRequests"}
_NOTES = """notes(filter: ONLY_COMMENTS, first: 100) {
          pageInfo { hasNextPage }
          nodes { id body system internal createdAt author { username } }
        }"""
_ACTIVITY = _NOTES.replace("ONLY_COMMENTS", "ONLY_ACTIVITY")
_THREADS = "userDiscussionsCount"
_ME = "\n  currentUser { id username name }"


class _PageInfo(Struct, rename="camel"):
    has_next_page: bool


class _Note(Struct, rename="camel"):
    id: str
    created_at: dt.datetime
    body: str | None = None
    system: bool = False
    internal: bool | None = None
    author: wire.WireUser | None = None


class _Notes(Struct, rename="camel"):
    page_info: _PageInfo
    nodes: list[_Note]


class _Node(Struct, rename="camel"):
    iid: str
    notes: _Notes | None = None
    user_discussions_count: int | None = None


class _Nodes(Struct):
    nodes: list[_Node] = field(default_factory=list)


class _Project(Struct, rename="camel"):
    issues: _Nodes | None = None
    merge_requests: _Nodes | None = None


class _Me(Struct):
    id: str
    username: str
    name: str = ""


class _Data(Struct, rename="camel"):
    project: _Project | None = None
    current_user: _Me | None = None


class _Answer(Struct):
    data: _Data | None = None
    errors: list[object] | None = None


def read_notes(client: Client, keys: Collection[ResourceKey]) -> dict[Subject, tuple[Note, ...]]:
    """The comments of each, oldest first, for those whose notes one answer could hold.

    Never an error: GraphQL may be switched off, older than this query, or too slow, and REST has the rest.
    """
    return _read(client, keys, "notes", _NOTES, _notes_of)


def read_notes_and_me(client: Client, key: ResourceKey) -> tuple[tuple[Note, ...] | None, User | None]:
    """The comments of one, oldest first, and the user that the token stands for; None for what was not answered."""
    data = _ask(client, (key,), "notes", _NOTES, _ME)
    nodes, me = _nodes_in(data, key.type), data.current_user if data else None
    found = next((_notes_of(node) for node in nodes if node.iid == str(key.iid)), None)
    return found, User(me.username, number_of(me.id), me.name) if me and me.username else None


def read_edits(client: Client, keys: Collection[ResourceKey]) -> dict[Subject, tuple[Edit, ...]]:
    """Who changed the description of each, oldest first, for those whose history one answer could hold. Never an error,
    as for notes."""
    return _read(client, keys, "edits", _ACTIVITY, _edits_of)


def read_threads(client: Client, keys: Collection[ResourceKey]) -> dict[Subject, int]:
    """How many threads people began on each. Never an error, as for notes."""
    return _read(client, keys, "threads", _THREADS, lambda node: node.user_discussions_count)


def _read(
    client: Client,
    keys: Collection[ResourceKey],
    kind: Literal["notes", "edits", "threads"],
    wanted: str,
    value_of: Callable[[_Node], T | None],
) -> dict[Subject, T]:
    found: dict[Subject, T] = {}
    asked = client.side_by_side(lambda batch: _ask(client, batch, kind, wanted), _batches(keys))
    for batch, data in asked:
        values = {node.iid: value_of(node) for node in _nodes_in(data, batch[0].type)}
        found |= {key: value for key in batch if (value := values.get(str(key.iid))) is not None}
    return found


def _batches(keys: Collection[ResourceKey]) -> Iterator[tuple[ResourceKey, ...]]:
    lists: defaultdict[tuple[str, str], list[ResourceKey]] = defaultdict(list)
    for key in sorted(keys):
        if key.type in _CONNECTIONS:
            lists[key.project, key.type].append(key)
    for each in lists.values():
        for start in range(0, len(each), MOST):
            if len(batch := each[start : start + MOST]) >= FEWEST:
                yield tuple(batch)


def _ask(client: Client, keys: tuple[ResourceKey, ...], kind: str, wanted: str, beside: str = "") -> _Data | None:
    project, type, iids = keys[0].project, keys[0].type, [str(key.iid) for key in keys]
    ask = Ask(
        kind=kind,
        verb="post",
        path=f"{client.url}/api/graphql",
        about=f"reading the {kind} of {len(keys)} {WORDS[type]} of {project}",
        body={
            "query": _QUERY % (beside, _CONNECTIONS[type], wanted),
            "variables": {"project": project, "iids": iids, "first": len(keys)},
        },
        tries=2,
    )
    try:
        answer = wire.decode(client.request(ask).content, _Answer, ask.about)
    except ConnectorError:
        return None
    # Beside an error, what is there may be a part of what there is.
    return None if answer.errors else answer.data


def _nodes_in(data: _Data | None, type: ResourceType) -> list[_Node]:
    if data is None or data.project is None:
        return []
    found = data.project.issues if type == "issues" else data.project.merge_requests
    return found.nodes if found else []


def _notes_of(node: _Node) -> tuple[Note, ...] | None:
    whole = node.notes and not node.notes.page_info.has_next_page
    return _notes(node.notes.nodes) if node.notes and whole else None


def _edits_of(node: _Node) -> tuple[Edit, ...] | None:
    whole = node.notes and not node.notes.page_info.has_next_page
    return wire.edits(map(_as_rest, node.notes.nodes)) if node.notes and whole else None


def _notes(rows: Iterable[_Note]) -> tuple[Note, ...]:
    notes = (wire.note(_as_rest(row)) for row in rows if not row.system)
    return tuple(sorted(notes, key=lambda each: (each.created_at, each.id)))


def _as_rest(row: _Note) -> wire.WireNote:
    """The same note as REST shows it: its id is the number at the end of `gid://gitlab/Note/12`."""
    return wire.WireNote(number_of(row.id), row.created_at, row.body, row.author, row.system, row.internal)
